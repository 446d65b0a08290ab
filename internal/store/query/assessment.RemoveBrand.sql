DELETE FROM assessment WHERE brand = ?
