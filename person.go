package adalid

// Person is who stands behind one or more accounts.
type Person struct {
	ID       string   // opaque, URL-safe, stable across rebuilds
	Accounts []Author // at least one, ordered by platform and key
}
