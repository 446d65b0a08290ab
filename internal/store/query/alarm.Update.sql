UPDATE alarm SET announced_at = ?, over_at = ?, recovered_at = ? WHERE id = ?
