SELECT person, moved FROM alias WHERE brand = ? ORDER BY person
