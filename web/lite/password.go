package lite

import (
	"net/http"
	"net/url"

	"adalid"
	"adalid/internal/account"
)

// weak says what is wrong with a new password, if anything.
func (d *desk) weak(password, email string) bool {
	fault := account.Weak(password, email)
	if fault == "" {
		return false
	}
	d.status, d.Problem = http.StatusUnprocessableEntity, d.W.Account.Weak[fault]
	return true
}

func (d *desk) forgotten() bool {
	a := &d.W.Account
	d.Title, d.Lead, d.Button = a.Forgotten, a.ForgottenLead, a.Go
	if d.Accounts.Mailer == nil {
		d.Lead, d.Button = a.NoMail, ""
		return true
	}
	d.Fields = []field{{Name: "email", Label: a.Email, Type: "email", Autocomplete: "username", Required: true}}
	if d.posted {
		if err := d.Accounts.AskReset(d.r.Context(), d.text("email"), d.W.Lang); err != nil {
			return d.refuse(err)
		}
		d.Notice, d.Button, d.Lead = a.Sent, "", ""
	}
	return true
}

func (d *desk) reset() bool {
	a := &d.W.Account
	d.Title, d.Lead, d.Button = a.NewPassword, a.NewPasswordLead, a.Save
	secret, password := d.text("token"), d.r.PostForm.Get("password")
	t, err := d.Accounts.Pending(d.r.Context(), account.Reset, secret)
	var u account.User
	if err == nil {
		u, err = d.Accounts.Store.User(d.r.Context(), t.User)
	}
	if err != nil {
		d.Button = ""
		return d.refuse(err)
	}
	d.keep("token", secret)
	d.Fields = []field{d.chosen(a.New)}
	if !d.posted || d.weak(password, u.Email) {
		return true
	}
	if err := d.Accounts.FinishReset(d.r.Context(), secret, password); err != nil {
		return d.refuse(err)
	}
	return d.to(SignInPage + "?changed=1")
}

// password changes one's own.
func (d *desk) password() bool {
	a := &d.W.Account
	actor, err := d.Sessions.Actor(d.r)
	if err != nil {
		return d.refuse(err)
	}
	if actor.Kind != account.Person {
		return d.to(SignInPage + "?next=" + url.QueryEscape(passwordPage))
	}
	d.Title, d.Lead, d.Button = a.NewPassword, a.NewPasswordLead, a.Save
	d.Fields = []field{{Name: "present", Label: a.Present, Type: "password", Autocomplete: "current-password"}, d.chosen(a.New)}
	u, err := d.Accounts.Store.User(d.r.Context(), actor.ID)
	if err != nil {
		return d.refuse(err)
	}
	password := d.r.PostForm.Get("password")
	if !d.posted || d.weak(password, u.Email) {
		return true
	}
	u, err = d.Accounts.ChangePassword(d.r.Context(), actor.ID, d.r.PostForm.Get("present"), password, d.Sessions.Device(d.r))
	if adalid.CodeOf(err) == adalid.Invalid {
		d.status, d.Problem = http.StatusUnprocessableEntity, a.WrongPresent
		return true
	}
	if err != nil {
		return d.refuse(err)
	}
	return d.begin(u, d.Accounts.Begun(u), Prefix)
}
