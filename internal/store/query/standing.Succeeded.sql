SELECT source, max(succeeded_at)
FROM standing
WHERE succeeded_at IS NOT NULL
GROUP BY source
ORDER BY source
