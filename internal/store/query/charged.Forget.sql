DELETE FROM charged WHERE id = ?
