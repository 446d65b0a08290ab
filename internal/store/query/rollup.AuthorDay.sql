SELECT /*rollup.columns*/
FROM rollup
WHERE brand = ? AND day = ? AND author = ?
ORDER BY lang
