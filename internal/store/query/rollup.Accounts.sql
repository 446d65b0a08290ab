SELECT author, sum(own), sum(organic), sum(reposted), max(last_at), profile, followers_max, following_last
FROM rollup
WHERE brand = ?
GROUP BY author
ORDER BY author
