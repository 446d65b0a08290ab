package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"adalid/collectors"
	"adalid/internal/account"
	"adalid/internal/fetch"
)

// issuer is a single sign-on on loopback: it says of everybody what claims holds,
// after change had its way, in a token signed by key.
type issuer struct {
	server *httptest.Server
	key    *rsa.PrivateKey
	sign   *rsa.PrivateKey // nil: key
	alg    string          // "": RS256
	h      *house
	claims map[string]any // over those of an honest token
	asked  url.Values     // of the last way there
	faults []string
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{key: key}
	i.server = httptest.NewServer(i)
	t.Cleanup(i.server.Close)
	return i
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// ServeHTTP implements discovery, keys and the token endpoint.
func (i *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	at := i.server.URL
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		fmt.Fprintf(w, `{"issuer":%q,"authorization_endpoint":%q,"token_endpoint":%q,"jwks_uri":%q,"id_token_signing_alg_values_supported":["RS256"]}`, at, at+"/auth", at+"/token", at+"/keys")
	case "/keys":
		fmt.Fprintf(w, `{"keys":[{"kty":"RSA","alg":"RS256","use":"sig","kid":"1","n":%q,"e":%q}]}`, b64(i.key.N.Bytes()), b64(big.NewInt(int64(i.key.E)).Bytes()))
	case "/token":
		i.token(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (i *issuer) token(w http.ResponseWriter, r *http.Request) {
	user, passphrase, _ := r.BasicAuth()
	challenge := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if user != "adalid" || passphrase != "invented" || b64(challenge[:]) != i.asked.Get("code_challenge") || i.asked.Get("code_challenge_method") != "S256" ||
		r.FormValue("code") != "the-code" || r.FormValue("redirect_uri") != i.asked.Get("redirect_uri") {
		i.faults = append(i.faults, "the exchange is not what was begun: "+r.Form.Encode())
	}
	now := i.h.now()
	claims := map[string]any{
		"iss": i.server.URL, "aud": "adalid", "sub": "subject-1", "nonce": i.asked.Get("nonce"), "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		"email": "ana@brand.example", "email_verified": true, "name": "Ana",
	}
	maps.Copy(claims, i.claims)
	key, alg := i.sign, i.alg
	if key == nil {
		key = i.key
	}
	if alg == "" {
		alg = "RS256"
	}
	body, _ := json.Marshal(claims)
	signed := b64(fmt.Appendf(nil, `{"alg":%q,"kid":"1"}`, alg)) + "." + b64(body)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil || alg == "none" {
		signature = nil
	}
	fmt.Fprintf(w, `{"access_token":"a","token_type":"Bearer","expires_in":300,"id_token":%q}`, signed+"."+b64(signature))
}

// signOn is the product's side of it, through the product's own client.
func (i *issuer) signOn(t *testing.T, h *house) *account.SignOn {
	t.Helper()
	i.h = h
	client, err := fetch.New(fetch.Options{UserAgent: "Adalid/test", AllowHosts: []string{strings.TrimPrefix(i.server.URL, "http://")}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return account.NewSignOn(account.SignOnOptions{
		Issuer: i.server.URL, ClientID: "adalid", Secret: "invented", Return: "http://adalid.example/lite/oidc/callback",
		HTTP: collectors.Client(client.Doer("oidc", collectors.Limits{})), Accounts: h.people,
	})
}

// there goes to the single sign-on and gives the address back.
func (v *visitor) there(i *issuer) string {
	v.h.t.Helper()
	a := v.get("/lite/oidc/start?next=/lite/password")
	to, err := url.Parse(a.Header.Get("Location"))
	if err != nil || a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to.String(), i.server.URL+"/auth?") {
		v.h.t.Fatalf("the way there: %s %q\n%s", a.Status, a.Header.Get("Location"), a.text)
	}
	i.asked = to.Query()
	return "/lite/oidc/callback?" + url.Values{"code": {"the-code"}, "state": {i.asked.Get("state")}}.Encode()
}

// TestSignOn: who is vouched for gets in when they have an account or an
// invitation, and by nothing that is not as it should be.
func TestSignOn(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	h := newHouse(t, houseOptions{issuer: i})
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	h.add("ana@brand.example", "owner")
	out := h.add("out@brand.example", "Acme=viewer")
	if _, err := h.people.ChangeUser(t.Context(), account.Local(), out.ID, account.Change{Disabled: new(true)}); err != nil {
		t.Fatal(err)
	}
	refuse := func(what string, claims map[string]any, sign *rsa.PrivateKey, alg string) {
		t.Helper()
		i.claims, i.sign, i.alg = claims, sign, alg
		v := h.visitor()
		a := v.get(v.there(i))
		if a.StatusCode != http.StatusForbidden || v.in() || strings.Contains(a.text, "nonce") || strings.Contains(a.text, "token") {
			t.Errorf("%s: %s\n%s", what, a.Status, a.text)
		}
		i.claims, i.sign, i.alg = nil, nil, ""
	}
	hour := int64(3600)
	refuse("another nonce", map[string]any{"nonce": "x"}, nil, "")
	refuse("no nonce", map[string]any{"nonce": nil}, nil, "")
	refuse("another audience", map[string]any{"aud": "somebody"}, nil, "")
	refuse("another party", map[string]any{"aud": []string{"adalid", "somebody"}, "azp": "somebody"}, nil, "")
	refuse("expired", map[string]any{"exp": h.now().Unix() - 1}, nil, "")
	refuse("not yet", map[string]any{"nbf": h.now().Unix() + hour}, nil, "")
	refuse("another issuer", map[string]any{"iss": "https://evil.example"}, nil, "")
	refuse("another's signature", nil, stranger, "")
	refuse("no signature", nil, nil, "none")
	refuse("a symmetric signature", nil, nil, "HS256")
	refuse("an address that is not verified", map[string]any{"email_verified": false}, nil, "")
	refuse("an address of which nothing is said", map[string]any{"email_verified": nil}, nil, "")
	refuse("nobody we know", map[string]any{"email": "nobody@brand.example"}, nil, "")
	refuse("somebody who is kept out", map[string]any{"email": "out@brand.example"}, nil, "")

	v := h.visitor()
	back := v.there(i)
	for what, wrong := range map[string]func(){
		"another browser": func() { v.h.visitor().get(back) }, // uses the state up, too
	} {
		wrong()
		if a := v.get(back); a.StatusCode != http.StatusForbidden || v.in() {
			t.Errorf("after %s: %s", what, a.Status)
		}
	}
	late := v.there(i)
	h.pass(11 * time.Minute)
	if a := v.get(late); a.StatusCode != http.StatusForbidden || v.in() {
		t.Errorf("a way back after 11 minutes: %s", a.Status)
	}

	back = v.there(i)
	cookies := maps.Clone(v.cookies)
	if a := v.get(back); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/lite/password" || !v.in() {
		t.Errorf("an honest way: %s to %q\n%s", a.Status, a.Header.Get("Location"), a.text)
	}
	replayed := h.visitor()
	replayed.cookies = cookies
	if a := replayed.get(back); a.StatusCode != http.StatusForbidden || replayed.in() {
		t.Errorf("the same state again: %s", a.Status)
	}

	i.claims = map[string]any{"email": "elsewhere@brand.example", "email_verified": false}
	again := h.visitor()
	if again.get(again.there(i)); !again.in() {
		t.Error("who is known by issuer and subject does not get in under a new address")
	}
	refuse("somebody else with a known address", map[string]any{"sub": "subject-2"}, nil, "")

	if _, _, _, err := h.people.Invite(t.Context(), account.Local(), account.Guest{Email: "Ida@brand.example", Grants: []account.Grant{{Brand: "Acme", Role: account.Analyst}}}); err != nil {
		t.Fatal(err)
	}
	i.claims = map[string]any{"sub": "subject-3", "email": "ida@brand.example", "name": "Ida"}
	ida := h.visitor()
	ida.get(ida.there(i))
	if me := ida.get("/api/v1/me"); !strings.Contains(me.text, `"roles":[{"brand":"Acme","role":"analyst"}]`) {
		t.Errorf("an invitation: %s", me.text)
	}
	if a := h.visitor().signIn("ida@brand.example", ""); a.StatusCode == http.StatusOK {
		t.Error("who has no password signs in with none")
	}
	if a := h.visitor().signIn("ida@brand.example", passphrase); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("who has no password signs in with one: %s", a.Status)
	}
	if len(i.faults) > 0 {
		t.Error(i.faults)
	}
}
