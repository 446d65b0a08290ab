UPDATE scan
SET state = ?1, reason = ?2, finished_at = ?3,
    rows = (SELECT coalesce(sum(l.rows), 0) FROM scan l WHERE l.brand = scan.brand AND l.whole = scan.id),
    rejected = (SELECT coalesce(sum(l.rejected), 0) FROM scan l WHERE l.brand = scan.brand AND l.whole = scan.id),
    added = (SELECT coalesce(sum(l.added), 0) FROM scan l WHERE l.brand = scan.brand AND l.whole = scan.id),
    changed = (SELECT coalesce(sum(l.changed), 0) FROM scan l WHERE l.brand = scan.brand AND l.whole = scan.id),
    repeated = (SELECT coalesce(sum(l.repeated), 0) FROM scan l WHERE l.brand = scan.brand AND l.whole = scan.id),
    pages = (SELECT coalesce(sum(l.pages), 0) FROM scan l WHERE l.brand = scan.brand AND l.whole = scan.id),
    gone = (SELECT coalesce(sum(l.gone), 0) FROM scan l WHERE l.brand = scan.brand AND l.whole = scan.id),
    spent = (SELECT coalesce(sum(l.spent), 0) FROM scan l WHERE l.brand = scan.brand AND l.whole = scan.id)
WHERE id = ?4
