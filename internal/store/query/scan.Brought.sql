SELECT coalesce(sum(added), 0), min(started_at)
FROM scan
WHERE brand = ? AND source = ? AND kind = 'scan' AND whole IS NOT NULL AND started_at >= ? AND started_at <= ?
