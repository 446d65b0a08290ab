package lemmy

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"adalid/collectors"
)

// answer is what lists answer. A list that is not there is nil, one without
// entries is not.
type answer struct {
	Error    string             `json:"error"`
	Posts    *[]json.RawMessage `json:"posts"`
	Comments *[]json.RawMessage `json:"comments"`
	Replies  *[]json.RawMessage `json:"replies"`
	Mentions *[]json.RawMessage `json:"mentions"`
}

// view is an entry of any of the lists.
type view struct {
	Post      *post      `json:"post"`
	Comment   *comment   `json:"comment"`
	Creator   *person    `json:"creator"`
	Recipient *person    `json:"recipient"`
	Community *community `json:"community"`
	Counts    *counts    `json:"counts"`
}

type post struct {
	Name          string `json:"name"`
	Body          string `json:"body"`
	URL           string `json:"url"`
	ApID          string `json:"ap_id"`
	Published     moment `json:"published"`
	Removed       bool   `json:"removed"`
	Deleted       bool   `json:"deleted"`
	LanguageID    int    `json:"language_id"`
	FeaturedLocal bool   `json:"featured_local"`
}

type comment struct {
	Content    *string `json:"content"`
	ApID       string  `json:"ap_id"`
	Published  moment  `json:"published"`
	Removed    bool    `json:"removed"`
	Deleted    bool    `json:"deleted"`
	LanguageID int     `json:"language_id"`
}

type person struct {
	Name        string `json:"name"`
	DisplayName string `json:"display_name"`
	Bio         string `json:"bio"`
	ActorID     string `json:"actor_id"`
	Published   moment `json:"published"`
	Bot         bool   `json:"bot_account"`
}

type community struct {
	Visibility string `json:"visibility"`
}

type counts struct {
	Upvotes    *int64 `json:"upvotes"`
	Comments   *int64 `json:"comments"`    // of posts
	ChildCount *int64 `json:"child_count"` // of comments
}

// site is what a server says of itself and of whoever asks.
type site struct {
	View *struct {
		Local struct {
			Private bool `json:"private_instance"`
		} `json:"local_site"`
	} `json:"site_view"`
	MyUser json.RawMessage `json:"my_user"`
}

// moment is a time as servers write it: with a zone since 0.19, without one and
// in UTC before. What cannot be read is the zero time.
type moment struct{ time.Time }

func (m *moment) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) != nil {
		return nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, text); err == nil {
			m.Time = t.UTC()
			break
		}
	}
	return nil
}

// item is an entry of a list before it is judged.
type item struct {
	raw  json.RawMessage
	view *view // nil: cannot be read
	at   moment
	top  bool // pinned by the server: out of the order of time
}

// read takes the entries out of an answer to a kind of request.
func (a *answer) read(k kind) ([]item, error) {
	list := map[kind]*[]json.RawMessage{posts: a.Posts, comments: a.Comments, replies: a.Replies, mentions: a.Mentions}[k]
	if list == nil {
		return nil, collectors.Errorf(collectors.Schema, "the answer holds no list of %s", k)
	}
	items := make([]item, len(*list))
	for i, raw := range *list {
		items[i] = itemOf(k, raw)
	}
	return items, nil
}

func itemOf(k kind, raw json.RawMessage) item {
	it := item{raw: raw}
	var v view
	if json.Unmarshal(raw, &v) != nil {
		return it
	}
	switch {
	case k == posts && v.Post != nil:
		v.Comment = nil
		it.view, it.at, it.top = &v, v.Post.Published, v.Post.FeaturedLocal
	case k != posts && v.Comment != nil:
		it.view, it.at = &v, v.Comment.Published
	}
	return it
}

// languages are the codes of Lemmy's language ids, in its order from 0.
const languages = `und aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu`

// language gives the code of a language id, "" where it is undetermined.
func language(id int) string {
	codes := strings.Fields(languages)
	if id < 1 || id >= len(codes) {
		return ""
	}
	return codes[id]
}

func fault(s server, format string, args ...any) error {
	return collectors.Errorf(collectors.Schema, "%s %s", s.host(), fmt.Sprintf(format, args...))
}
