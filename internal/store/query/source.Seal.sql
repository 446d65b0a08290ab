UPDATE source SET settings = ?1 WHERE name = ?2
