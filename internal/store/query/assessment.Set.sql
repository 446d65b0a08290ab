INSERT INTO assessment (brand, author, automated, organisation, said, seen, texts)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (brand, author) DO UPDATE SET
    automated = excluded.automated,
    organisation = excluded.organisation,
    said = excluded.said,
    seen = excluded.seen,
    texts = excluded.texts
