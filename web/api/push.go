package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"adalid"
	"adalid/internal/account"
)

// Pushed says what became of mentions that were sent in.
type Pushed struct {
	Rows       int64       `json:"rows"`
	New        int64       `json:"new" doc:"Mentions not known before."`
	Changed    int64       `json:"changed"`
	Repeated   int64       `json:"repeated" doc:"Known, and nothing new in them."`
	Suppressed int64       `json:"suppressed" doc:"Of people who were erased: nothing of them is stored."`
	Unmatched  int64       `json:"unmatched" doc:"Rows that the brand's query did not want; 0 unless match is query."`
	Rejected   int64       `json:"rejected" doc:"Rows that could not be used; the others are stored."`
	Rejects    []PushedRow `json:"rejects" nullable:"false" doc:"The first 100 of these."`
}

// PushedRow is a row that could not be used.
type PushedRow struct {
	Row    *int64  `json:"row" doc:"From 1: element of the array, or line that is not empty."`
	Field  *string `json:"field" doc:"null: the row as a whole is wrong."`
	Reason string  `json:"reason"`
}

// maxPush bounds the body of a push.
const maxPush = 5 << 20

type pushInput struct {
	BrandPath
	Key       string `header:"Idempotency-Key" maxLength:"200" doc:"Names this request: repeating it with the same body repeats the answer and nothing else."`
	ID        string `header:"webhook-id" maxLength:"200" doc:"The same, as Standard Webhooks name it; it wins over Idempotency-Key."`
	Timestamp string `header:"webhook-timestamp" maxLength:"20" doc:"Unix seconds; with a secret, at most five minutes from now."`
	Signature string `header:"webhook-signature" maxLength:"4000" doc:"v1, and base64 of the HMAC-SHA256 over id.timestamp.body; several are separated by spaces."`
	Match     string `query:"match" enum:"all,query" doc:"query keeps only what the brand's query matches. Left out: all."`
	Platform  string `query:"platform" pattern:"^[a-z0-9_.-]{1,32}$" doc:"For rows that name none. Left out: x."`

	c *gin.Context
}

// Resolve keeps the request: what is signed is the body as it came.
func (in *pushInput) Resolve(ctx huma.Context) []error {
	in.c = humagin.Unwrap(ctx)
	return nil
}

type pushAnswer struct {
	Replayed string `header:"Idempotent-Replay" doc:"true when this repeats an earlier answer."`
	Body     Pushed
}

// isPush tells whether the request brings rows instead of one JSON value.
func isPush(c *gin.Context) bool {
	return c.Request.Method == http.MethodPost && c.FullPath() == Prefix+"/brands/:brand/mentions"
}

func (s *server) registerPushes(a huma.API) {
	const path = "/brands/{brand}/mentions"
	o := described(op(http.MethodPost, path, "push-mentions", "Send mentions in"),
		"The body is a JSON array, one JSON object, or JSON Lines of canonical rows. The answer comes when all rows that can be used are stored; a row that cannot be used keeps none of the others out.")
	register(a, also(o, "401", "The signature is missing or wrong; only where a secret is configured"), s.pushMentions)
	row, most := &huma.Schema{Type: "object"}, maxPush
	a.OpenAPI().Paths[path].Post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/json":     {Schema: &huma.Schema{Type: "array", Items: row, MaxItems: &most}},
		"application/x-ndjson": {Schema: &huma.Schema{Type: "string", MaxLength: &most}},
	}}
}

func (s *server) pushMentions(ctx context.Context, in *pushInput) (*pushAnswer, error) {
	body, err := in.body()
	if err != nil {
		return nil, err
	}
	// A key, or whoever signed in, has shown who they are; a signature that is given
	// has to be right all the same.
	kind := account.From(ctx).Kind
	if known := kind == account.Key || kind == account.Person; len(s.PushKey) > 0 && (in.Signature != "" || !known) {
		if err := checkSignature(s.PushKey, in, body, s.Now()); err != nil {
			return nil, err
		}
	}
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	lines, err := rowLines(body)
	if err != nil {
		return nil, err
	}
	key := in.ID
	if key == "" {
		key = in.Key
	}
	if key == "" {
		pushed, err := s.receive(ctx, b.Name, lines, in)
		return &pushAnswer{Body: pushed}, err
	}
	return s.pushOnce(ctx, b.Name, key, body, lines, in)
}

// pushOnce does the work of a key once, and repeats its answer.
func (s *server) pushOnce(ctx context.Context, brand, key string, body, lines []byte, in *pushInput) (*pushAnswer, error) {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %s", in.Match, in.Platform, body))
	stored, err := s.Receiver.BeginPush(ctx, brand, key, sum[:])
	if err != nil {
		return nil, err
	}
	if stored != nil {
		var again Pushed
		if err := json.Unmarshal(stored, &again); err != nil {
			return nil, fmt.Errorf("api: read a stored answer: %w", err)
		}
		return &pushAnswer{"true", again}, nil
	}
	pushed, err := s.receive(ctx, brand, lines, in)
	var answer []byte
	if err == nil {
		answer, err = json.Marshal(pushed)
	}
	// Also when the sender is gone: it will ask again with the same key.
	err = errors.Join(err, s.Receiver.EndPush(context.WithoutCancel(ctx), brand, key, answer))
	return &pushAnswer{Body: pushed}, err
}

func (s *server) receive(ctx context.Context, brand string, lines []byte, in *pushInput) (Pushed, error) {
	r, err := s.Receiver.Receive(ctx, brand, lines, PushOptions{Match: in.Match, Platform: in.Platform})
	if err != nil {
		return Pushed{}, toldError(err)
	}
	out := Pushed{
		Rows: r.Rows, New: r.New, Changed: r.Changed, Repeated: r.Repeated, Suppressed: r.Suppressed, Unmatched: r.Unmatched, Rejected: r.Rejected,
		Rejects: make([]PushedRow, len(r.Rejects)),
	}
	for i, x := range r.Rejects {
		out.Rejects[i] = PushedRow{Field: some(x.Field), Reason: told(x.Reason)}
		if x.Row > 0 {
			out.Rejects[i].Row = &x.Row
		}
	}
	return out, nil
}

// body reads the request whole.
func (in *pushInput) body() ([]byte, error) {
	switch ct, _, err := mime.ParseMediaType(in.c.GetHeader("Content-Type")); {
	case err == nil && (ct == "application/json" || ct == "application/x-ndjson"):
	default:
		return nil, newProblem(http.StatusUnsupportedMediaType, "Send the rows as application/json or application/x-ndjson.")
	}
	body, err := io.ReadAll(http.MaxBytesReader(in.c.Writer, in.c.Request.Body, maxPush))
	if err != nil {
		return nil, bodyProblem(err)
	}
	return body, nil
}

// rowLines gives the rows of a body as JSON Lines: the elements of an array, a
// single object however it is written, or the lines as they are.
func rowLines(body []byte) ([]byte, error) {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	text := bytes.TrimSpace(body)
	switch {
	case !utf8.Valid(text):
		return nil, newProblem(http.StatusBadRequest, "The body is not JSON in UTF-8.")
	case len(text) == 0:
		return nil, adalid.Errorf(adalid.Invalid, "There are no rows in the body.")
	case text[0] != '[' && !(text[0] == '{' && json.Valid(text)):
		return append(body[:len(body):len(body)], '\n'), nil // without it a broken last line would count as cut off
	}
	rows := []json.RawMessage{text}
	if text[0] == '[' {
		if err := json.Unmarshal(text, &rows); err != nil {
			return nil, newProblem(http.StatusBadRequest, "The body is no JSON array.")
		}
	}
	if len(rows) == 0 {
		return nil, adalid.Errorf(adalid.Invalid, "There are no rows in the body.")
	}
	var lines bytes.Buffer
	for _, row := range rows {
		if err := json.Compact(&lines, row); err != nil {
			return nil, newProblem(http.StatusBadRequest, "The body is no JSON array.")
		}
		lines.WriteByte('\n')
	}
	return lines.Bytes(), nil
}
