UPDATE user SET name = ?, password = ?, issuer = ?, subject = ?, generation = ?, disabled_at = ?, signed_in_at = ? WHERE id = ?
