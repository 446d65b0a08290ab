SELECT /*user.columns*/ FROM user ORDER BY folded
