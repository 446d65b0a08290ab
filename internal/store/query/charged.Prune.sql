DELETE FROM charged WHERE source = ? AND day < ?
