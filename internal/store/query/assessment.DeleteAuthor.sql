DELETE FROM assessment WHERE brand = ? AND author = ?
