UPDATE schedule SET next_at = ?, run = ? WHERE brand = ? AND spec = ? AND run = ?
