SELECT platform, handle, key FROM own_account WHERE brand = ? ORDER BY platform, handle, key
