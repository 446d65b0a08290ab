// Package lite is the page under /lite: the ranked table with its filters and
// each person's evidence, without JavaScript and without a build.
package lite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"adalid"
	"adalid/internal/account"
	"adalid/internal/rank"
)

// Brands lists the brands by name.
type Brands interface {
	Brands(ctx context.Context) ([]adalid.Brand, error)
}

// Ranker answers who a brand's advocates are.
type Ranker interface {
	Rank(ctx context.Context, brand string, q rank.Query) (rank.Ranking, error)
	Person(ctx context.Context, brand, id string, q rank.Query) (rank.Detail, error)
}

// Evidence gives what rankings rest on; see web/api.
type Evidence interface {
	Posts(ctx context.Context, brand string, q rank.PostQuery) ([]rank.Post, string, error)
	MovedTo(ctx context.Context, brand, id string) (string, error)
}

// Options are what the page answers from.
type Options struct {
	Brands   Brands
	Ranker   Ranker
	Evidence Evidence
	Sessions Sessions          // nil: nobody has to sign in
	Accounts *account.Accounts // nil: no pages about accounts
	SignOn   SignOn            // nil: there is no single sign-on
	YouTube  bool              // whether people of YouTube may be ranked: its amendment is accepted
	Logger   *slog.Logger      // nil: no log
}

// Prefix is where the page lies.
const Prefix = "/lite"

// Paths are the patterns that New's handler answers, for GET.
var Paths = append([]string{Prefix, Prefix + "/people/:id", Prefix + "/style.css"}, AccountPages()...)

//go:embed lite.tmpl account.tmpl optout.tmpl style.css
var files embed.FS

// handler is the page.
type handler struct {
	Options
	page         *template.Template
	card         *template.Template
	style        []byte
	styleAddress string // where the style lies
}

// New makes the handler of the page.
func New(o Options) (http.Handler, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	page, err := template.ParseFS(files, "lite.tmpl")
	if err != nil {
		return nil, fmt.Errorf("lite: %w", err)
	}
	card, err := template.ParseFS(files, "account.tmpl")
	if err != nil {
		return nil, fmt.Errorf("lite: %w", err)
	}
	style, address, err := styleSheet()
	if err != nil {
		return nil, err
	}
	return &handler{o, page, card, style, address}, nil
}

// styleSheet gives the style and the address at which it lies, which changes with
// it: whoever has it keeps it.
func styleSheet() (style []byte, address string, err error) {
	if style, err = files.ReadFile("style.css"); err != nil {
		return nil, "", fmt.Errorf("lite: %w", err)
	}
	sum := sha256.Sum256(style)
	return style, Prefix + "/style.css?" + hex.EncodeToString(sum[:6]), nil
}

// ServeHTTP answers the list, a person, or the style.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	id, person := strings.CutPrefix(path, Prefix+"/people/")
	switch {
	case path == Prefix+"/style.css":
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		_, _ = w.Write(h.style)
	case accountPages[path] != nil:
		h.account(w, r, accountPages[path])
	case person:
		if id, err := url.PathUnescape(id); err == nil {
			h.person(w, r, id)
			return
		}
		http.NotFound(w, r)
	default:
		h.list(w, r)
	}
}

// list answers the ranked table.
func (h *handler) list(w http.ResponseWriter, r *http.Request) {
	v := h.view(r)
	status := h.fill(r, v)
	h.write(w, r, v, status)
}

// fill puts the ranking into v and gives the status.
func (h *handler) fill(r *http.Request, v *view) int {
	if status := h.pickBrand(r, v); status != http.StatusOK || v.Brand == "" {
		return status
	}
	q, ok := v.Form.query()
	if !ok {
		v.Problem = v.W.BadFilter
		return http.StatusUnprocessableEntity
	}
	ranking, err := h.Ranker.Rank(r.Context(), v.Brand, q)
	if err != nil {
		return h.failed(r, v, err)
	}
	v.ranking(ranking, q, h.YouTube)
	return http.StatusOK
}

// pickBrand lists the brands and finds the one asked for, the first one that
// is not invented when none is.
func (h *handler) pickBrand(r *http.Request, v *view) int {
	brands, err := h.Brands.Brands(r.Context())
	if err != nil {
		return h.failed(r, v, err)
	}
	brands = slices.DeleteFunc(brands, func(b adalid.Brand) bool { return account.MayRead(r.Context(), b.Name) != nil })
	for _, b := range slices.SortedStableFunc(slices.Values(brands), inventedLast) {
		v.Brands = append(v.Brands, b.Name)
		if v.Brand == "" && (v.Form.Brand == "" || strings.EqualFold(b.Name, v.Form.Brand)) {
			v.Brand, v.Demo = b.Name, b.Demo
		}
	}
	v.Form.Brand = v.Brand
	if v.Brand == "" && len(brands) > 0 {
		v.Problem = v.W.NoBrand
		return http.StatusNotFound
	}
	return http.StatusOK
}

// inventedLast puts invented brands after those of the user.
func inventedLast(a, b adalid.Brand) int {
	switch {
	case a.Demo == b.Demo:
		return 0
	case a.Demo:
		return 1
	}
	return -1
}

// person answers one person's evidence.
func (h *handler) person(w http.ResponseWriter, r *http.Request, id string) {
	v := h.view(r)
	v.ID = id
	status := h.pickBrand(r, v)
	if status == http.StatusOK {
		to, err := h.Evidence.MovedTo(r.Context(), v.Brand, id)
		if err == nil && to != "" {
			http.Redirect(w, r, v.Form.address(Prefix+"/people/"+url.PathEscape(to)), http.StatusTemporaryRedirect)
			return
		}
		if err == nil {
			err = h.fillPerson(r.Context(), v, id)
		}
		if err != nil {
			status = h.failed(r, v, err)
		}
	}
	h.write(w, r, v, status)
}

func (h *handler) fillPerson(ctx context.Context, v *view, id string) error {
	q, ok := v.Form.query()
	if !ok {
		return adalid.Errorf(adalid.Invalid, "a filter cannot be read")
	}
	d, err := h.Ranker.Person(ctx, v.Brand, id, q)
	if err != nil {
		return err
	}
	posts, _, err := h.Evidence.Posts(ctx, v.Brand, rank.PostQuery{
		Person: id, Platform: q.Platform, Lang: q.Lang, Since: q.Since, Until: q.Until,
		Authored: true, Sort: rank.MostEngaged, Limit: 10,
	})
	if err != nil {
		return err
	}
	v.detail(d, posts)
	return nil
}

// failed says what went wrong in words of the page; the cause goes to the log.
func (h *handler) failed(r *http.Request, v *view, err error) int {
	v.Brand = ""
	switch adalid.CodeOf(err) {
	case adalid.NotFound:
		v.Problem = v.W.Nobody
		return http.StatusNotFound
	case adalid.Invalid:
		v.Problem = v.W.BadFilter
		return http.StatusUnprocessableEntity
	case adalid.Forbidden:
		v.Problem = v.W.Refused
		if !h.YouTube { // nothing else is refused
			v.Problem = v.W.YouTubeOff
		}
		return http.StatusForbidden
	case adalid.Conflict:
		v.Problem = v.W.Changed
		return http.StatusConflict
	case adalid.RateLimited:
		v.Problem = v.W.TooOften
		return http.StatusTooManyRequests
	case adalid.Unavailable:
		v.Problem = v.W.Failed
		return http.StatusServiceUnavailable
	}
	h.Logger.ErrorContext(context.WithoutCancel(r.Context()), "lite", "error", err.Error())
	v.Problem = v.W.Failed
	return http.StatusInternalServerError
}

func (h *handler) write(w http.ResponseWriter, r *http.Request, v *view, status int) {
	if actor := account.From(r.Context()); h.Sessions != nil && v.W != nil {
		v.Alone = actor.Kind == account.Machine
		if actor.Kind == account.Person {
			v.As = fmt.Sprintf(v.W.Account.As, actor.Name)
		}
	}
	v.Style = h.styleAddress
	h.writePage(w, r, v.W, status, h.page, v)
}

// writePage answers with a page of a template.
func (h *handler) writePage(w http.ResponseWriter, r *http.Request, words *words, status int, from *template.Template, data any) {
	var page bytes.Buffer
	if err := from.Execute(&page, data); err != nil {
		h.Logger.ErrorContext(context.WithoutCancel(r.Context()), "lite: template", "error", err.Error())
		page.Reset()
		page.WriteString(template.HTMLEscapeString(words.Failed))
		status = http.StatusInternalServerError
	}
	head := w.Header()
	head.Set("Content-Type", "text/html; charset=utf-8")
	head.Set("Content-Language", words.Lang)
	head.Set("Vary", "Accept-Language")
	head.Set("Cache-Control", "private, no-cache")
	head.Set("Content-Length", strconv.Itoa(page.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes())
}
