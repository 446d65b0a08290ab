INSERT OR FAIL INTO author (brand, id, account, platform, key, stored_at)
VALUES (?, ?, ?, ?, ?, ?)
