DELETE FROM assessed WHERE brand = ?
