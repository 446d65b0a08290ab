SELECT brand, account FROM owner WHERE user = ? ORDER BY brand, account
