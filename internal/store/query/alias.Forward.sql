UPDATE alias SET moved = ? WHERE brand = ? AND moved = ?
