DELETE FROM ticket WHERE hash = ?
