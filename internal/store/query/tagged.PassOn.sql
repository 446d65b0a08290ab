INSERT OR IGNORE INTO tagged (brand, account, folded, name, n)
SELECT brand, ?3, folded, name, n FROM tagged WHERE brand = ?1 AND account = ?2
