package api

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"adalid/internal/account"
	"adalid/web/api/apitest"
)

// fakePeople is one owner, who is signed in everywhere, and a link of each kind.
// What accounts do is tested on the real store, in cmd/adalid.
type fakePeople struct{}

const fakeSecret = "an invented long secret"

var fakeHash = sync.OnceValues(func() (string, error) {
	return account.NewPasswords().Hash(context.Background(), fakeSecret)
})

func fakeOwner() account.User {
	hash, _ := fakeHash()
	return account.User{ID: "u1", Email: "ana@brand.example", Name: "Ana", Password: hash, Grants: []account.Grant{{Role: account.Owner}}}
}

func fakeTicket(k account.TicketKind) account.Ticket {
	t := account.Ticket{Kind: k, Hash: account.HashSecret(string(k))}
	switch k {
	case account.Invitation:
		t.Email, t.Grants = "new@brand.example", []account.Grant{{Brand: "Invented", Role: account.Viewer}}
	case account.Reset:
		t.User = "u1"
	}
	return t
}

func (fakePeople) Actor(*http.Request) (account.Actor, error) { return fakeOwner().Actor(), nil }

// nobody is fakePeople before anybody signed in.
type nobody struct{ fakePeople }

func (nobody) Actor(*http.Request) (account.Actor, error) { return account.Actor{}, nil }

func (fakePeople) Begin(*http.Request, account.User, string) ([]*http.Cookie, error) {
	return nil, nil
}
func (fakePeople) End(*http.Request) ([]*http.Cookie, error) { return nil, nil }
func (fakePeople) Device(*http.Request) string               { return "" }

func (fakePeople) User(_ context.Context, id string) (account.User, error) {
	if id != "u1" {
		return account.User{}, account.NoUser(id)
	}
	return fakeOwner(), nil
}

func (fakePeople) UserByEmail(_ context.Context, email string) (account.User, bool, error) {
	return fakeOwner(), account.FoldEmail(email) == "ana@brand.example", nil
}

func (fakePeople) UserBySubject(context.Context, string, string) (account.User, bool, error) {
	return account.User{}, false, nil
}

func (fakePeople) Users(context.Context) ([]account.User, error) {
	return []account.User{fakeOwner()}, nil
}
func (fakePeople) AnyUser(context.Context) (bool, error)               { return true, nil }
func (fakePeople) AddUser(context.Context, account.User, string) error { return nil }
func (f fakePeople) RemoveUser(ctx context.Context, id string) error {
	_, err := f.User(ctx, id)
	return err
}
func (fakePeople) AddTicket(context.Context, account.Ticket) error { return nil }
func (fakePeople) NarrowTicket(context.Context, string, []account.Grant) error {
	return nil
}

func (fakePeople) Invitations(context.Context) ([]account.Ticket, error) {
	return []account.Ticket{fakeTicket(account.Invitation)}, nil
}

func (fakePeople) Ticket(_ context.Context, hash string) (account.Ticket, bool, error) {
	for _, k := range []account.TicketKind{account.Setup, account.Invitation, account.Reset} {
		if t := fakeTicket(k); t.Hash == hash {
			return t, true, nil
		}
	}
	return account.Ticket{}, false, nil
}

func (f fakePeople) ChangeUser(ctx context.Context, id, _ string, change func(*account.User) error) (account.User, error) {
	u, err := f.User(ctx, id)
	if err == nil {
		err = change(&u)
	}
	return u, err
}

var _ account.Store = fakePeople{}

// peopleBodies are requests about accounts that succeed.
var peopleBodies = map[string]string{
	"sign-in":               `{"email":"ana@brand.example","password":"` + fakeSecret + `"}`,
	"set-up":                `{"token":"setup","email":"new@brand.example","password":"` + fakeSecret + `"}`,
	"accept-invitation":     `{"token":"invitation","password":"` + fakeSecret + `"}`,
	"ask-password-reset":    `{"email":"ana@brand.example"}`,
	"finish-password-reset": `{"token":"reset","password":"` + fakeSecret + `"}`,
	"change-password":       `{"password":"` + fakeSecret + `","new_password":"` + fakeSecret + `"}`,
	"change-user":           `{"name":"Ana"}`,
	"invite-user":           `{"email":"new@brand.example","roles":[{"brand":null,"role":"owner"}]}`,
}

// TestPeople: what is wrong with requests about accounts is said, and no secret
// of theirs comes back.
func TestPeople(t *testing.T) {
	s := serve(t, newFake(1))
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/me", "", 200, `"single_user":false`},
		{"GET", "/users", "", 200, `"invitations":[{"id":`},
		{"POST", "/session", `{"email":"a@b.example","password":"canary-of-a-test"}`, 401, "wrong"},
		{"POST", "/session", `{"email":"a@b.example","password":"canary-of-a-test","x":1}`, 422, "unexpected"},
		{"PUT", "/me/password", `{"password":"canary-of-a-test","new_password":"canary-of-a-test"}`, 422, "present password"},
		{"PUT", "/me/password", `{"password":"` + fakeSecret + `","new_password":"canary"}`, 422, "too short"},
		{"PATCH", "/users/u", `{"name":"A"}`, 404, "no user"},
		{"DELETE", "/users/u", "", 404, "no user"},
		{"POST", "/users", peopleBodies["invite-user"], 201, `"link":"/lite/invitation?token=`},
		{"POST", "/users", `{"email":"a@b.example","roles":[{"brand":null,"role":null}]}`, 422, "gives roles"},
		{"POST", "/users", `{"email":"a@b.example","roles":[{"brand":" ","role":"viewer"}]}`, 422, "every brand"},
		{"POST", "/invitations/accept", `{"token":"canary-of-a-test","password":"x"}`, 404, "does not work"},
		{"DELETE", "/invitations/x", "", 404, "no such invitation"},
		{"POST", "/password-resets", `{"email":"a@b.example"}`, 202, ""},
		{"POST", "/password-resets/finish", `{"token":"canary-of-a-test","password":"x"}`, 404, "does not work"},
		{"POST", "/setup", `{"token":"canary-of-a-test","email":"a@b.example","password":"x"}`, 404, "does not work"},
	} {
		var head []string
		if c.body != "" {
			head = []string{asJSON}
		}
		resp, body := s.do(t, c.method, Prefix+c.path, c.body, head...)
		apitest.CheckAnswer(t, resp, body)
		if resp.StatusCode != c.status || !strings.Contains(body, c.want) || strings.Contains(body, "canary") || strings.Contains(body, "argon2") {
			t.Errorf("%s %s: %d %s, want %d %s", c.method, c.path, resp.StatusCode, body, c.status, c.want)
		}
	}
}
