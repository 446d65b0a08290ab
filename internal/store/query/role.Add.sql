INSERT INTO role (user, brand, role) VALUES (?, ?, ?)
