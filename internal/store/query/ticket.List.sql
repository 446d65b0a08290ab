SELECT /*ticket.columns*/ FROM ticket WHERE kind = ? AND expires_at > ? ORDER BY lower(email), made_at, hash
