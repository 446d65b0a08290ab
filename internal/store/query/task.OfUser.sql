SELECT brand, id, account FROM task WHERE assignee = ? ORDER BY brand, id
