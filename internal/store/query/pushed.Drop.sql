DELETE FROM pushed
WHERE brand = ? AND key = ? AND answer IS NULL
