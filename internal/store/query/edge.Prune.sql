DELETE FROM edge WHERE brand = ? AND day = ? AND kind = ? AND source = ? AND target = ? AND weight <= 0
