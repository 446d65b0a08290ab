SELECT /*ticket.columns*/ FROM ticket WHERE hash = ? AND expires_at > ?
