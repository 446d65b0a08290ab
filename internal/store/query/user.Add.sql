INSERT INTO user (id, email, folded, name, password, issuer, subject, generation, disabled_at, created_at, signed_in_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
