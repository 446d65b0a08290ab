package account_test

import (
	"context"
	"testing"

	"adalid"
	"adalid/internal/account"
)

func TestAuthoriseDeniesUnlessARuleAllows(t *testing.T) {
	nobody := account.Actor{}
	one := account.Actor{Kind: account.Person, ID: "u", Roles: map[string]account.Role{"brisa": account.Analyst}}
	all := account.Actor{Kind: account.Key, ID: "k", Roles: map[string]account.Role{account.EveryBrand: account.Viewer, "brisa": account.Manager}}
	brand := func(least account.Role) account.Rule { return account.Rule{Scope: account.OnBrand, Least: least} }
	whole := func(least account.Role) account.Rule {
		return account.Rule{Scope: account.Installation, Least: least}
	}
	for _, c := range []struct {
		what  string
		actor account.Actor
		rule  account.Rule
		brand string
		want  adalid.Code
	}{
		{"no rule", account.Local(), account.Rule{}, "Brisa", adalid.Forbidden},
		{"a rule without a role", account.Local(), brand(account.None), "Brisa", adalid.Forbidden},
		{"open to nobody", nobody, account.Rule{Scope: account.Open}, "", ""},
		{"nobody", nobody, account.Rule{Scope: account.SignedIn}, "", adalid.Unauthorized},
		{"nobody, unknown brand", nobody, brand(account.Viewer), "Nada", adalid.Unauthorized},
		{"signed in", one, account.Rule{Scope: account.SignedIn}, "", ""},
		{"own brand, written otherwise", one, brand(account.Analyst), " BRISA ", ""},
		{"role too low", one, brand(account.Manager), "Brisa", adalid.Forbidden},
		{"foreign brand", one, brand(account.Viewer), "Otra", adalid.NotFound},
		{"foreign brand, a high rule", one, brand(account.Owner), "Otra", adalid.NotFound},
		{"one brand is not all", one, whole(account.Viewer), "", adalid.Forbidden},
		{"one brand by the empty name", one, brand(account.Viewer), "", adalid.NotFound},
		{"every brand", all, brand(account.Viewer), "Otra", ""},
		{"the higher of both", all, brand(account.Manager), "Brisa", ""},
		{"not higher elsewhere", all, brand(account.Analyst), "Otra", adalid.Forbidden},
		{"installation", all, whole(account.Viewer), "", ""},
		{"a brand's role is none of the installation's", all, whole(account.Manager), "", adalid.Forbidden},
		{"local", account.Local(), whole(account.Owner), "", ""},
	} {
		if err := account.Authorise(c.actor, c.rule, c.brand); adalid.CodeOf(err) != c.want || (err == nil) != (c.want == "") {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
	}
}

func TestRolesHaveNames(t *testing.T) {
	for r := account.Viewer; r <= account.Owner; r++ {
		if back, err := account.ParseRole(r.String()); err != nil || back != r {
			t.Errorf("%v: %v, %v", r, back, err)
		}
	}
	for _, name := range []string{"", "Owner", "admin"} {
		if r, err := account.ParseRole(name); adalid.CodeOf(err) != adalid.Invalid || r != account.None {
			t.Errorf("%q: %v, %v", name, r, err)
		}
	}
}

func TestActorOfAContext(t *testing.T) {
	if a := account.From(context.Background()); a.Kind != "" || a.On("x") != account.None {
		t.Error(a)
	}
	if a := account.From(account.With(context.Background(), account.Local())); a.Kind != account.Machine || a.On("x") != account.Owner {
		t.Error(a)
	}
}
