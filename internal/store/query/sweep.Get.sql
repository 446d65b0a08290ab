SELECT after, started_at, ended_at, job FROM sweep WHERE brand = ? AND source = ?
