UPDATE scan SET reader = ? WHERE id = ? AND reader = ? AND state = 'running'
