package x

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"adalid/collectors"
)

// What is asked for, in the two dialects. With the newer one the author comes
// only as an expansion, which is a user read.
var (
	postFields  = map[string]string{posts: "post.fields", tweets: "tweet.fields"}
	postMembers = map[string]string{
		posts:  "conversation_id,created_at,entities,lang,note_post,paid_partnership,public_metrics",
		tweets: "author_id,conversation_id,created_at,entities,in_reply_to_user_id,lang,note_tweet,public_metrics,referenced_tweets",
	}
	userMembers = "created_at,description,public_metrics,url,username,verified"
)

// paysUsers says whether pages bring users, which cost more than the posts.
func (b *base) paysUsers() bool { return b.Authors == expand || b.Dialect == posts }

func (b *base) postValues() url.Values {
	v := url.Values{postFields[b.Dialect]: {postMembers[b.Dialect]}}
	if b.paysUsers() {
		v.Set("expansions", "author_id")
		v.Set("user.fields", userMembers)
	}
	return v
}

// get asks for a path of the API and reads the answer.
func (c *collector) get(ctx context.Context, path string, v url.Values) (*answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Server+path+"?"+v.Encode(), nil)
	if err != nil {
		return nil, fmt.Errorf("x: ask for %s: %w", path, err)
	}
	r.Header.Set("Authorization", "Bearer "+c.Token)
	r.Header.Set("Accept", "application/json")
	response, err := c.http.Do(r)
	if err != nil {
		return nil, c.explain(err)
	}
	var a answer
	if err := collectors.JSON(response, &a); err != nil {
		return nil, fmt.Errorf("x: %s: %w", path, err)
	}
	if len(a.Data) > 0 && string(a.Data) == "null" {
		a.Data = nil
	}
	if a.Data == nil && a.Meta == nil && len(a.Errors) == 0 {
		return nil, collectors.Errorf(collectors.Schema, "X answered with something that holds neither posts nor a count of them")
	}
	return &a, nil
}

// list decodes the answer's data, item by item. Without data, problems are an
// error unless the answer says itself that it found nothing.
func (c *collector) list(a *answer) ([]json.RawMessage, error) {
	if a.Data != nil {
		var items []json.RawMessage
		if err := json.Unmarshal(a.Data, &items); err != nil {
			return nil, &collectors.Error{Kind: collectors.Schema, Message: "X answered with something else than a list of posts", Err: err}
		}
		return items, nil
	}
	zero := a.Meta != nil && a.Meta.Count != nil && *a.Meta.Count == 0
	switch {
	case zero:
		return nil, nil
	case len(a.Errors) > 0:
		return nil, c.refusal(a.Errors)
	}
	return nil, collectors.Errorf(collectors.Schema, "X answered without posts and without saying that there are none")
}

// problemKinds says what the problems are that X names, by the end of their
// types; others are Schema.
var problemKinds = map[string]collectors.Kind{
	"not-authorized-for-resource": collectors.Forbidden,
	"not-authorized-for-field":    collectors.Forbidden,
	"field-unauthorized":          collectors.Forbidden,
	"client-forbidden":            collectors.NotEntitled,
	"client-not-enrolled":         collectors.NotEntitled,
	"unsupported-authentication":  collectors.Auth,
	"usage-capped":                collectors.Quota,
	"resource-not-found":          collectors.Gone,
	"disallowed-resource":         collectors.Forbidden,
	"resource-unavailable":        collectors.Transient,
	"internal-error":              collectors.Transient,
	"field-hydration-failure":     collectors.Transient,
}

func (p problem) name() string {
	name := p.Type[strings.LastIndexByte(p.Type, '/')+1:]
	if _, known := problemKinds[name]; known || name == "invalid-request" {
		return name
	}
	return "unknown problem"
}

// refusal is the error that problems without data are.
func (c *collector) refusal(problems []problem) error {
	e := &collectors.Error{Kind: collectors.Schema, Status: http.StatusOK}
	for _, p := range problems {
		if kind, ok := problemKinds[p.name()]; ok {
			e.Kind = kind
			break
		}
	}
	e.Message = "X answered with an error instead of posts: " + problems[0].name()
	if e.Kind == collectors.Quota {
		y, m, d := c.now().UTC().Date()
		e.Until = time.Date(y, m, d+1, 0, 0, 0, 0, time.UTC)
	}
	return fixed(e)
}

// warnings says what X left out of a page, one sentence per kind.
func warnings(problems []problem) (list []string) {
	count := map[string]int{}
	for _, p := range problems {
		what := "item"
		if slices.Contains([]string{"user", "tweet", "post", "media", "poll", "place", "list"}, p.Resource) {
			what = p.Resource
		}
		count[what+", "+p.name()]++
	}
	for _, what := range slices.Sorted(maps.Keys(count)) {
		list = append(list, fmt.Sprintf("X left out %d of what the posts refer to (%s).", count[what], what))
	}
	return list
}

// explain says of a refusal what to do about it.
func (c *collector) explain(err error) error {
	var e *collectors.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("x: %w", err)
	}
	more := *e
	says := func(word string) bool { return bytes.Contains(e.Body, []byte(word)) }
	switch {
	case e.Kind == collectors.Forbidden && (says("client-not-enrolled") || says("client-forbidden")):
		more.Kind, more.Message = collectors.NotEntitled, "the app of these credentials has no access to this part of X's API"
	case e.Kind == collectors.Forbidden && says("unsupported-authentication"):
		more.Kind, more.Message = collectors.Auth, "X wants another kind of token for this"
	case e.Kind == collectors.NotEntitled:
		more.Message = "X reads no more for these credentials: the prepaid credits or the spending limit are used up"
	case e.Kind == collectors.Schema && e.Status == http.StatusBadRequest:
		more.Message = "X refused the request as wrong" + wrong(e.Body)
	}
	return fixed(&more)
}

// wrong names the parameters that X refused.
func wrong(body []byte) string {
	var a struct {
		Errors []struct {
			Parameters map[string]any `json:"parameters"`
		} `json:"errors"`
	}
	if json.Unmarshal(body, &a) != nil {
		return ""
	}
	var names []string
	for _, e := range a.Errors {
		for name := range e.Parameters {
			if len(name) < 40 && !strings.ContainsFunc(name, func(r rune) bool { return r != '.' && r != '_' && (r < 'a' || r > 'z') }) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	if names = slices.Compact(names); names == nil {
		return ""
	}
	return ": " + strings.Join(names, ", ")
}

// fixed adds what to do.
func fixed(e *collectors.Error) error {
	e.Fix = map[collectors.Kind]string{
		collectors.Auth:        "make a new Bearer token for your app at console.x.com and enter it in the source's settings",
		collectors.Forbidden:   "see at console.x.com what your app may do",
		collectors.NotEntitled: "buy credits, raise the spending limit or enrol the app at console.x.com",
		collectors.Quota:       "wait, or raise the limit of your plan at console.x.com",
		collectors.Gone:        "check the server in the source's settings",
	}[e.Kind]
	if e.Kind == collectors.Schema && (strings.Contains(e.Message, ".fields") || strings.Contains(e.Message, "expansions")) {
		e.Fix = "change the names of fields in the source's settings: the other dialect may be the right one"
	}
	return e
}
