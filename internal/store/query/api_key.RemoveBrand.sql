DELETE FROM api_key WHERE brand = ?
