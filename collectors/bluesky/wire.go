package bluesky

import "encoding/json"

// failure is how every method refuses.
type failure struct {
	Error string `json:"error"`
}

// sessionAnswer is that of createSession and refreshSession.
type sessionAnswer struct {
	Access  string `json:"accessJwt"`
	Refresh string `json:"refreshJwt"`
	Handle  string `json:"handle"`
	DID     string `json:"did"`
}

// postsAnswer is that of searchPosts and getPosts.
type postsAnswer struct {
	Posts  *[]json.RawMessage `json:"posts"`
	Cursor string             `json:"cursor"`
}

// notificationsAnswer is that of listNotifications.
type notificationsAnswer struct {
	Notifications *[]json.RawMessage `json:"notifications"`
	Cursor        string             `json:"cursor"`
}

// profilesAnswer is that of getProfiles.
type profilesAnswer struct {
	Profiles *[]json.RawMessage `json:"profiles"`
}

// postView is a post as search and getPosts show it, and a notification, which
// has a reason and no counters.
type postView struct {
	URI       string           `json:"uri"`
	Author    profile          `json:"author"`
	Record    json.RawMessage  `json:"record"`
	Embed     maybe[embedView] `json:"embed"`
	Likes     *int64           `json:"likeCount"`
	Reposts   *int64           `json:"repostCount"`
	Replies   *int64           `json:"replyCount"`
	Quotes    *int64           `json:"quoteCount"`
	IndexedAt string           `json:"indexedAt"`
	Reason    string           `json:"reason"`
}

// profile is an account in any of the three views there are; only the detailed
// one, of getProfiles, has counters.
type profile struct {
	DID          string        `json:"did"`
	Handle       string        `json:"handle"`
	Name         string        `json:"displayName"`
	Bio          string        `json:"description"`
	Followers    *int64        `json:"followersCount"`
	Following    *int64        `json:"followsCount"`
	Created      string        `json:"createdAt"`
	Verification *verification `json:"verification"`
}

type verification struct {
	Verified string `json:"verifiedStatus"`        // valid, invalid, none
	Trusted  string `json:"trustedVerifierStatus"` // the same
}

// embedView is what a post carries; a quote stands one level deeper when there
// are pictures beside it.
type embedView struct {
	Record maybe[struct {
		URI    string   `json:"uri"`
		Author *profile `json:"author"`
		Record maybe[struct {
			URI    string   `json:"uri"`
			Author *profile `json:"author"`
		}] `json:"record"`
	}] `json:"record"`
}

// record is a post as its author wrote it. Nobody checks records on Jetstream:
// all but the text is read only where it has the expected form.
type record struct {
	Type    string                `json:"$type"`
	Text    string                `json:"text"`
	Created maybe[string]         `json:"createdAt"`
	Langs   maybe[[]string]       `json:"langs"`
	Facets  maybe[[]maybe[facet]] `json:"facets"`
	Reply   maybe[struct {
		Parent reference `json:"parent"`
	}] `json:"reply"`
	Embed maybe[embed] `json:"embed"`
}

type reference struct {
	URI string `json:"uri"`
}

// facet marks a part of the text, in bytes of UTF-8.
type facet struct {
	Index struct {
		Start int `json:"byteStart"`
		End   int `json:"byteEnd"`
	} `json:"index"`
	Features []struct {
		Type string `json:"$type"`
		DID  string `json:"did"`
		URI  string `json:"uri"`
	} `json:"features"`
}

// embed is what a record carries: a quoted post, a link, pictures.
type embed struct {
	External maybe[struct {
		URI string `json:"uri"`
	}] `json:"external"`
	Media maybe[struct {
		External maybe[struct {
			URI string `json:"uri"`
		}] `json:"external"`
	}] `json:"media"`
	Record maybe[struct {
		URI    string           `json:"uri"`
		Record maybe[reference] `json:"record"`
	}] `json:"record"`
}

// event is one message of Jetstream.
type event struct {
	DID    string `json:"did"`
	Time   int64  `json:"time_us"`
	Kind   string `json:"kind"` // commit, identity, account
	Commit *struct {
		Operation  string          `json:"operation"` // create, update, delete
		Collection string          `json:"collection"`
		Key        string          `json:"rkey"`
		Record     json.RawMessage `json:"record"`
	} `json:"commit"`
}

// maybe is a value that strangers may have written in another form: then it is
// as if it were not there.
type maybe[T any] struct{ it T }

// UnmarshalJSON never fails.
func (m *maybe[T]) UnmarshalJSON(b []byte) error {
	var it T
	if json.Unmarshal(b, &it) == nil {
		m.it = it
	}
	return nil
}
