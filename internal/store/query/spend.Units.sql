SELECT coalesce(sum(units), 0) FROM spend WHERE source = ? AND unit = ? AND day = ?
