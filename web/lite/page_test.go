package lite

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"adalid/internal/rank"
)

// shape names the elements and attributes of a page, without links, languages
// and options, which legitimately depend on the text.
func shape(t *testing.T, page string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.CommentNode {
			b.WriteString("comment ")
		}
		if n.Type != html.ElementNode || n.Data == "option" {
			continue
		}
		b.WriteString(n.Data)
		for _, a := range n.Attr {
			if a.Key == "href" && !strings.HasPrefix(a.Val, "/lite") && a.Val != "data:," {
				fmt.Fprintf(&b, " foreign(%s)", a.Val)
			}
			b.WriteString("." + a.Key)
		}
		b.WriteByte(' ')
	}
	return b.String()
}

func htmlText(t *testing.T, page string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return b.String()
}

// TestPageCanBeUsedByAll checks what a machine can of accessibility.
func TestPageCanBeUsedByAll(t *testing.T) {
	for _, path := range []string{"/lite", "/lite?lang=es", "/lite/people/p0"} {
		_, body := get(t, newWorld(), path)
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		labelled, ids := map[string]bool{}, []string{}
		h1 := 0
		for n := range doc.Descendants() {
			at := map[string]string{}
			for _, a := range n.Attr {
				at[a.Key] = a.Val
			}
			switch n.Data {
			case "h1":
				h1++
			case "label":
				labelled[at["for"]] = true
			case "input", "select":
				if at["type"] != "hidden" {
					ids = append(ids, at["id"])
				}
			case "th":
				if at["scope"] == "" {
					t.Errorf("%s: a th without scope", path)
				}
			case "table":
				if c := n.FirstChild.NextSibling; c == nil || c.Data != "caption" {
					t.Errorf("%s: a table without caption", path)
				}
			case "meter":
				if at["aria-label"] == "" {
					t.Errorf("%s: a meter without name", path)
				}
			}
			if at["style"] != "" || n.Type == html.ElementNode && n.Data == "script" {
				t.Errorf("%s: inline style or script", path)
			}
		}
		for _, id := range ids {
			if !labelled[id] {
				t.Errorf("%s: field %q has no label", path, id)
			}
		}
		if h1 != 1 {
			t.Errorf("%s: %d h1", path, h1)
		}
	}
}

// TestPaper checks that the columns too many for A4 stay off paper, heading and
// cells alike, and that the question comes onto it.
func TestPaper(t *testing.T) {
	_, body := get(t, newWorld(), "/lite")
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var heads, cells int
	for n := range doc.Descendants() {
		off := false
		for _, a := range n.Attr {
			off = off || a.Key == "class" && a.Val == "screen"
		}
		switch {
		case off && n.Data == "th":
			heads++
		case off && n.Data == "td":
			cells++
		}
	}
	if heads != 2 || cells != 2 {
		t.Errorf("%d headings and %d cells stay off paper, want 2 and 2", heads, cells)
	}
	style, err := files.ReadFile("style.css")
	if err != nil {
		t.Fatal(err)
	}
	screen, paper, _ := strings.Cut(string(style), "@media print {")
	if !strings.Contains(screen, ".print { display: none; }") || !strings.Contains(paper, ".print { display: block; }") {
		t.Error("the question in one line is not for paper alone")
	}
	if !regexp.MustCompile(`(?m)^ *form, \.screen, meter,.*\{ display: none; \}`).MatchString(paper) {
		t.Error("the form, meters and columns for the screen come onto paper")
	}
}

func TestTemplateIsSmall(t *testing.T) {
	b, err := files.ReadFile("lite.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(b), "\n"); n > 200 {
		t.Errorf("%d lines, at most 200", n)
	}
}

// The page says where a person may truly stand, and of whom too little is known.
func TestPageSaysHowSureItIs(t *testing.T) {
	w := newWorld()
	w.r.Entries[0].Sure = &rank.Sureness{Low: 61.2, High: 84.6, Small: true, Place: &rank.Places{First: 3, Last: 11, Top: .94}}
	for path, want := range map[string][]string{
		"/lite?lang=en":           {"3rd–11th", "small sample", "90% chance"},
		"/lite?lang=es":           {"3.º–11.º", "muestra pequeña"},
		"/lite/people/p0?lang=en": {"3rd–11th", "small sample", "61–85", "94%"},
		"/lite/people/p0?lang=es": {"3.º–11.º", "muestra pequeña", "61–85", "94\u00a0%"},
	} {
		_, body := get(t, w, path)
		for _, s := range want {
			if !strings.Contains(body, s) {
				t.Errorf("%s does not say %q", path, s)
			}
		}
	}
	w.r.Entries[0].Sure = nil
	if _, body := get(t, w, "/lite?lang=en"); strings.Contains(body, "small sample") || strings.Contains(body, "90% chance") {
		t.Error("a list without intervals explains them")
	}
	for n, want := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 112: "112th", 1003: "1,003rd"} {
		if got := english.ordinal(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
