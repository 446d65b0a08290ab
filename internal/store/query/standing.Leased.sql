SELECT EXISTS (SELECT 1 FROM standing WHERE brand = ? AND lease <> '' AND lease_until > ?)
