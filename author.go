package adalid

import "time"

// Author is one account on one platform. Its key is (platform, Key).
type Author struct {
	Platform  Platform
	Key       string // platform id, else lower-case handle, else a key of the source's own
	Handle    string // as written; "" when the source does not say
	Name      string // display name
	Bio       string
	URL       string
	Followers *int64    // at the time of the post
	Following *int64    // at the time of the post
	Verified  *bool     // as the platform shows it
	Created   time.Time // of the account; zero when unknown
}
