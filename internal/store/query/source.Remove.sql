DELETE FROM source WHERE name = ?
