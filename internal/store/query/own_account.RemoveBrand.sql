DELETE FROM own_account WHERE brand = ?
