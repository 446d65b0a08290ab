SELECT /*user.columns*/ FROM user WHERE issuer = ? AND subject = ? AND subject <> ''
