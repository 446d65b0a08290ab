SELECT /*rollup.columns*/
FROM rollup
WHERE brand = ? AND day BETWEEN ? AND ?
ORDER BY day, author, lang
