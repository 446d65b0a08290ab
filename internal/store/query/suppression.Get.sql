SELECT applied FROM suppression WHERE entry = ?
