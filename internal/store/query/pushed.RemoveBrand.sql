DELETE FROM pushed WHERE brand = ?
