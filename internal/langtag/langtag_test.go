package langtag_test

import (
	"testing"

	"adalid/internal/langtag"
)

func TestRead(t *testing.T) {
	for _, tt := range []struct {
		written, tag string
		known        bool
	}{
		{"", "", false},
		{"es", "es", true},
		{"ES", "es", true},
		{" es-MX ", "es-mx", true},
		{"en_GB", "en_gb", true},
		{"eng", "en", true},
		{"ENG-us", "en-us", true},
		{"spa", "es", true},
		{"por", "pt", true},
		{"fra", "fr", true},
		{"fre", "fr", true},
		{"deu", "de", true},
		{"ger", "de", true},
		{"ita", "it", true},
		{"ara", "ar", true},
		{"hin", "hi", true},
		{"cat", "ca", true},
		{"glg", "gl", true},
		{"eus", "eu", true},
		{"baq", "eu", true},
		{"jpn", "ja", true},
		{"zho", "zh", true},
		{"chi", "zh", true},
		{"rus", "ru", true},
		{"nld", "nl", true},
		{"dut", "nl", true},
		{"gre", "el", true},
		{"ell", "el", true},
		{"per", "fa", true},
		{"fil", "fil", true},
		{"Spanish", "es", true},
		{"ESPAÑOL", "es", true},
		{"espanol", "es", true},
		{"castellano", "es", true},
		{"English - US", "en", true},
		{"Portuguese (Brazil)", "pt", true},
		{"inglés", "en", true},
		{"Ingles", "en", true},
		{"deutsch", "de", true},
		{"Français", "fr", true},
		{"català", "ca", true},
		{"euskera", "eu", true},
		{"日本語", "ja", true},
		{"русский", "ru", true},
		{"norwegian_bokmål", "nb", true},
		{"haitian creole", "ht", true},
		{"und", "und", false},
		{"xx", "xx", false},
		{"Klingon", "klingon", false},
		{"Klingon (old)", "klingon (old)", false},
		{"several-more", "several-more", false},
		{"-", "-", false},
	} {
		if tag, known := langtag.Read(tt.written); tag != tt.tag || known != tt.known {
			t.Errorf("Read(%q) is %q, %v; want %q, %v", tt.written, tag, known, tt.tag, tt.known)
		}
	}
	for tag, shaped := range map[string]bool{"es": true, "es-mx": true, "und": true, "": false, "klingon": false, "e1": false, "x-y": false} {
		if langtag.Shaped(tag) != shaped {
			t.Errorf("Shaped(%q) is %v", tag, !shaped)
		}
	}
}

// TestAsked: codes may be of a language that is stored though nobody here knows it.
func TestAsked(t *testing.T) {
	for written, want := range map[string]struct {
		tag   string
		known bool
	}{"": {"", true}, "Spanish": {"es", true}, "tlh": {"tlh", true}, "klingon": {"klingon", false}} {
		if tag, known := langtag.Asked(written); tag != want.tag || known != want.known {
			t.Errorf("Asked(%q) is %q, %v", written, tag, known)
		}
	}
}

// TestReadTwice: what was read once is read the same again.
func TestReadTwice(t *testing.T) {
	for _, written := range []string{"eng", "Spanish", "en_GB", "Klingon", "Portuguese (Brazil)", "ENG-us", "und"} {
		once, _ := langtag.Read(written)
		if twice, _ := langtag.Read(once); twice != once {
			t.Errorf("%q is %q, then %q", written, once, twice)
		}
	}
}

func BenchmarkLanguage(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		langtag.Read("es")
	}
}
