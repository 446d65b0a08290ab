package lemmy

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
	"unicode"
	"unicode/utf8"

	"adalid/collectors"
)

// kind is a list that servers give.
type kind string

const (
	posts    kind = "posts"
	comments kind = "comments"
	replies  kind = "replies"  // to the account of the token
	mentions kind = "mentions" // of the account of the token
)

// feed is one list of one server, newest first.
type feed struct {
	server server
	kind   kind
	text   string // searched for
}

func (f feed) key() string {
	return strings.TrimSuffix(f.server.host()+"/"+string(f.kind)+"/"+f.text, "/")
}

// feeds gives everything that is read for a query.
func (c *collector) feeds(q collectors.Query) (list []feed) {
	texts := searches(q.Terms)
	for _, s := range c.servers {
		if s.token != "" {
			list = append(list, feed{s, replies, ""}, feed{s, mentions, ""})
		}
		for _, text := range texts {
			list = append(list, feed{s, posts, text}, feed{s, comments, text})
		}
	}
	return list
}

// leastLetters is how long a text has to be to be searched for.
const leastLetters = 2

// searches gives the texts to search for. Servers look for them anywhere inside
// of words, case does not matter, and a space stands for anything: so what holds
// another of the texts is found with that one.
func searches(terms []collectors.Term) (texts []string) {
	for _, t := range terms {
		text := words(t.Text)
		if t.Kind == collectors.From || utf8.RuneCountInString(text) < leastLetters {
			continue
		}
		texts = append(texts, text)
		if bare := unaccented.Replace(text); bare != text {
			texts = append(texts, bare)
		}
	}
	slices.SortStableFunc(texts, func(a, b string) int { return len(a) - len(b) })
	var kept []string
	for _, text := range texts {
		if !slices.ContainsFunc(kept, func(k string) bool { return strings.Contains(text, k) }) {
			kept = append(kept, text)
		}
	}
	return kept
}

// words puts one space in the place of whatever is neither letter nor digit.
func words(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}), " ")
}

// unaccented takes the accents from letters that people leave out accents of:
// for servers é and e are two letters.
var unaccented = strings.NewReplacer(
	"á", "a", "à", "a", "â", "a", "ä", "a", "ã", "a", "å", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e", "í", "i", "ì", "i", "î", "i",
	"ï", "i", "ñ", "n", "ó", "o", "ò", "o", "ô", "o", "ö", "o", "õ", "o", "ú", "u", "ù", "u", "û", "u", "ü", "u", "ý", "y", "ÿ", "y",
)

// Pages hold mostPage entries at most; smaller ones make pages overlap.
const (
	mostPage  = 50
	leastPage = 25
)

// window gives the page and its size that begin before the entry at offset, so
// that one already read is there again, and reach furthest beyond it. Entries
// that were deleted meanwhile would otherwise pull others into pages read before.
func window(offset int) (page, limit int) {
	reach := 0
	for size := mostPage; size >= leastPage; size-- {
		if p := max(0, offset-1) / size; (p+1)*size > reach {
			page, limit, reach = p+1, size, (p+1)*size
		}
	}
	return page, limit
}

// list reads one page of a feed.
func (c *collector) list(ctx context.Context, f feed, page, limit int) ([]item, error) {
	q := url.Values{"sort": {"New"}, "page": {strconv.Itoa(page)}, "limit": {strconv.Itoa(limit)}}
	path := "/api/v3/search"
	switch f.kind {
	case replies:
		path = "/api/v3/user/replies"
		q.Set("unread_only", "false")
	case mentions:
		path = "/api/v3/user/mention"
		q.Set("unread_only", "false")
	default:
		q.Set("q", f.text)
		q.Set("listing_type", "All")
		q.Set("type_", map[kind]string{posts: "Posts", comments: "Comments"}[f.kind])
	}
	var a answer
	if err := c.get(ctx, f.server, path, q, &a); err != nil {
		return nil, err
	}
	if a.Error != "" {
		return nil, c.explain(f.server, &collectors.Error{Kind: collectors.Schema, Message: "the server refused the request", Body: errorBody(a.Error)})
	}
	items, err := a.read(f.kind)
	if err != nil {
		return nil, c.explain(f.server, err)
	}
	return items, nil
}

func errorBody(name string) []byte {
	body, _ := json.Marshal(map[string]string{"error": name})
	return body
}

// get asks a server, with its token where it has one.
func (c *collector) get(ctx context.Context, s server, path string, q url.Values, into any) error {
	u := s.base
	u.Path, u.RawQuery = path, q.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return &collectors.Error{Kind: collectors.Schema, Message: s.host() + " is no address that can be asked", Err: err}
	}
	r.Header.Set("Accept", "application/json")
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	answer, err := c.http.Do(r)
	if err == nil {
		err = collectors.JSON(answer, into)
	}
	if err != nil {
		return c.explain(s, err)
	}
	return nil
}

// waitUnsaid is how long to wait where a server does not say it.
const waitUnsaid = time.Minute

// explain names the server and says what its own error names mean, which older
// versions all give with HTTP 400.
func (c *collector) explain(s server, err error) error {
	var e *collectors.Error
	if !errors.As(err, &e) {
		return err
	}
	out := *e
	var says struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(e.Body, &says)
	switch says.Error {
	case "rate_limit_error":
		out.Kind, out.Message = collectors.RateLimited, "asks to wait before more is read"
		if out.Until.IsZero() {
			out.Until = c.now().Add(waitUnsaid)
		}
	case "instance_is_private":
		out.Kind, out.Message = collectors.Auth, "shows nothing to people who are not signed in"
	case "not_logged_in", "incorrect_login", "couldnt_find_that_username_or_email":
		out.Kind, out.Message = collectors.Auth, "refused the access token"
		if s.token == "" {
			out.Message = "shows this only to people who are signed in"
		}
	}
	switch {
	case out.Kind == collectors.Auth && s.token != "":
		out.Fix = "sign in on " + s.host() + " again and put the new token into the source"
	case out.Kind == collectors.Auth || out.Kind == collectors.Forbidden:
		out.Fix = "add the access token of an account on " + s.host() + ", or take the server out of the list"
	case out.Kind == collectors.Gone || out.Kind == collectors.Schema:
		out.Fix = "check that " + s.host() + " is a Lemmy server that still offers version 3 of the interface"
	}
	out.Message = s.host() + ": " + out.Message
	return &out
}
