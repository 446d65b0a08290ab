DELETE FROM ticket WHERE expires_at <= ?
