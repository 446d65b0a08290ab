UPDATE scan SET estimated_at = ?, estimated_posts = ?, estimated_micros = ? WHERE id = ?
