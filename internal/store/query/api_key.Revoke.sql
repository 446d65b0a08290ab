WITH RECURSIVE made (id) AS (
    SELECT ?1
    UNION
    SELECT k.id FROM api_key k JOIN made ON k.made_by = 'key:' || made.id
)
UPDATE api_key SET revoked_at = ?2
WHERE id IN (SELECT id FROM made) AND revoked_at IS NULL
