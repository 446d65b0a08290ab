INSERT INTO pushed (brand, key, body, at)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (brand, key) DO UPDATE SET at = excluded.at
WHERE answer IS NULL AND at <= ?5 AND body = excluded.body
