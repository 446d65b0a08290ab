package api

import (
	"cmp"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"adalid"
)

// Import tells how far an import is and what it did.
type Import struct {
	ID         string        `json:"id"`
	Brand      string        `json:"brand"`
	Name       *string       `json:"name" doc:"Of the uploaded file."`
	State      string        `json:"state" enum:"running,done,failed"`
	Rows       int64         `json:"rows" doc:"Read, rejected ones included."`
	New        int64         `json:"new" doc:"Mentions not known before."`
	Changed    int64         `json:"changed"`
	Repeated   int64         `json:"repeated" doc:"Known, and nothing new in them."`
	Suppressed int64         `json:"suppressed" doc:"Of people who were erased: nothing of them is stored."`
	Rejected   int64         `json:"rejected" doc:"Rows that could not be used."`
	Unmatched  int64         `json:"unmatched" doc:"Rows that the brand's query did not want; 0 unless match is query."`
	Read       int64         `json:"read_bytes"`
	Size       *int64        `json:"size_bytes"`
	Progress   *float64      `json:"progress" doc:"In [0, 1]; null when the size is unknown."`
	Notices    []ImportTrap  `json:"notices" nullable:"false" doc:"Known traps of real data met in the file."`
	Rejects    []ImportedRow `json:"rejects" nullable:"false" doc:"The first ten rejected rows."`
	Error      *string       `json:"error" doc:"Why it failed."`
	Started    *time.Time    `json:"started"`
	Finished   *time.Time    `json:"finished"`
}

// ImportTrap is a known trap of real data: its code, how often it was met, up
// to three examples.
type ImportTrap struct {
	Code     string   `json:"code"`
	Count    int64    `json:"count"`
	Examples []string `json:"examples" nullable:"false"`
}

// ImportedRow is a row of a file that could not be used.
type ImportedRow struct {
	Row    *int64  `json:"row" doc:"From 1: row of a table without its head, line of JSON Lines, element of an array; null: not known."`
	Column *string `json:"column" doc:"As the file calls it; null: the row as a whole, or nobody knows which."`
	Reason string  `json:"reason" doc:"One sentence."`
}

// ImportList is a brand's imports, newest first.
type ImportList struct {
	Items []Import `json:"items" nullable:"false"`
}

type startInput struct {
	BrandPath
	Name      string   `query:"name" maxLength:"200" doc:"Name of the file; multipart uploads bring their own."`
	Format    string   `query:"format" enum:"auto,canonical,csv,tweets-v1,tweets-v2,x-archive,mastodon" doc:"Left out: recognised."`
	Match     string   `query:"match" enum:"all,query" doc:"query keeps only what the brand's query matches. Left out: all."`
	Platform  string   `query:"platform" pattern:"^[a-z0-9_.-]{1,32}$" doc:"For rows that name none."`
	Map       []string `query:"map,explode" nullable:"false" maxItems:"50" doc:"FIELD=COLUMN or FIELD=TEMPLATE; may be given more than once."`
	DateOrder string   `query:"date_order" enum:"auto,dmy,mdy,ymd"`
	Timezone  string   `query:"timezone" pattern:"^[A-Za-z0-9_+/-]{1,64}$" doc:"IANA name, for times without a zone."`
	Year      int      `query:"year" minimum:"1970" maximum:"9999" doc:"For dates without a year."`

	c *gin.Context
}

// Resolve keeps the request: an upload is read as it comes, not first into
// memory.
func (in *startInput) Resolve(ctx huma.Context) []error {
	in.c = humagin.Unwrap(ctx)
	return nil
}

type importPath struct {
	BrandPath
	ID string `path:"id" maxLength:"200"`
}

type (
	importAnswer  struct{ Body Import }
	importStarted struct {
		Location string `header:"Location"`
		Body     Import
	}
	importsAnswer struct{ Body ImportList }
)

func (s *server) registerImports(a huma.API) {
	const path = "/brands/{brand}/imports"
	register(a, op(http.MethodGet, path, "list-imports", "Imports of the brand, newest first"), s.listImports)
	start := described(op(http.MethodPost, path, "start-import", "Upload an export"),
		"Send the file as the body, plain or gzipped, or as the file of a multipart form. It is answered when the file has "+
			"arrived; the import goes on, and Location tells how far it is. Importing the same rows again changes nothing.")
	start.DefaultStatus = http.StatusAccepted
	register(a, start, s.startImport)
	binary := &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	a.OpenAPI().Paths[path].Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": binary, "text/csv": binary, "text/tab-separated-values": binary,
		"application/json": binary, "application/x-ndjson": binary, "application/gzip": binary,
		"multipart/form-data": {Schema: &huma.Schema{
			Type: "object", Required: []string{"file"},
			Properties: map[string]*huma.Schema{"file": {Type: "string", Format: "binary"}},
		}},
	}}
	register(a, op(http.MethodGet, path+"/{id}", "get-import", "How far an import is"), s.getImport)
}

func (s *server) listImports(ctx context.Context, in *BrandPath) (*importsAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	all, err := s.Importer.List(ctx, b.Name)
	if err != nil {
		return nil, err
	}
	list := ImportList{Items: make([]Import, len(all))}
	for i, st := range all {
		list.Items[i] = wireImport(st)
	}
	return &importsAnswer{list}, nil
}

func (s *server) getImport(ctx context.Context, in *importPath) (*importAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	st, err := s.Importer.Status(ctx, b.Name, in.ID)
	if err != nil {
		return nil, err
	}
	return &importAnswer{wireImport(st)}, nil
}

func (s *server) startImport(ctx context.Context, in *startInput) (*importStarted, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	up := &upload{body: http.MaxBytesReader(in.c.Writer, in.c.Request.Body, s.MaxUpload), c: http.NewResponseController(in.c.Writer)}
	body, name, err := up.file(in.c.Request, in.Name)
	if err == nil {
		var st ImportStatus
		if st, err = s.Importer.Start(ctx, b.Name, name, body, in.options()); err == nil {
			return &importStarted{brandURL(b.Name) + "/imports/" + url.PathEscape(st.ID), wireImport(st)}, nil
		}
		err = toldError(err)
	}
	if up.err != nil {
		return nil, bodyProblem(up.err)
	}
	return nil, err
}

func (in *startInput) options() ImportOptions {
	return ImportOptions{
		Format: in.Format, Match: in.Match, Platform: in.Platform, Map: in.Map,
		DateOrder: in.DateOrder, Timezone: in.Timezone, Year: in.Year,
	}
}

// patience is how long an upload may pause.
const patience = 30 * time.Second

// upload reads a body of any length as long as it keeps coming, and remembers
// why it could not.
type upload struct {
	body io.Reader
	c    *http.ResponseController
	err  error
}

// Read reads on and moves the connection's deadlines.
func (u *upload) Read(p []byte) (int, error) {
	now := time.Now() // of the connection, not of the service
	if err := errors.Join(u.c.SetReadDeadline(now.Add(patience)), u.c.SetWriteDeadline(now.Add(2*patience))); err != nil &&
		!errors.Is(err, http.ErrNotSupported) {
		u.err = err
		return 0, err
	}
	n, err := u.body.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		u.err = err
	}
	return n, err
}

// file gives the uploaded file and its name: the body itself, or the first
// part of a form.
func (u *upload) file(r *http.Request, name string) (io.Reader, string, error) {
	ct, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.Header.Get("Content-Type") != "" && err != nil {
		return nil, "", newProblem(http.StatusUnsupportedMediaType, "The Content-Type cannot be read.")
	}
	if ct != "multipart/form-data" {
		if r.ContentLength == 0 {
			return nil, "", adalid.Errorf(adalid.Invalid, "The upload is empty.")
		}
		return u, fileName(name), nil
	}
	if params["boundary"] == "" {
		return nil, "", newProblem(http.StatusUnsupportedMediaType, "The Content-Type of a form needs a boundary.")
	}
	r.Body = io.NopCloser(u)
	form, err := r.MultipartReader()
	if err != nil {
		return nil, "", newProblem(http.StatusBadRequest, "The form cannot be read.")
	}
	part, err := form.NextPart()
	if err != nil {
		return nil, "", newProblem(http.StatusBadRequest, "The form cannot be read; it has to hold one file.")
	}
	if part.FormName() != "file" {
		return nil, "", newProblem(http.StatusUnprocessableEntity, "The form has to begin with the field file; options are given in the address.")
	}
	if n := part.FileName(); n != "" {
		name = n
	}
	return formFile{part, u}, fileName(name), nil
}

// formFile tells the upload of forms that end too early.
type formFile struct {
	part io.Reader
	up   *upload
}

// Read reads the part.
func (f formFile) Read(p []byte) (int, error) {
	n, err := f.part.Read(p)
	if err != nil && !errors.Is(err, io.EOF) && f.up.err == nil {
		f.up.err = err
	}
	return n, err
}

// fileName makes a name that a client chose fit to show; it is never a path.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if name == "." || name == "/" || !utf8.ValidString(name) {
		return ""
	}
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name)
	if rs := []rune(name); len(rs) > 200 {
		name = string(rs[:200])
	}
	return name
}

func wireImport(st ImportStatus) Import {
	out := Import{
		ID: st.ID, Brand: st.Brand, Name: some(st.Name), State: string(st.State),
		Rows: st.Rows, New: st.New, Changed: st.Changed, Repeated: st.Repeated, Suppressed: st.Suppressed, Rejected: st.Rejected, Unmatched: st.Unmatched, Read: st.Read,
		Notices: make([]ImportTrap, len(st.Notices)), Rejects: make([]ImportedRow, len(st.Rejects)), Error: some(told(st.Error)), Started: known(st.Started), Finished: known(st.Finished),
	}
	if st.Size > 0 {
		done := min(1, float64(st.Read)/float64(st.Size))
		out.Size, out.Progress = &st.Size, &done
	}
	for i, x := range st.Rejects {
		out.Rejects[i] = ImportedRow{Column: some(cut(cmp.Or(x.Column, x.Field), mostOfFile)), Reason: told(x.Reason)}
		if x.Row > 0 {
			out.Rejects[i].Row = &x.Row
		}
	}
	for i, n := range st.Notices {
		out.Notices[i] = ImportTrap{n.Code, n.Count, append([]string{}, n.Examples...)}
	}
	return out
}
