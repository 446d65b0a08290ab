package api

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"adalid/internal/account"
	"adalid/internal/export"
	"adalid/internal/rank"
	"adalid/scoring"
)

const (
	exportsAtOnce = 8    // of all clients together
	exportsOfOne  = 2    // of them
	exportPage    = 2000 // mentions read at a time
)

// isExport tells requests for all rows: they take as long as the client reads.
func isExport(c *gin.Context) bool {
	return strings.HasPrefix(c.FullPath(), Prefix+"/brands/:brand/exports/")
}

type exportAdvocatesInput struct {
	BrandPath
	AdvocateChoice
	People []string `query:"people" maxItems:"500" doc:"Only these of the list, by id, separated by commas; left out: everybody in it."`
	Format string   `query:"format" enum:"csv,xlsx,jsonl" default:"csv"`
}

type exportMentionsInput struct {
	BrandPath
	MentionChoice
	Format string `query:"format" enum:"csv,xlsx,jsonl" default:"csv"`
}

func (s *server) registerExports(a huma.API) {
	const about = "Streams: it takes as long as the client reads, and a connection that breaks before the end did not bring everything. " +
		"In CSV and XLSX an apostrophe stands before text that a spreadsheet would take for a formula; importing the CSV takes it away again. Unknown is empty."
	register(a, exported(described(op(http.MethodGet, "/brands/{brand}/exports/advocates", "export-advocates", "Everybody in a list of advocates as a table"),
		"The list that list-advocates gives for the same parameters, all of it. "+about)), s.exportAdvocates)
	register(a, exported(described(op(http.MethodGet, "/brands/{brand}/exports/mentions", "export-mentions", "All posts about the brand as a table"),
		"The posts that list-mentions gives for the same parameters, all of them, the newest first. What is stored while it is read may be in it. "+about)), s.exportMentions)
}

func exported(o huma.Operation) huma.Operation {
	file := &huma.MediaType{Schema: &huma.Schema{Type: "string"}}
	content := map[string]*huma.MediaType{}
	for _, f := range []export.Format{export.CSV, export.XLSX, export.JSONL} {
		kind, _, _ := strings.Cut(f.MediaType(), ";")
		content[kind] = file
	}
	o.Responses = map[string]*huma.Response{"200": {Description: "The table, to be saved as a file", Content: content}}
	return o
}

func (s *server) exportAdvocates(ctx context.Context, in *exportAdvocatesInput) (*huma.StreamResponse, error) {
	q, err := in.query(ctx)
	if err != nil {
		return nil, err
	}
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	r, err := s.Ranker.Rank(ctx, b.Name, q)
	if err != nil {
		return nil, err
	}
	if len(in.People) > 0 {
		r.Entries = slices.DeleteFunc(slices.Clone(r.Entries), func(e rank.Entry) bool { return !slices.Contains(in.People, e.Person.ID) })
	}
	return s.table(ctx, b.Name, "advocates", in.Format, func(_ context.Context, f ExportFile) error {
		return WriteAdvocates(f, r)
	})
}

func (s *server) exportMentions(ctx context.Context, in *exportMentionsInput) (*huma.StreamResponse, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	first := q // what is wrong with the question is told before the answer begins
	first.Limit = 1
	if _, _, err := s.Evidence.Posts(ctx, b.Name, first); err != nil {
		return nil, err
	}
	return s.table(ctx, b.Name, "mentions", in.Format, func(ctx context.Context, f ExportFile) error {
		return WriteMentions(ctx, f, s.Evidence, b.Name, q)
	})
}

// table answers with a file that write fills. What goes wrong after it has begun
// cuts the connection: nobody may take a part for the whole.
func (s *server) table(ctx context.Context, brand, what, format string, write func(context.Context, ExportFile) error) (*huma.StreamResponse, error) {
	f, err := export.ParseFormat(format)
	if err != nil {
		return nil, err
	}
	who := account.From(ctx)
	if !s.exporting.begin(who.Kind, who.ID) {
		return nil, newProblem(http.StatusTooManyRequests, "Too many exports are under way; try again when one has ended.")
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer s.exporting.end(who.Kind, who.ID)
		c := humagin.Unwrap(hc)
		hc.SetHeader("Content-Type", f.MediaType())
		hc.SetHeader("Content-Disposition", `attachment; filename="`+ExportName(brand, what, s.Now(), f)+`"`)
		hc.SetHeader("Cache-Control", "private, no-store")
		hc.SetStatus(http.StatusOK)
		if headOnly(hc.Context()) {
			return
		}
		out := &patient{w: c.Writer, c: http.NewResponseController(c.Writer)}
		ctx, cancel := context.WithCancel(hc.Context())
		defer cancel()
		go s.watch(ctx, func() {
			cancel()
			out.stop()
		})
		// The connection's limits are for usual answers; each write has its own.
		err := supported(out.c.SetReadDeadline(time.Time{}))
		if err == nil {
			err = write(ctx, ExportFile{Out: out, Format: f, TempDir: s.TempDir, Tick: func(int64) { _ = out.until() }})
		}
		if err != nil {
			if hc.Context().Err() == nil {
				_ = c.Error(err) // for the log
			}
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

// watch calls stop when the server stops, or when who asked may not ask any more,
// such as with a key that was revoked.
func (s *server) watch(ctx context.Context, stop func()) {
	rights := time.NewTicker(s.lookAtRights())
	defer rights.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.Stopping:
			stop()
			return
		case <-rights.C:
			if stillAllowed(ctx) != nil {
				stop()
				return
			}
		}
	}
}

// exporting counts the exports under way, by who asked. The zero value counts none.
type exporting struct {
	mu  sync.Mutex
	all int
	of  map[exporter]int
}

type exporter struct {
	kind account.Kind
	id   string
}

// begin counts one more, unless there is no room for it.
func (e *exporting) begin(kind account.Kind, id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	who := exporter{kind, id}
	if e.all >= exportsAtOnce || e.of[who] >= exportsOfOne {
		return false
	}
	if e.of == nil {
		e.of = map[exporter]int{}
	}
	e.all++
	e.of[who]++
	return true
}

func (e *exporting) end(kind account.Kind, id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	who := exporter{kind, id}
	e.all--
	if e.of[who]--; e.of[who] == 0 {
		delete(e.of, who)
	}
}

// patient writes for as long as every single write gets through in time.
type patient struct {
	w       io.Writer
	c       *http.ResponseController
	stopped atomic.Bool
}

// stop lets no further write through, and ends the one that waits.
func (p *patient) stop() {
	p.stopped.Store(true)
	_ = p.c.SetWriteDeadline(time.Now())
}

func (p *patient) until() error {
	if p.stopped.Load() {
		return context.Canceled
	}
	return supported(p.c.SetWriteDeadline(time.Now().Add(writeWithin)))
}

// Write implements io.Writer.
func (p *patient) Write(b []byte) (int, error) {
	if err := p.until(); err != nil {
		return 0, err
	}
	return p.w.Write(b)
}

// ExportName is what a file with a brand's rows is called: letters, digits and
// dashes alone, whatever the brand is called.
func ExportName(brand, what string, now time.Time, f export.Format) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, brand[:min(len(brand), 60)])
	name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '-' }), "-")
	if name != "" {
		name += "-"
	}
	return "adalid-" + name + what + "-" + now.UTC().Format(time.DateOnly) + "." + string(f)
}

// ExportFile is where the rows of an export go.
type ExportFile struct {
	Out     io.Writer
	Format  export.Format
	TempDir string           // for what XLSX has to keep aside; "" is the system's
	Tick    func(rows int64) // told now and then how many rows there are; nil: nobody is told
}

// fill writes a table; rows is called with what takes a row.
func (f ExportFile) fill(sheet string, columns []string, rows func(add func(...any) error) error) error {
	w, err := export.New(f.Out, export.Options{Format: f.Format, Columns: columns, Sheet: sheet, TempDir: f.TempDir})
	if err != nil {
		return err
	}
	defer w.Abort()
	n := int64(0)
	err = rows(func(cells ...any) error {
		if n++; f.Tick != nil && n%exportPage == 0 {
			f.Tick(n)
		}
		return w.Row(cells...)
	})
	if err != nil {
		return err
	}
	return w.Close()
}

// WriteMentions writes all posts that q finds, with the columns that an import
// reads; its Sort, After and Limit do not matter, the newest come first.
func WriteMentions(ctx context.Context, f ExportFile, posts rank.PostReader, brand string, q rank.PostQuery) error {
	columns := []string{
		"post_id", "platform", "brand", "author", "handle", "name", "followers", "following", "verified", "created_at", "observed_at", "lang", "text", "url",
		"likes", "reposts", "replies", "quotes", "views", "is_repost", "repost_of", "reply_to", "quote_of", "mentions", "brand_account", "sponsored",
		"person", "conversation", "copy", "sentiment", "tone", "corrected", "left_out", "adalid_export",
	}
	return f.fill("mentions", columns, func(add func(...any) error) error {
		q.Sort, q.After, q.Limit = rank.Newest, "", exportPage
		for {
			page, next, err := posts.Posts(ctx, brand, q)
			if err != nil {
				return err
			}
			for _, p := range page {
				m, a := p.Mention, p.Author
				err := add(m.ID, string(m.Platform), m.Brand, a.Key, a.Handle, a.Name, a.Followers, a.Following, a.Verified, m.CreatedAt, m.ObservedAt, m.Lang, m.Text, m.URL,
					m.Likes, m.Reposts, m.Replies, m.Quotes, m.Views, m.Repost, m.RepostOf, m.ReplyTo, m.QuoteOf, m.Mentions, p.Own, m.Sponsored,
					p.Person, p.Conversation, p.Copy, p.Sentiment, some(string(p.Tone)), p.Corrected, some(string(p.LeftOut)), 1)
				if err != nil {
					return err
				}
			}
			if q.After = next; next == "" {
				return nil
			}
		}
	})
}

// WriteAdvocates writes everybody in a ranking.
func WriteAdvocates(f ExportFile, r rank.Ranking) error {
	columns := append([]string{"rank", "person", "brand", "platform", "author", "handle", "name", "accounts", "segment", "score"}, scoring.Names[:]...)
	columns = append(columns, "score_low", "score_high", "score_safe", "rank_first", "rank_last", "top_20", "small_sample",
		"mentions", "reposts", "sponsored", "conversation", "active_days", "scored", "sentiment", "engagement", "views", "followers", "counterparts", "first", "last", "flags",
		"status", "status_since", "tags", "owner", "open_tasks")
	return f.fill("advocates", columns, func(add func(...any) error) error {
		for _, x := range r.Entries {
			if err := add(advocateCells(r.Brand, x)...); err != nil {
				return err
			}
		}
		return nil
	})
}

func advocateCells(brand string, x rank.Entry) []any {
	e := wireEntry(x)
	first := x.Person.Accounts[0]
	accounts := make([]string, len(x.Person.Accounts))
	for i, a := range x.Person.Accounts {
		accounts[i] = string(a.Platform) + "/" + strconv.Quote(a.Key)
	}
	cells := []any{e.Rank, e.ID, brand, string(first.Platform), first.Key, first.Handle, first.Name, accounts, e.Segment}
	if score := x.Score; score != nil {
		cells = append(cells, score.Total)
		for _, p := range score.Parts {
			cells = append(cells, p.Value)
		}
	} else {
		cells = append(cells, make([]any, 1+len(scoring.Names))...)
	}
	if sure := x.Sure; sure != nil {
		cells = append(cells, sure.Low, sure.High, sure.Safe)
		if p := sure.Place; p != nil {
			cells = append(cells, p.First, p.Last, p.Chance())
		} else {
			cells = append(cells, nil, nil, nil)
		}
		cells = append(cells, sure.Small)
	} else {
		cells = append(cells, make([]any, 7)...)
	}
	flags := make([]string, len(e.Flags))
	for i, f := range x.Flags {
		flags[i] = string(f.Code)
	}
	c := e.Evidence
	return append(cells, c.Mentions, c.Reposts, c.Sponsored, c.Conversation, c.ActiveDays, c.Scored, c.Sentiment, c.Engagement, c.Views, c.Followers,
		c.Counterparts, c.First, c.Last, flags, e.Status, e.StatusSince, e.Tags, some(x.Pipeline.OwnerName), e.OpenTasks)
}
