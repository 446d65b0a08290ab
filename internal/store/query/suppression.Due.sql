SELECT entry FROM suppression WHERE applied = 0
