DELETE FROM scan
WHERE id IN (
    SELECT s.id
    FROM scan s
    WHERE s.brand = ?1 AND s.id < ?2 AND s.kind = 'scan' AND s.state <> 'running'
        AND s.id NOT IN (SELECT scan FROM standing WHERE brand = ?1)
        AND EXISTS ( -- a later one says what is still asked: how up to date it all is, how each source stands
            SELECT 1 FROM scan n
            WHERE n.brand = s.brand AND n.source = s.source AND n.started_at >= s.started_at AND n.id > s.id AND n.kind = 'scan'
                AND (n.state = 'done' OR s.state <> 'done' AND n.state IN ('paused', 'failed') OR s.state = 'stopped' AND n.state = 'stopped')
        )
    ORDER BY s.id
    LIMIT ?3
)
