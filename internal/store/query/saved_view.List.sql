SELECT /*saved_view.columns*/
FROM saved_view
WHERE brand = ?1 AND (shared = 1 OR made_by = ?2)
ORDER BY shared DESC, folded, id
