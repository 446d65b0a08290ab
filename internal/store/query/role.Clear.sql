DELETE FROM role WHERE user = ?
