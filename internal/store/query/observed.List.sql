SELECT source, from_at, to_at FROM observed WHERE brand = ? AND (? = '' OR source = ?) ORDER BY source, from_at
