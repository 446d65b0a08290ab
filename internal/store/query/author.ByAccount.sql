SELECT id, platform, key FROM author INDEXED BY author_account WHERE brand = ? AND account = ?
