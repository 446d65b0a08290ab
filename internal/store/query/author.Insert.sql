INSERT INTO author (brand, id, platform, key, person)
VALUES (?, ?, ?, ?, ?)
