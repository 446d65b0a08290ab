UPDATE standing
SET lease_until = max(lease_until, ?), found_at = coalesce(?, found_at), platform = ?
WHERE brand = ? AND source = ? AND lease = ?
