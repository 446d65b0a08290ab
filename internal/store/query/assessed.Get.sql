SELECT data_version, rules, standing FROM assessed WHERE brand = ?
