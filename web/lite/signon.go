package lite

import (
	"context"
	"net/http"
	"strings"

	"adalid"
	"adalid/internal/account"
)

// SignOn is a single sign-on that may vouch for people.
type SignOn interface {
	Begin(ctx context.Context, next string) (address, browser string, err error)
	Finish(ctx context.Context, b account.Back) (u account.User, next string, err error)
}

// The way to a single sign-on and back.
const (
	signOnPages  = Prefix + "/oidc"
	signOnPage   = signOnPages + "/start"
	SignOnReturn = signOnPages + "/callback" // where it sends people back to

	signOnCookie = "adalid_signon"
	signOnLife   = 600 // seconds
)

// kept makes the cookie by which a browser that comes back is known.
func (d *desk) kept(value string, life int) {
	http.SetCookie(d.w, &http.Cookie{
		Name: signOnCookie, Value: value, Path: signOnPages, MaxAge: life, HttpOnly: true,
		Secure: strings.HasPrefix(d.Accounts.Base, "https://"), SameSite: http.SameSiteLaxMode,
	})
}

// startSignOn leads to the single sign-on.
func (d *desk) startSignOn() bool {
	d.Title = d.W.Account.SignIn
	if d.SignOn == nil {
		return d.refuse(adalid.Errorf(adalid.NotFound, "there is no single sign-on"))
	}
	address, browser, err := d.SignOn.Begin(d.r.Context(), local(d.r.Form.Get("next")))
	if err != nil {
		return d.refuse(err)
	}
	d.kept(browser, signOnLife)
	http.Redirect(d.w, d.r, address, http.StatusSeeOther)
	return false
}

// finishSignOn takes who comes back in.
func (d *desk) finishSignOn() bool {
	d.Title, d.Links = d.W.Account.SignIn, []named{{d.W.Account.SignIn, SignInPage}}
	if d.SignOn == nil {
		return d.refuse(adalid.Errorf(adalid.NotFound, "there is no single sign-on"))
	}
	back := account.Back{State: d.r.URL.Query().Get("state"), Code: d.r.URL.Query().Get("code")}
	if c, err := d.r.Cookie(signOnCookie); err == nil {
		back.Browser = c.Value
	}
	d.kept("", -1)
	u, next, err := d.SignOn.Finish(d.r.Context(), back)
	if adalid.CodeOf(err) == adalid.Forbidden {
		d.Logger.WarnContext(d.r.Context(), "lite: single sign-on", "error", err.Error())
		d.status, d.Problem = http.StatusForbidden, d.W.Account.NotInvited
		return true
	}
	if err != nil {
		return d.refuse(err)
	}
	return d.begin(u, "", next)
}
