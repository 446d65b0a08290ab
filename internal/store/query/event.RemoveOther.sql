DELETE FROM event INDEXED BY event_identity WHERE brand = ? AND kind = 'identity' AND item = ?
