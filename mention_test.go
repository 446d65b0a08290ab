package adalid_test

import (
	"testing"

	"adalid"
)

func TestPlatformTitle(t *testing.T) {
	for p, want := range map[adalid.Platform]string{
		adalid.X: "X", adalid.YouTube: "YouTube", "mastodon": "Mastodon", "hackernews": "Hacker News", "élan": "Élan", "": "",
	} {
		if got := p.Title(); got != want {
			t.Errorf("%q is %q, want %q", p, got, want)
		}
	}
}
