SELECT /*api_key.shown*/
AND k.id = ?
