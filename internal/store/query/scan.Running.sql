SELECT id
FROM scan
WHERE brand = ? AND whole IS NULL AND kind = 'scan' AND source = '' AND state = 'running'
ORDER BY id DESC
LIMIT 1
