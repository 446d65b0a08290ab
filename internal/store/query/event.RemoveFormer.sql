UPDATE event INDEXED BY event_former SET former = NULL WHERE brand = ?1 AND former IS NOT NULL AND instr(former, ?2) > 0
