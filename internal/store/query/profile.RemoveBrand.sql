DELETE FROM profile WHERE brand = ?
