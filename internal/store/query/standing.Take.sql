INSERT INTO standing (brand, source, platform, scan, lease, lease_until)
VALUES (?1, ?2, '', 0, ?3, ?4)
ON CONFLICT (brand, source) DO UPDATE SET
    lease = excluded.lease,
    lease_until = excluded.lease_until
WHERE lease = '' OR lease = ?3 OR lease_until <= ?5
