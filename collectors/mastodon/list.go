package mastodon

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"adalid/collectors"
)

// list is one page of a feed as it came.
type list struct {
	items   []item
	next    string // max_id of the page after, by the server's word
	prev    string // min_id of the page before
	cut     bool   // older results exist that cannot be asked for
	foreign bool   // it links to another host: not followed
}

// item is one entry of it: for notifications the id and time are theirs.
type item struct {
	id      string
	created time.Time
	private bool // nothing of it may be shown
	other   bool // a notification of another kind than was asked for
	empty   bool // one whose post the server no longer shows
	raw     json.RawMessage
	status  json.RawMessage
}

// list asks for the page where a walk stands.
func (c *collector) list(ctx context.Context, f feed, w walk) (*list, error) {
	path, q := f.request()
	switch {
	case f.kind == search:
		if w.Offset > 0 {
			q.Set("offset", strconv.Itoa(w.Offset))
		}
	case w.Up:
		q.Set("min_id", w.At)
	case w.At != "":
		q.Set("max_id", w.At)
	}
	return c.ask(ctx, f, path, q)
}

// between tells whether a feed has posts newer than one id and older than another.
func (c *collector) between(ctx context.Context, f feed, low, high string) (bool, error) {
	path, q := f.request()
	q.Set("since_id", low)
	q.Set("max_id", high)
	q.Set("limit", "1")
	l, err := c.ask(ctx, f, path, q)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(l.items, func(it item) bool { return newer(it.id, low) && newer(high, it.id) }), nil
}

func (c *collector) ask(ctx context.Context, f feed, path string, q url.Values) (*list, error) {
	answer, err := c.get(ctx, f.server, path, q)
	if err != nil {
		return nil, explain(err, f)
	}
	items, err := read(f.kind, answer)
	if err != nil {
		return nil, explain(err, f)
	}
	l := &list{items: items}
	l.links(answer.Header, f.server)
	return l, nil
}

// get sends one request. Only the server that issued the token sees it.
func (c *collector) get(ctx context.Context, s server, path string, q url.Values) (*http.Response, error) {
	u := s.base
	u.Path, u.RawQuery = path, q.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &collectors.Error{Kind: collectors.Schema, Message: "the address cannot be asked", Err: err}
	}
	r.Header.Set("Accept", "application/json")
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		answer.Body.Close()
		e := collectors.Errorf(collectors.Transient, "the answer is not ready yet (HTTP %d)", answer.StatusCode)
		e.Status = answer.StatusCode
		return nil, e
	}
	return answer, nil
}

// read gives the entries of an answer of any kind of feed.
func read(k kind, answer *http.Response) ([]item, error) {
	var entries *[]json.RawMessage
	var err error
	if k == search {
		var a found
		err = collectors.JSON(answer, &a)
		entries = a.Statuses
	} else {
		err = collectors.JSON(answer, &entries)
	}
	if err != nil {
		return nil, err
	}
	if entries == nil {
		return nil, collectors.Errorf(collectors.Schema, "the answer holds no list of posts")
	}
	items := make([]item, len(*entries))
	for i, raw := range *entries {
		items[i] = entry(k, raw)
	}
	return items, nil
}

// entry reads what it can; what cannot be read becomes a reject later.
func entry(k kind, raw json.RawMessage) item {
	it := item{raw: raw, status: raw}
	var head, inside heading
	_ = json.Unmarshal(raw, &head)
	var at id
	if json.Unmarshal(head.ID, &at) == nil {
		it.id = string(at)
	}
	it.created = moment(head.CreatedAt)
	if inside = head; k == mentions {
		it.other = head.Type != "mention"
		it.empty = len(head.Status) == 0 || string(head.Status) == "null"
		it.status, inside = head.Status, heading{}
		_ = json.Unmarshal(head.Status, &inside)
	}
	it.private = inside.Visibility != "" && !public(inside.Visibility)
	return it
}

func public(visibility string) bool { return visibility == "public" || visibility == "unlisted" }

// links takes the ids, and nothing else, out of links to the same host.
func (l *list) links(h http.Header, s server) {
	for _, line := range h.Values("Link") {
		for part := range strings.SplitSeq(line, ",") {
			address, rest, ok := strings.Cut(strings.TrimSpace(part), ">")
			u, err := url.Parse(strings.TrimPrefix(address, "<"))
			if !ok || err != nil {
				continue
			}
			if u.Host != "" && !strings.EqualFold(u.Host, s.base.Host) {
				l.foreign = true
				continue
			}
			switch rel := strings.ReplaceAll(rest, `"`, ""); {
			case strings.Contains(rel, "rel=next"):
				l.next = u.Query().Get("max_id")
			case strings.Contains(rel, "rel=prev"):
				l.prev = u.Query().Get("min_id")
			}
		}
	}
}

// span gives the newest and the oldest id of the page.
func (l *list) span() (newest, oldest string) {
	for _, it := range l.items {
		if it.id == "" {
			continue
		}
		if newer(it.id, newest) {
			newest = it.id
		}
		if oldest == "" || newer(oldest, it.id) {
			oldest = it.id
		}
	}
	return newest, oldest
}

// short tells whether the page is too small to be one of many. A page that is
// not full may be: servers take posts out after they counted.
func (l *list) short() bool { return len(l.items) < statusLimit/4 }

func (l *list) ordered() bool {
	return slices.IsSortedFunc(l.items, func(a, b item) int {
		if newer(b.id, a.id) {
			return 1
		}
		return -1
	})
}

// before tells whether every post of the page is older; one with a wild date
// among others does not count.
func (l *list) before(from int64) bool {
	return !slices.ContainsFunc(l.items, func(it item) bool { return it.created.IsZero() || it.created.Unix() >= from })
}

// explain says whose refusal it is and what can be done.
func explain(err error, f feed) error {
	var given *collectors.Error
	if !errors.As(err, &given) {
		return err
	}
	e, host, token := *given, f.server.host(), f.server.token != ""
	e.Message = host + ": " + e.Message
	unknown := e.Status == http.StatusUnprocessableEntity && strings.Contains(string(e.Body), "authenticated user")
	switch {
	case !token && (unknown || e.Kind == collectors.Auth || e.Kind == collectors.Forbidden):
		if unknown {
			e.Kind = collectors.Auth
		}
		e.Message = host + " shows hashtags only to people who are signed in (HTTP " + strconv.Itoa(e.Status) + ")"
		e.Fix = "add the access token of an account on " + host + ", or take the server out of the list"
	case unknown || e.Kind == collectors.Auth:
		e.Kind = collectors.Auth
		e.Message = host + " does not accept the access token (HTTP " + strconv.Itoa(e.Status) + ")"
		e.Fix = "make a new token on " + host + " under Preferences, Development"
	case e.Kind == collectors.Forbidden:
		e.Message = host + " does not let this access token read " + f.kind.name() + " (HTTP " + strconv.Itoa(e.Status) + ")"
		e.Fix = "give the token the scope " + scopes[f.kind]
	case e.Kind == collectors.Gone:
		e.Message = host + " does not offer " + f.kind.name() + " (HTTP " + strconv.Itoa(e.Status) + ")"
		e.Fix = "check that " + host + " is the address of a Mastodon-compatible server"
	}
	return &e
}

func (k kind) name() string {
	return map[kind]string{tags: "hashtags", mentions: "mentions", search: "search"}[k]
}
