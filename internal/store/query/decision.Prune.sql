DELETE FROM decision WHERE brand = ? AND author = ? AND automated IS NULL AND role IS NULL
