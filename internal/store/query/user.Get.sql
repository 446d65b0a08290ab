SELECT /*user.columns*/ FROM user WHERE id = ?
