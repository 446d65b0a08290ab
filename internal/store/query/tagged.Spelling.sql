SELECT name FROM tagged INDEXED BY tagged_folded WHERE brand = ? AND folded = ? LIMIT 1
