DELETE FROM ranking
WHERE brand = ?1 AND n <= (SELECT max(n) FROM ranking WHERE brand = ?1) - ?2
