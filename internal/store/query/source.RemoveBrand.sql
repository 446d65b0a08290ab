DELETE FROM source WHERE brand = ?
