SELECT DISTINCT platform FROM author WHERE brand = ? ORDER BY platform
