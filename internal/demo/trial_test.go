package demo

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func inventTrial(t testing.TB, o TrialOptions) World {
	t.Helper()
	o.Until = until
	w, err := Trial(o)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestTrialIsAWorld(t *testing.T) {
	for seed := range int64(3) {
		w := inventTrial(t, TrialOptions{Seed: seed, Crisis: seed == 2})
		people := map[Role]int{}
		for key, role := range w.Roles {
			people[role]++
			if w.NetViews[key] != 0 && (role == Bot || role == Staff || role == Celebrity) {
				t.Errorf("a %s brings %g views", role, w.NetViews[key])
			}
		}
		for _, p := range trialCast {
			if people[p.role] != p.people {
				t.Errorf("%d of role %s, want %d", people[p.role], p.role, p.people)
			}
		}
		if len(w.Brand.Own) != people[OwnAccount] {
			t.Errorf("%d own accounts, want only the brand's %d", len(w.Brand.Own), people[OwnAccount])
		}
		ids := map[string]bool{}
		for i, m := range w.Mentions {
			id := RoleKey(m.Platform, m.ID)
			switch {
			case ids[id], m.CreatedAt.After(until), i > 0 && m.CreatedAt.Before(w.Mentions[i-1].CreatedAt), strings.ContainsAny(m.Text+m.Author.Bio, "{}"), m.Sponsored:
				t.Fatalf("seed %d: %+v", seed, m)
			}
			ids[id] = true
		}
	}
}

// TestCrisisAddsToTheWorld: what differs between the worlds of one seed is the
// crisis, so what differs in their rankings comes from it.
func TestCrisisAddsToTheWorld(t *testing.T) {
	calm, crisis := inventTrial(t, TrialOptions{Seed: 1}), inventTrial(t, TrialOptions{Seed: 1, Crisis: true})
	texts := map[string]string{}
	for _, m := range crisis.Mentions {
		texts[RoleKey(m.Platform, m.ID)] = m.Text
	}
	for _, m := range calm.Mentions {
		if texts[RoleKey(m.Platform, m.ID)] != m.Text {
			t.Fatalf("the crisis changed %+v", m)
		}
		delete(texts, RoleKey(m.Platform, m.ID))
	}
	if n := len(texts); n < len(calm.Mentions)/15 || n > len(calm.Mentions)/2 {
		t.Errorf("%d posts more than the %d of calm days", n, len(calm.Mentions))
	}
}

func TestTrialSameSeedSameBytes(t *testing.T) {
	bytesOf := func() string {
		b, err := json.Marshal(inventTrial(t, TrialOptions{Seed: 7, Crisis: true}))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if first := bytesOf(); first != bytesOf() {
		t.Error("same options, other bytes")
	}
}

// TestRingsPostTogether: at least half of what a ring's account posts, another
// posts in the same minute.
func TestRingsPostTogether(t *testing.T) {
	w := inventTrial(t, TrialOptions{Seed: 1})
	posts, together := 0, 0
	for i, m := range w.Mentions {
		if w.role(m) != CopyRing {
			continue
		}
		posts++
		for _, o := range w.Mentions[max(0, i-20):min(len(w.Mentions), i+20)] {
			if w.role(o) == CopyRing && o.Author.Key != m.Author.Key && bare(o.Text) == bare(m.Text) && m.CreatedAt.Sub(o.CreatedAt).Abs().Minutes() <= 1 {
				together++
				break
			}
		}
	}
	if posts < 150 || 2*together < posts {
		t.Errorf("%d of %d posts are posted together", together, posts)
	}
}

func TestTrialGrammarsHoldTogether(t *testing.T) {
	asked := strings.Fields(`defend worried outrage news bargain shopvoice spam refer bio.fan bio.trap
		trial.bio trial.staff trial.disclaimer trial.agency trial.reseller trial.shop trial.partner trial.spam`)
	for _, lang := range languages {
		base, err := readGrammar(lang)
		if err != nil {
			t.Fatal(err)
		}
		own, err := readGrammar(lang)
		if err == nil {
			err = own.read("trial." + lang)
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := own.reword("what nobody says", ""); err == nil {
			t.Error("a sentence that is not there was replaced")
		}
		for name, lines := range base.sections {
			if len(own.sections[name]) != len(lines) {
				t.Errorf("%s: the trial adds to section %s", lang, name)
			}
			delete(own.sections, name)
		}
		for _, name := range asked {
			if len(own.sections[name]) == 0 {
				t.Errorf("%s: no section %s", lang, name)
			}
		}
		given := []string{"brand", "rival", "o", "name", "scene"}
		for name, lines := range own.sections {
			if !slices.Contains(asked, name) {
				t.Errorf("%s: nobody uses section %s", lang, name)
			}
			for _, line := range lines {
				for _, ref := range reference.FindAllStringSubmatch(line, -1) {
					if len(base.sections[ref[1]]) == 0 && !slices.Contains(given, ref[1]) {
						t.Errorf("%s: %s asks for section %s", lang, name, ref[1])
					}
				}
			}
		}
	}
}
