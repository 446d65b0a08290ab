INSERT OR FAIL INTO author (brand, id, platform, key, person)
VALUES (?, ?, ?, ?, ?)
