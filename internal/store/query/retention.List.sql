SELECT platform, days, set_by, set_at FROM retention WHERE brand = ? ORDER BY platform
