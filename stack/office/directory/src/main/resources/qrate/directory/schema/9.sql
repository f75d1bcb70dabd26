DELETE FROM removals WHERE 1 = 0;
