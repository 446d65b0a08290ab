SELECT /*api_key.shown*/
ORDER BY k.made_at DESC, k.id
