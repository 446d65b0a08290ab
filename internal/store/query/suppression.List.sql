SELECT entry, at, applied FROM suppression ORDER BY entry
