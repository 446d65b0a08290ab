SELECT max(finished_at) FROM scan WHERE brand IN (?, 0) AND kind = 'scan' AND state = 'done'
