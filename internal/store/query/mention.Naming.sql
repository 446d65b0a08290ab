-- Mentions that name one of some handles, by others than some authors. The edges
-- of the brand are gone through once; who has one is looked up by author.
WITH tied (author) AS MATERIALIZED (
  SELECT DISTINCT source FROM edge
  WHERE brand = ?1 AND target IN (SELECT value FROM json_each(?2)) AND source NOT IN (SELECT value FROM json_each(?3))
)
SELECT m.platform, m.created_at, m.text
FROM tied CROSS JOIN mention m ON m.brand = ?1 AND m.author = tied.author
WHERE EXISTS (
  SELECT 1 FROM json_each(?2) h
  WHERE h.value IN (m.reply_to, m.quote_of, m.repost_of)
    OR instr(char(10) || m.handles || char(10), char(10) || h.value || char(10)) > 0
)
ORDER BY m.created_at, m.platform, m.id
