SELECT /*api_key.shown*/
WHERE k.id = ?
