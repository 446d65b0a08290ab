UPDATE standing SET lease = ?, lease_until = ? WHERE brand = ? AND source = ? AND lease = ?
