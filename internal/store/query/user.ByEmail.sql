SELECT /*user.columns*/ FROM user WHERE folded = ?
