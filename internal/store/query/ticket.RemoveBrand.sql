UPDATE ticket SET roles = json_remove(roles, '$."' || ?1 || '"') WHERE json_type(roles, '$."' || ?1 || '"') IS NOT NULL
