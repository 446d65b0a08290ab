package lite

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"adalid"
	"adalid/internal/account"
)

// Sessions knows who is signed in in which browser; see web/api.
type Sessions interface {
	Actor(r *http.Request) (account.Actor, error)
	Begin(r *http.Request, u account.User, device string) ([]*http.Cookie, error)
	End(r *http.Request) ([]*http.Cookie, error)
	Device(r *http.Request) string
}

// SignInPage is where people sign in.
const SignInPage = Prefix + "/sign-in"

// home is where who has just got an account begins: the web app, or, where it was
// not built, this page.
const home = "/"

// The other pages about accounts.
const (
	signOutPage    = Prefix + "/sign-out"
	setupPage      = Prefix + "/setup"
	invitationPage = Prefix + "/invitation"
	forgottenPage  = Prefix + "/forgotten"
	resetPage      = Prefix + "/new-password"
	passwordPage   = Prefix + "/password"
)

// Posts are the patterns that New's handler answers, for POST.
var Posts = [...]string{SignInPage, signOutPage, setupPage, invitationPage, forgottenPage, resetPage, passwordPage}

// maxForm bounds what a form may bring.
const maxForm = 16 << 10

// card is a page with one form.
type card struct {
	W                           *words
	Style, OtherLanguage        string
	Title, Lead, Notice, Action string
	Problem, Button             string
	Hidden, Links               []named
	Fields                      []field
}

// named is a hidden value, or a link and its address.
type named struct{ Name, Value string }

// field is one line of a form.
type field struct {
	Name, Label, Type, Value, Autocomplete, Hint string
	Required                                     bool
}

// desk is one request to a page about accounts.
type desk struct {
	*handler
	card
	w      http.ResponseWriter
	r      *http.Request
	status int
	posted bool
}

// accountPages are the pages by their address; each fills the card or answers
// by itself, and tells whether the card is to be shown.
var accountPages = map[string]func(*desk) bool{
	SignInPage: (*desk).signIn, signOutPage: (*desk).signOut, setupPage: (*desk).setup, invitationPage: (*desk).invitation,
	forgottenPage: (*desk).forgotten, resetPage: (*desk).reset, passwordPage: (*desk).password,
	signOnPage: (*desk).startSignOn, SignOnReturn: (*desk).finishSignOn,
}

// AccountPages lists the addresses of these pages, in order.
func AccountPages() []string { return slices.Sorted(maps.Keys(accountPages)) }

// account answers a page about accounts.
func (h *handler) account(w http.ResponseWriter, r *http.Request, page func(*desk) bool) {
	if h.Accounts == nil || h.Sessions == nil {
		http.NotFound(w, r)
		return
	}
	d := &desk{handler: h, w: w, r: r, status: http.StatusOK, posted: r.Method == http.MethodPost}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the form cannot be read", http.StatusBadRequest)
		return
	}
	lang := r.Form.Get("lang")
	d.W = choose(lang, r.Header.Get("Accept-Language"))
	if lang != d.W.Lang {
		lang = ""
	}
	d.keep("lang", lang)
	d.Action = r.URL.Path
	if page(d) {
		other := url.Values{"lang": {d.W.Other}}
		for _, name := range []string{"token", "next"} {
			if v := r.Form.Get(name); v != "" {
				other.Set(name, v)
			}
		}
		d.OtherLanguage = r.URL.Path + "?" + other.Encode()
		d.Style = h.styleAddress
		h.writePage(w, r, d.W, d.status, h.card, &d.card)
	}
}

// keep hands a value on with the form.
func (d *desk) keep(name, value string) {
	if value != "" {
		d.Hidden = append(d.Hidden, named{name, value})
	}
}

// text gives a field of the form.
func (d *desk) text(name string) string { return strings.TrimSpace(d.r.Form.Get(name)) }

// to leads to another page, in the language chosen.
func (d *desk) to(address string) bool {
	if lang := d.r.Form.Get("lang"); lang == "es" || lang == "en" {
		if at, err := url.Parse(address); err == nil && !ofApp(at.Path) { // the app knows its language, and lang is a filter there
			q := at.Query()
			q.Set("lang", lang)
			at.RawQuery = q.Encode()
			address = at.String()
		}
	}
	http.Redirect(d.w, d.r, address, http.StatusSeeOther)
	return false
}

// begin signs a user in and leads on.
func (d *desk) begin(u account.User, device, next string) bool {
	cookies, err := d.Sessions.Begin(d.r, u, device)
	if err != nil {
		return d.refuse(err)
	}
	account.NoteOf(d.r.Context()).Actor = u.Actor()
	for _, c := range cookies {
		http.SetCookie(d.w, c)
	}
	return d.to(next)
}

// refuse says on the page what went wrong.
func (d *desk) refuse(err error) bool {
	a := &d.W.Account
	switch adalid.CodeOf(err) {
	case adalid.Unauthorized:
		d.status, d.Problem = http.StatusUnauthorized, a.Wrong
	case adalid.RateLimited:
		d.status, d.Problem = http.StatusTooManyRequests, a.TooManyGuesses
	case adalid.NotFound:
		d.status, d.Problem = http.StatusNotFound, a.Gone
	case adalid.Conflict:
		d.status, d.Problem = http.StatusConflict, a.Taken
	case adalid.Invalid:
		d.status, d.Problem = http.StatusUnprocessableEntity, a.Unusable
	case adalid.Unavailable:
		d.w.Header().Set("Retry-After", strconv.Itoa(int(account.BusyFor/time.Second)))
		d.status, d.Problem = http.StatusServiceUnavailable, a.Busy
	case adalid.Forbidden:
		d.status, d.Problem = http.StatusForbidden, a.BehindProxy
	default:
		d.Logger.ErrorContext(context.WithoutCancel(d.r.Context()), "lite", "error", err.Error())
		d.status, d.Problem = http.StatusInternalServerError, d.W.Failed
	}
	return true
}

// ofApp tells whether a path is one of the web app's pages.
func ofApp(path string) bool { return path == "/" || strings.HasPrefix(path, "/b/") }

// local gives an address of this page's own that a request names, and the list
// for every other: nobody is led elsewhere by a link to the sign-in.
func local(next string) string {
	at, err := url.Parse(next)
	if err != nil || at.Scheme != "" || at.Host != "" || at.User != nil || at.Opaque != "" || strings.ContainsAny(next, "\\\r\n\t\x00") ||
		path.Clean(at.Path) != at.Path || at.Path != Prefix && !strings.HasPrefix(at.Path, Prefix+"/people/") && at.Path != passwordPage && !ofApp(at.Path) {
		return Prefix
	}
	return (&url.URL{Path: at.Path, RawPath: at.RawPath, RawQuery: at.RawQuery}).String()
}

func (d *desk) signIn() bool {
	a := &d.W.Account
	d.Title, d.Lead, d.Button = a.SignIn, a.SignInLead, a.SignIn
	next := local(d.r.Form.Get("next"))
	if next != Prefix {
		d.keep("next", next)
	}
	d.Fields = []field{
		{Name: "email", Label: a.Email, Type: "email", Value: d.text("email"), Autocomplete: "username", Required: true},
		{Name: "password", Label: a.Password, Type: "password", Autocomplete: "current-password", Required: true},
	}
	d.Links = []named{{a.Forgotten, forgottenPage + d.language()}}
	if d.SignOn != nil {
		d.Links = append(d.Links, named{a.Elsewhere, signOnPage + "?" + url.Values{"next": {next}}.Encode()})
	}
	if d.posted {
		u, device, err := d.Accounts.SignIn(d.r.Context(), account.Credentials{
			Email: d.text("email"), Password: d.r.PostForm.Get("password"), Device: d.Sessions.Device(d.r),
		})
		if err != nil {
			return d.refuse(err)
		}
		return d.begin(u, device, next)
	}
	if _, err := d.Sessions.Actor(d.r); err != nil {
		return d.refuse(err)
	}
	alone, err := d.Accounts.SingleUser(d.r.Context())
	if err != nil {
		return d.refuse(err)
	}
	manned, err := d.Accounts.Manned(d.r.Context())
	switch {
	case err != nil:
		return d.refuse(err)
	case alone:
		d.Lead, d.Button, d.Fields, d.Links = a.NobodySignsIn, "", nil, []named{{a.ToRankings, Prefix + d.language()}}
	case !manned:
		d.Notice = a.SetupHint
	case d.text("changed") != "":
		d.Notice = a.Changed
	case d.text("out") != "":
		d.Notice = a.SignedOut
	}
	return true
}

// language is the query that keeps the language chosen.
func (d *desk) language() string {
	if lang := d.r.Form.Get("lang"); lang == "es" || lang == "en" {
		return "?lang=" + lang
	}
	return ""
}

func (d *desk) signOut() bool {
	if d.posted {
		cookies, err := d.Sessions.End(d.r)
		if err != nil {
			return d.refuse(err)
		}
		for _, c := range cookies {
			http.SetCookie(d.w, c)
		}
		return d.to(SignInPage + "?out=1")
	}
	d.Title, d.Button = d.W.Account.SignOut, d.W.Account.SignOut
	return true
}

// chosen is the field of a new password.
func (d *desk) chosen(label string) field {
	return field{Name: "password", Label: label, Type: "password", Autocomplete: "new-password", Hint: d.W.Account.PasswordHint, Required: true}
}

func (d *desk) setup() bool {
	a := &d.W.Account
	d.Title, d.Lead, d.Button = a.Setup, a.SetupLead, a.Go
	secret, password := d.text("token"), d.r.PostForm.Get("password")
	if _, err := d.Accounts.Pending(d.r.Context(), account.Setup, secret); err != nil {
		d.Button = ""
		return d.refuse(err)
	}
	d.keep("token", secret)
	d.Fields = []field{
		{Name: "email", Label: a.Email, Type: "email", Value: d.text("email"), Autocomplete: "username", Required: true},
		{Name: "name", Label: a.Name, Type: "text", Value: d.text("name"), Autocomplete: "name", Hint: a.NameHint},
		d.chosen(a.Password),
	}
	if !d.posted || d.weak(password, d.text("email")) {
		return true
	}
	u, err := d.Accounts.SetUp(d.r.Context(), account.Newcomer{Secret: secret, Email: d.text("email"), Name: d.text("name"), Password: password})
	if err != nil {
		return d.refuse(err)
	}
	return d.begin(u, d.Accounts.Begun(u), home)
}

func (d *desk) invitation() bool {
	a := &d.W.Account
	d.Title, d.Button = a.Invitation, a.Join
	secret, password := d.text("token"), d.r.PostForm.Get("password")
	t, err := d.Accounts.Pending(d.r.Context(), account.Invitation, secret)
	if err != nil {
		d.Button = ""
		return d.refuse(err)
	}
	d.Lead = fmt.Sprintf(a.InvitationLead, t.Email)
	d.keep("token", secret)
	d.Fields = []field{{Name: "name", Label: a.Name, Type: "text", Value: d.text("name"), Autocomplete: "name", Hint: a.NameHint}, d.chosen(a.Password)}
	d.Fields[1].Hint += " " + a.HaveAccount
	if !d.posted || d.weak(password, t.Email) {
		return true
	}
	u, err := d.Accounts.Accept(d.r.Context(), account.Newcomer{Secret: secret, Name: d.text("name"), Password: password, Device: d.Sessions.Device(d.r)})
	if adalid.CodeOf(err) == adalid.Invalid {
		d.status, d.Problem = http.StatusUnprocessableEntity, a.Unusable+" "+a.HaveAccount
		return true
	}
	if err != nil {
		return d.refuse(err)
	}
	return d.begin(u, d.Accounts.Begun(u), home)
}
