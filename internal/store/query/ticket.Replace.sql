DELETE FROM ticket WHERE kind = ? AND user = ? AND lower(email) = lower(?) AND made_by = ?
