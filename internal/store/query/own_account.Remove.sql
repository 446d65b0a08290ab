DELETE FROM own_account WHERE brand = ? AND platform = ? AND handle = ? AND key = ?
