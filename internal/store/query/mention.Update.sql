UPDATE mention
SET profile = ?, lang = ?, copy = ?, repost = ?, sponsored = ?,
    likes = ?, reposts = ?, replies = ?, quotes = ?, views = ?, followers = ?, following = ?, sentiment = ?, tone = ?,
    repost_of = ?, reply_to = ?, quote_of = ?, handles = ?, observed_at = ?, row_hash = ?, counters_at = ?,
    url = ?, reference = ?, text = ?
WHERE rowid = ?
