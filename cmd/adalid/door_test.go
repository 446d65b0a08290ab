package main

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid"
	"adalid/internal/account"
)

var tokenIn = regexp.MustCompile(`token=([A-Z0-9]+)`)

// token takes the passphrase out of a link.
func (h *house) token(text string) string {
	h.t.Helper()
	m := tokenIn.FindStringSubmatch(text)
	if m == nil {
		h.t.Fatalf("no link in %q", text)
	}
	return m[1]
}

// TestSetup: where others reach the server, nothing answers before the first
// account is made, by a link that works once and not for ever.
func TestSetup(t *testing.T) {
	t.Parallel()
	h := newHouse(t, houseOptions{})
	v := h.visitor()
	for path, status := range map[string]int{
		"/api/v1/health": 200, "/lite/style.css": 200, "/lite/sign-in": 200,
		"/api/v1/me": 401, "/api/v1/users": 401, "/api/v1/brands": 401, "/api/v1/brands/Acme/advocates": 401, "/api/v1/sources": 401, "/metrics": 401, "/lite": 303, "/lite/people/p1": 303,
	} {
		if a := v.get(path); a.StatusCode != status {
			t.Errorf("%s answers %s before there is an account, want %d", path, a.Status, status)
		}
	}
	if a := v.get("/lite/sign-in"); !strings.Contains(a.text, "terminal") {
		t.Error("the page does not say where the link is")
	}
	link := func() string {
		text, err := h.people.OpenSetup(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return h.token(text)
	}
	old, late := link(), link()
	h.pass(24 * time.Hour)
	body := func(token string) fields {
		return fields{"token": token, "email": "ana@brand.example", "password": passphrase}
	}
	for what, token := range map[string]string{"one that was replaced": old, "one that is over": late, "none": "x"} {
		if a := v.send(http.MethodPost, "/setup", body(token)); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s %s", what, a.Status, a.text)
		}
	}
	token := link()
	form := url.Values{"token": {token}, "email": {"ana@brand.example"}, "name": {"Ana"}, "password": {"short"}, "lang": {"es"}}
	if a := v.get("/lite/setup?token=" + token + "&lang=es"); a.StatusCode != http.StatusOK || !strings.Contains(a.text, "La primera cuenta") {
		t.Errorf("the page: %s\n%s", a.Status, a.text)
	}
	if a := v.post("/lite/setup", form); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.text, "demasiado corta") || !strings.Contains(a.text, `value="ana@brand.example"`) {
		t.Errorf("a short password: %s\n%s", a.Status, a.text)
	}
	form.Set("password", passphrase)
	if a := v.post("/lite/setup", form); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/" || !v.in() {
		t.Errorf("setup: %s to %q\n%s", a.Status, a.Header.Get("Location"), a.text)
	}
	if me := v.get("/api/v1/me"); !strings.Contains(me.text, `"roles":[{"brand":null,"role":"owner"}]`) || !strings.Contains(me.text, `"single_user":false`) {
		t.Errorf("me: %s", me.text)
	}
	if a := h.visitor().send(http.MethodPost, "/setup", body(token)); a.StatusCode != http.StatusNotFound {
		t.Errorf("a second use: %s", a.Status)
	}
	if _, err := h.people.OpenSetup(t.Context()); err == nil {
		t.Error("a setup link where there is an account")
	}
}

// TestSingleUser: on loopback nobody signs in until there is an account; a proxy
// is refused; the operator's word lets it pass.
func TestSingleUser(t *testing.T) {
	t.Parallel()
	h, trusting := newHouse(t, houseOptions{alone: true}), newHouse(t, houseOptions{noAuth: true})
	v := h.visitor()
	if me := v.get("/api/v1/me"); me.StatusCode != http.StatusOK || !strings.Contains(me.text, `"single_user":true`) || !strings.Contains(me.text, `"kind":"machine"`) {
		t.Errorf("me: %s", me.text)
	}
	for _, head := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via"} {
		for path, words := range map[string]string{"/api/v1/me": "adalid user add", "/lite": "adalid user add", "/metrics": "adalid user add"} {
			p := h.visitor()
			p.head[head] = "for=203.0.113.1"
			a := p.get(path)
			if to := a.Header.Get("Location"); path == "/lite" && a.StatusCode == http.StatusSeeOther {
				a = p.get(to) // the page where people sign in says why they cannot
			}
			if a.StatusCode != http.StatusForbidden || !strings.Contains(a.text, words) {
				t.Errorf("%s with %s: %s %.200s", path, head, a.Status, a.text)
			}
			p.h = trusting
			if a := p.get(path); a.StatusCode == http.StatusForbidden {
				t.Errorf("%s with %s on the operator's word: %s", path, head, a.Status)
			}
		}
	}
	for _, house := range []*house{h, trusting} {
		for path, want := range map[string]string{"/lite/sign-in": "Nobody has to sign in", "/lite/sign-in?lang=es": "nadie tiene que entrar"} {
			if a := house.visitor().get(path); a.StatusCode != http.StatusOK || !strings.Contains(a.text, want) || !strings.Contains(a.text, `href="/lite`) || strings.Contains(a.text, "<form") || strings.Contains(a.text, "terminal") {
				t.Errorf("%s where nobody signs in: %s %s", path, a.Status, a.text)
			}
		}
	}
	if a := newHouse(t, houseOptions{}).visitor().get("/lite/sign-in"); !strings.Contains(a.text, "terminal") || !strings.Contains(a.text, "<form") {
		t.Errorf("where the first account is asked for: %s", a.text)
	}
	h.add("ana@brand.example", "owner")
	if a := h.visitor().get("/lite/sign-in"); !strings.Contains(a.text, "<form") || strings.Contains(a.text, "Nobody has") {
		t.Errorf("with an account: %s", a.text)
	}
	if v.in() || v.get("/metrics").StatusCode != http.StatusUnauthorized {
		t.Error("an account was made, and still nobody has to sign in")
	}
	if a := v.get("/lite?brand=Acme&min=2"); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/lite/sign-in?next=%2Flite%3Fbrand%3DAcme%26min%3D2" {
		t.Errorf("%s to %q", a.Status, a.Header.Get("Location"))
	}
	a := v.post("/lite/sign-in", url.Values{"email": {"ana@brand.example"}, "password": {passphrase + " of ana@brand.example"}, "next": {"/lite?brand=Acme&min=2"}})
	if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/lite?brand=Acme&min=2" || !v.in() || v.get("/metrics").StatusCode != http.StatusOK {
		t.Errorf("sign-in: %s to %q", a.Status, a.Header.Get("Location"))
	}
	trusting.add("ana@brand.example", "owner")
	if trusting.visitor().in() {
		t.Error("--no-auth-i-understand lets people in although there are accounts")
	}
}

// TestOpenRedirect: signing in leads to pages of ours only.
func TestOpenRedirect(t *testing.T) {
	t.Parallel()
	h := newHouse(t, houseOptions{})
	h.add("ana@brand.example", "owner")
	v := h.visitor()
	for _, next := range []string{
		"https://evil.example/lite", "//evil.example/lite", `/\evil.example`, `\\evil.example`, "/lite/../../evil", "/lite//evil.example", "javascript:alert(1)", "/lite/people/../..//evil.example",
		"https:evil.example", "/lite\r\nLocation: https://evil.example", "http:///lite", "/lite@evil.example", "/api/v1/session", " //evil.example", "/lite/sign-out", "\x00/lite", "/%2f/evil.example", "?x", "",
	} {
		form := url.Values{"email": {"ana@brand.example"}, "password": {passphrase + " of ana@brand.example"}, "next": {next}}
		if a := v.post("/lite/sign-in", form); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/lite" {
			t.Errorf("next %q: %s to %q", next, a.Status, a.Header.Get("Location"))
		}
		if a := v.get("/lite/sign-in?" + url.Values{"next": {next}}.Encode()); strings.Contains(a.text, `name="next"`) {
			t.Errorf("next %q is handed on", next)
		}
	}
}

// TestReset: a letter with a link that works once and for an hour; whoever asks
// learns nothing; sessions end.
func TestReset(t *testing.T) {
	t.Parallel()
	h := newHouse(t, houseOptions{mail: true})
	h.add("ana@brand.example", "owner")
	out := h.add("out@brand.example", "Acme=viewer")
	if _, err := h.people.ChangeUser(t.Context(), account.Local(), out.ID, account.Change{Disabled: new(true)}); err != nil {
		t.Fatal(err)
	}
	home := h.visitor().enter("ana@brand.example")
	v := h.visitor()
	for _, email := range []string{"nobody@brand.example", "out@brand.example", "no address", "Ana@brand.example"} {
		if a := v.send(http.MethodPost, "/password-resets", fields{"email": email, "language": "es"}); a.StatusCode != http.StatusAccepted || a.text != "" {
			t.Errorf("%s: %s %q", email, a.Status, a.text)
		}
	}
	letters := h.mailed()
	if len(letters) != 1 || !strings.HasPrefix(letters[0], "ana@brand.example\nContraseña nueva para Adalid\n") || !strings.Contains(letters[0], "http://adalid.example/lite/new-password?token=") {
		t.Fatalf("letters %q", letters)
	}
	first := h.token(letters[0])
	if a := v.post("/lite/forgotten", url.Values{"email": {"ana@brand.example"}}); a.StatusCode != http.StatusOK || !strings.Contains(a.text, "on its way") {
		t.Errorf("the page: %s", a.Status)
	}
	token := h.token(h.mailed()[1])
	finish := func(token, password string) reply {
		return v.send(http.MethodPost, "/password-resets/finish", fields{"token": token, "password": password})
	}
	if a := finish(first, "a new long secret"); a.StatusCode != http.StatusNotFound {
		t.Errorf("a link that a newer one replaced: %s", a.Status)
	}
	if a := finish(token, "ana@brand.example"); a.StatusCode != http.StatusUnprocessableEntity || strings.Contains(a.text, token) {
		t.Errorf("the address as a password: %s %s", a.Status, a.text)
	}
	if a := finish(token, "a new long secret"); a.StatusCode != http.StatusNoContent || home.in() {
		t.Errorf("reset: %s %s; the session lives: %t", a.Status, a.text, home.in())
	}
	if a := finish(token, "a new long secret"); a.StatusCode != http.StatusNotFound {
		t.Errorf("a second use: %s", a.Status)
	}
	if a := v.signIn("ana@brand.example", "a new long secret"); a.StatusCode != http.StatusOK {
		t.Errorf("the new password: %s", a.Status)
	}
	for range 5 {
		v.send(http.MethodPost, "/password-resets", fields{"email": "ana@brand.example"})
		h.people.Wait()
	}
	letters = h.mailed()
	if len(letters) != 3 {
		t.Errorf("%d letters within an hour, want 3", len(letters))
	}
	h.pass(time.Hour)
	if a := finish(h.token(letters[2]), "a new long secret"); a.StatusCode != http.StatusNotFound {
		t.Errorf("after an hour: %s", a.Status)
	}
}

// TestInvitations: who may invite whom, once, and what an account that is there
// already gets.
func TestInvitations(t *testing.T) {
	t.Parallel()
	h := newHouse(t, houseOptions{})
	h.add("ana@brand.example", "owner")
	h.add("eva@brand.example", "Acme=owner")
	h.add("leo@brand.example", "Acme=manager", "Other=viewer")
	ana, eva, leo := h.visitor().enter("ana@brand.example"), h.visitor().enter("eva@brand.example"), h.visitor().enter("leo@brand.example")
	invite := func(v *visitor, email, brand, role string) reply {
		var of any
		if brand != "" {
			of = brand
		}
		return v.send(http.MethodPost, "/users", fields{"email": email, "roles": []fields{{"brand": of, "role": role}}})
	}
	for _, c := range []struct {
		who         *visitor
		brand, role string
		status      int
	}{
		{leo, "Acme", "viewer", 403},
		{leo, "", "viewer", 403},
		{leo, "Other", "viewer", 403},
		{eva, "", "viewer", 403},
		{eva, "Other", "viewer", 404},
		{eva, "Nothing", "viewer", 404},
		{ana, "Nothing", "viewer", 404},
		{h.visitor(), "Acme", "viewer", 401},
		{eva, "Acme", "owner", 201},
		{ana, "", "owner", 201},
	} {
		if a := invite(c.who, "new@brand.example", c.brand, c.role); a.StatusCode != c.status {
			t.Errorf("%q on %q: %s %s, want %d", c.role, c.brand, a.Status, a.text, c.status)
		}
	}
	if a, b := invite(eva, "x@brand.example", "Other", "viewer"), invite(eva, "x@brand.example", "Ohter", "viewer"); strings.ReplaceAll(requestID.ReplaceAllString(a.text, ""), "Other", "") != strings.ReplaceAll(requestID.ReplaceAllString(b.text, ""), "Ohter", "") {
		t.Errorf("another's brand answers otherwise than none:\n%s%s", a.text, b.text)
	}

	known, unknown := invite(eva, "leo@brand.example", "Acme", "analyst"), invite(eva, "ida@brand.example", "Acme", "analyst")
	accept := func(v *visitor, token, password string) reply {
		return v.send(http.MethodPost, "/invitations/accept", fields{"token": token, "password": password})
	}
	ida := h.visitor()
	token := h.token(unknown.text)
	if a := accept(ida, token, "passwordpassword"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a common password: %s %s", a.Status, a.text)
	}
	if a := ida.post("/lite/invitation", url.Values{"token": {token}, "name": {"Ida"}, "password": {passphrase}}); a.StatusCode != http.StatusSeeOther || !ida.in() {
		t.Errorf("accepting: %s %s", a.Status, a.text)
	}
	if me := ida.get("/api/v1/me"); !strings.Contains(me.text, `"roles":[{"brand":"Acme","role":"analyst"}]`) || !strings.Contains(me.text, `"Ida"`) {
		t.Errorf("me: %s", me.text)
	}
	if a := accept(h.visitor(), token, passphrase); a.StatusCode != http.StatusNotFound {
		t.Errorf("a second use: %s", a.Status)
	}
	token = h.token(known.text)
	if a := accept(h.visitor(), token, "a wrong password"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("somebody else's link to an account: %s", a.Status)
	}
	v := h.visitor()
	if a := accept(v, token, passphrase+" of leo@brand.example"); a.StatusCode != http.StatusOK || !strings.Contains(a.text, `{"brand":"Acme","role":"manager"},{"brand":"Other","role":"viewer"}`) {
		t.Errorf("an invitation lowers a role, or forgets one: %s %s", a.Status, a.text)
	}

	list := eva.get("/api/v1/users")
	if strings.Contains(list.text, "ana@") || strings.Contains(list.text, "Other") || !strings.Contains(list.text, "leo@") || !strings.Contains(list.text, "ida@") {
		t.Errorf("the owner of one brand sees %s", list.text)
	}
	if a := leo.get("/api/v1/users"); a.StatusCode == http.StatusOK {
		t.Errorf("a manager lists people: %s", a.text)
	}
	late := h.token(invite(ana, "late@brand.example", "Acme", "viewer").text)
	h.pass(7 * 24 * time.Hour)
	if a := accept(h.visitor(), late, passphrase); a.StatusCode != http.StatusNotFound {
		t.Errorf("after a week: %s", a.Status)
	}
	ana, eva = h.visitor().enter("ana@brand.example"), h.visitor().enter("eva@brand.example")
	orphan := h.token(invite(eva, "late@brand.example", "Acme", "owner").text)
	id := regexp.MustCompile(`"id":"([^"]+)","email":"eva@`).FindStringSubmatch(ana.get("/api/v1/users").text)
	if a := ana.send(http.MethodPatch, "/users/"+id[1], fields{"roles": []fields{{"brand": "Acme", "role": "viewer"}}}); a.StatusCode != http.StatusOK {
		t.Fatal(a.text)
	}
	if a := accept(h.visitor(), orphan, passphrase); a.StatusCode != http.StatusNotFound {
		t.Errorf("an invitation by somebody who may not invite any more: %s", a.Status)
	}
}

// TestManaging: who may change whom, and that somebody always owns all.
func TestManaging(t *testing.T) {
	t.Parallel()
	h := newHouse(t, houseOptions{})
	first := h.add("ana@brand.example", "owner")
	ben := h.add("ben@brand.example", "Other=analyst")
	h.add("eva@brand.example", "Acme=owner")
	ana, eva := h.visitor().enter("ana@brand.example"), h.visitor().enter("eva@brand.example")
	role := func(brand, role any) fields { return fields{"roles": []fields{{"brand": brand, "role": role}}} }
	for _, c := range []struct {
		what   string
		who    *visitor
		method string
		id     string
		body   any
		status int
	}{
		{"demoting the last owner", ana, "PATCH", first.ID, role(nil, "manager"), 409},
		{"taking the last owner's role", ana, "PATCH", first.ID, role(nil, nil), 409},
		{"disabling the last owner", ana, "PATCH", first.ID, fields{"disabled": true}, 409},
		{"removing the last owner", ana, "DELETE", first.ID, nil, 409},
		{"raising oneself", eva, "PATCH", first.ID, role(nil, "owner"), 403},
		{"somebody of another brand", eva, "PATCH", ben.ID, role("Acme", "viewer"), 404},
		{"nobody", eva, "PATCH", "nobody", role("Acme", "viewer"), 404},
		{"another's brand", eva, "PATCH", ben.ID, role("Other", "viewer"), 404},
		{"a name", eva, "PATCH", ben.ID, fields{"name": "Benno"}, 403},
		{"removing", eva, "DELETE", ben.ID, nil, 403},
		{"a brand twice", ana, "PATCH", ben.ID, fields{"roles": []fields{{"brand": "acme", "role": "viewer"}, {"brand": "Acme", "role": "owner"}}}, 422},
		{"no such role", ana, "PATCH", ben.ID, role("Acme", "king"), 422},
		{"a second owner", ana, "PATCH", ben.ID, role(nil, "owner"), 200},
		{"removing one of two", ana, "DELETE", ben.ID, nil, 204},
		{"removing nobody", ana, "DELETE", ben.ID, nil, 404},
	} {
		if a := c.who.send(c.method, "/users/"+c.id, c.body); a.StatusCode != c.status {
			t.Errorf("%s: %s %s, want %d", c.what, a.Status, a.text, c.status)
		}
	}
	if !ana.in() {
		t.Error("refused changes end a session")
	}
	if err := h.store.RemoveBrand(t.Context(), "Acme"); err != nil {
		t.Fatal(err)
	}
	if me := eva.get("/api/v1/me"); !strings.Contains(me.text, `"roles":[]`) {
		t.Errorf("a role outlives its brand: %s", me.text)
	}
}

// TestKeysManageNobody: what a key gives would outlive it, so it invites, changes
// and removes nobody, whatever it may do otherwise.
func TestKeysManageNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t, houseOptions{})
	h.add("ana@brand.example", "owner")
	ben := h.add("ben@brand.example", "Acme=viewer")
	key := account.Actor{Kind: account.Key, ID: "k", Name: "all", Roles: map[string]account.Role{account.EveryBrand: account.Owner}}
	grants := []account.Grant{{Brand: "Acme", Role: account.Owner}}
	_, _, _, invited := h.people.Invite(t.Context(), key, account.Guest{Email: "new@brand.example", Grants: grants})
	_, changed := h.people.ChangeUser(t.Context(), key, ben.ID, account.Change{Grants: grants})
	for what, err := range map[string]error{"inviting": invited, "changing": changed, "removing": h.people.Remove(t.Context(), key, ben.ID)} {
		if adalid.CodeOf(err) != adalid.Forbidden || !strings.Contains(err.Error(), "sign in") {
			t.Errorf("%s with a key: %v", what, err)
		}
	}
	users, open, err := h.people.List(t.Context(), key)
	if err != nil || len(users) != 2 || len(open) != 0 || !slices.Equal(users[1].Grants, ben.Grants) {
		t.Errorf("a key changed something: %v %v %v", users, open, err)
	}
}

// TestWithdrawing: whoever owns one brand takes back what an invitation gives on
// it, and learns nothing of what else it gives.
func TestWithdrawing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, houseOptions{})
	h.add("ana@brand.example", "owner")
	h.add("eva@brand.example", "Acme=owner")
	ana, eva := h.visitor().enter("ana@brand.example"), h.visitor().enter("eva@brand.example")
	made := ana.send(http.MethodPost, "/users", fields{"email": "new@brand.example", "roles": []fields{{"brand": "Acme", "role": "viewer"}, {"brand": "Other", "role": "analyst"}}})
	id := regexp.MustCompile(`"id":"([^"]+)"`).FindStringSubmatch(made.text)
	if id == nil {
		t.Fatal(made.text)
	}
	for _, c := range []struct {
		who    *visitor
		status int
		left   string
	}{
		{eva, http.StatusNoContent, `"roles":[{"brand":"Other","role":"analyst"}]`},
		{eva, http.StatusNotFound, `"roles":[{"brand":"Other","role":"analyst"}]`},
		{ana, http.StatusNoContent, `"invitations":[]`},
		{ana, http.StatusNotFound, `"invitations":[]`},
	} {
		if a := c.who.send(http.MethodDelete, "/invitations/"+id[1], nil); a.StatusCode != c.status {
			t.Errorf("withdrawing: %s %s, want %d", a.Status, a.text, c.status)
		}
		if list := ana.get("/api/v1/users"); !strings.Contains(list.text, c.left) {
			t.Errorf("left is %s, want %s", list.text, c.left)
		}
	}
	if a := h.visitor().send(http.MethodPost, "/invitations/accept", fields{"token": h.token(made.text), "password": passphrase}); a.StatusCode != http.StatusNotFound {
		t.Errorf("what was withdrawn is accepted: %s", a.Status)
	}
}

// TestInvitedAgain: a second invitation replaces the first, also where the address
// is written otherwise.
func TestInvitedAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, houseOptions{})
	for i, email := range []string{"Ñ.Ruiz@brand.example", "ñ.ruiz@brand.example", "other@brand.example"} {
		made := account.Ticket{Hash: strings.Repeat(string(rune('a'+i)), 64), Kind: account.Invitation, Email: email, Grants: []account.Grant{{Brand: "Acme", Role: account.Viewer}}, Made: h.now(), Expires: h.now().Add(time.Hour)}
		if err := h.store.AddTicket(t.Context(), made); err != nil {
			t.Fatal(err)
		}
	}
	open, err := h.store.Invitations(t.Context())
	if err != nil || len(open) != 2 || open[0].Email+open[1].Email != "other@brand.exampleñ.ruiz@brand.example" {
		t.Errorf("open are %v, %v", open, err)
	}
}
