DELETE FROM sweep WHERE brand = ?
