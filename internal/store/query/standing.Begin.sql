UPDATE standing SET scan = ?, resume_at = NULL WHERE brand = ? AND source = ?
