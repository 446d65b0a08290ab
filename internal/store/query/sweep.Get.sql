SELECT after, started_at, ended_at FROM sweep WHERE brand = ? AND source = ?
