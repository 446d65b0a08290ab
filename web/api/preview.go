package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid"
	"adalid/internal/relevance"
	"adalid/internal/scan"
)

// Previewer shows what the words of a brand find before it is stored.
type Previewer interface {
	// PreviewBrand reads a small live sample of what costs nothing and needs no key.
	// Invalid for words that make no query.
	PreviewBrand(ctx context.Context, d Draft) (Drafted, error)
}

// Draft is a brand as somebody is thinking of it.
type Draft struct {
	Name   string
	Also   []string // other ways of writing it
	Ignore []string // what keeps a post out
	Stored string   // the brand as it is stored, whose mentions are looked at too; "": it is not
	Marks  []DraftMark
}

// DraftMark is a person's word on a post of the sample.
type DraftMark struct {
	Text, Lang string
	About      bool
}

// Drafted is what a draft finds.
type Drafted struct {
	Query   string
	Taken   bool          // another brand has the name
	Posts   []DraftedPost // a mix of what matches, ten at most
	Matched int64
	Ignored int64 // would match but for a word to ignore
	Sources []SampledSource
	Exclude []relevance.Exclusion // words that would keep marked posts out; Wrong is not known
}

// DraftedPost is a post and where the brand's words stand in it, in bytes.
type DraftedPost struct {
	adalid.Mention
	Hits   []relevance.Span
	Stored bool
}

// SampledSource is what was read of one source; Posts are those that it gave,
// whether they match or not.
type SampledSource struct {
	scan.Standing
	Platform adalid.Platform
	Posts    int64
}

// NewPreview is a brand as somebody is thinking of it.
type NewPreview struct {
	Name   string           `json:"name" minLength:"1" maxLength:"200"`
	Also   []string         `json:"also,omitempty" nullable:"false" maxItems:"20" doc:"How else it is written: words, phrases, #hashtags, @handles."`
	Ignore []string         `json:"ignore,omitempty" nullable:"false" maxItems:"50" doc:"Posts that contain one of these are something else."`
	Brand  string           `json:"brand,omitempty" maxLength:"200" doc:"Name under which it is stored already: its mentions are looked at too."`
	Marks  []NewPreviewMark `json:"marks,omitempty" nullable:"false" maxItems:"20" doc:"What was said of posts of the sample; exclude is made of them."`
}

// NewPreviewMark says whether a post of the sample is about the brand.
type NewPreviewMark struct {
	Text  string `json:"text" minLength:"1" maxLength:"5000"`
	Lang  string `json:"lang,omitempty" maxLength:"35"`
	About bool   `json:"about"`
}

// Preview is what the words find now.
type Preview struct {
	Query   string          `json:"query" doc:"What the words make; create-brand takes it."`
	Taken   bool            `json:"taken" doc:"Another brand has the name."`
	Read    *int64          `json:"read" doc:"Posts looked at. null: nothing could be read, which says nothing about how many there are."`
	Matched *int64          `json:"matched" doc:"Of read; null with it."`
	Ignored *int64          `json:"ignored" doc:"Of read: they would match but for a word to ignore."`
	Posts   []PreviewPost   `json:"posts" nullable:"false" doc:"Ten at most, of all that matched, a mix of the sources and the newest first."`
	Sources []PreviewSource `json:"sources" nullable:"false" doc:"What was asked: what needs no key, costs nothing and searches."`
	Exclude []PreviewWord   `json:"exclude" nullable:"false" doc:"Words that would keep the posts out that are marked as not about the brand."`
}

// PreviewPost is a post of the sample. It is not stored.
type PreviewPost struct {
	Key       string     `json:"key" doc:"As of the mention, once it is stored."`
	Platform  string     `json:"platform"`
	URL       *string    `json:"url"`
	CreatedAt *time.Time `json:"created_at"`
	Author    *string    `json:"author"`
	Lang      *string    `json:"lang"`
	Text      []TextPart `json:"text" nullable:"false" doc:"Cut after 1,200 characters."`
	Stored    bool       `json:"stored" doc:"It is a mention of the brand already."`
}

// TextPart is a piece of a text.
type TextPart struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit" doc:"One of the brand's words stands here."`
}

// PreviewSource is how the sample of a source went.
type PreviewSource struct {
	Source   string  `json:"source"`
	Platform string  `json:"platform"`
	Read     *int64  `json:"read" doc:"Posts that it gave; null: it could not be read."`
	Kind     *string `json:"kind" doc:"What stopped it: auth, forbidden, rate_limited, transient, schema, …; timeout: it took too long; null: nothing."`
	Reason   *string `json:"reason" doc:"One sentence."`
}

// PreviewWord is a word to ignore.
type PreviewWord struct {
	Word      string `json:"word"`
	MarkedNot int64  `json:"marked_not" doc:"Marked as not about the brand, would go."`
	Unmarked  int64  `json:"unmarked" doc:"Posts of the sample without a mark that would go too."`
}

type (
	previewInput  struct{ Body NewPreview }
	previewAnswer struct{ Body Preview }
)

func (s *server) registerPreviews(a huma.API) {
	register(a, described(op(http.MethodPost, "/brand-preview", "preview-brand", "What the words of a brand would find"),
		"For a brand that is not stored yet. Reads a page or a few of what needs no key and costs nothing, for five seconds at most, and keeps nothing; the same words are answered from memory for a minute. "+
			"Where nothing can be read, read is null and sources say why; so they do after 20 samples in a minute."), s.previewBrand)
}

func (s *server) previewBrand(ctx context.Context, in *previewInput) (*previewAnswer, error) {
	b := in.Body
	d := Draft{Name: strings.TrimSpace(b.Name), Also: b.Also, Ignore: b.Ignore}
	if err := adalid.CheckBrandName(d.Name); err != nil {
		return nil, err
	}
	if b.Brand != "" {
		stored, err := s.Brands.Brand(ctx, b.Brand)
		if err != nil {
			return nil, err
		}
		d.Stored = stored.Name
	}
	for _, m := range b.Marks {
		d.Marks = append(d.Marks, DraftMark(m))
	}
	found, err := s.Previewer.PreviewBrand(ctx, d)
	if err != nil {
		return nil, err
	}
	return &previewAnswer{wirePreview(found)}, nil
}

func wirePreview(d Drafted) Preview {
	out := Preview{Query: d.Query, Taken: d.Taken, Posts: []PreviewPost{}, Sources: []PreviewSource{}, Exclude: []PreviewWord{}}
	for _, x := range d.Sources {
		w := PreviewSource{Source: x.Source, Platform: string(x.Platform), Kind: some(string(x.Kind)), Reason: some(x.Reason)}
		if x.State == scan.Done || x.Posts > 0 {
			w.Read = &x.Posts
		}
		if w.Read != nil {
			read := x.Posts
			if out.Read != nil {
				read += *out.Read
			}
			out.Read, out.Matched, out.Ignored = &read, &d.Matched, &d.Ignored
		}
		out.Sources = append(out.Sources, w)
	}
	for _, p := range d.Posts {
		author := p.Author.Name
		if author == "" {
			author = p.Author.Handle
		}
		out.Posts = append(out.Posts, PreviewPost{
			Key: mentionKey(p.Platform, p.ID), Platform: string(p.Platform), URL: link(p.URL), CreatedAt: known(p.CreatedAt),
			Author: some(author), Lang: some(p.Lang), Text: textParts(p.Text, p.Hits), Stored: p.Stored,
		})
	}
	for _, e := range d.Exclude {
		out.Exclude = append(out.Exclude, PreviewWord{strings.Trim(strings.TrimPrefix(e.Query, "-"), `"`), int64(e.MarkedNot), int64(e.Unmarked)})
	}
	return out
}

// longestSample is how much of a post is shown, in bytes.
const longestSample = 1200

// textParts cuts a text at its hits, which are by place and may overlap.
func textParts(text string, hits []relevance.Span) []TextPart {
	full := len(text)
	if shown := cut(text, longestSample); shown != text {
		full, text = len(shown)-len("…"), shown
	}
	out := []TextPart{}
	at := 0
	add := func(to int, hit bool) {
		if to > at {
			out = append(out, TextPart{text[at:to], hit})
			at = to
		}
	}
	for _, h := range hits {
		if h.End > full || h.Start < at && h.End <= at {
			continue
		}
		add(h.Start, false)
		add(h.End, true)
	}
	add(len(text), false)
	return out
}
