package api

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid/internal/account"
	"adalid/internal/export"
)

// AuditEntry is one thing that was done.
type AuditEntry struct {
	N       int64     `json:"n" doc:"From 1, without holes."`
	At      time.Time `json:"at"`
	Kind    string    `json:"actor_kind" enum:"person,key,machine,service,subject,nobody"`
	Actor   *string   `json:"actor" doc:"Id of the user or key; null for other kinds."`
	Action  string    `json:"action" doc:"Operation of this API, or command of the program."`
	Brand   *string   `json:"brand" doc:"null: none, or one that is not there any more."`
	Object  *string   `json:"object" doc:"Id of what it was done to. sha256: a hash, where the id could hold a name."`
	Outcome string    `json:"outcome" doc:"ok, or the code of the failure."`
	Hash    string    `json:"hash" doc:"SHA-256 over the entry and the hash of the one before it, in hexadecimal."`
}

// AuditEntryList is a page of the audit log.
type AuditEntryList struct {
	Items      []AuditEntry `json:"items" nullable:"false"`
	NextCursor *string      `json:"next_cursor" doc:"null on the last page."`
}

type auditLogInput struct {
	Brand  string `query:"brand" maxLength:"200" doc:"Only what was done to this brand. Left out: everything, for owners of all brands."`
	Format string `query:"format" enum:"json,csv" default:"json"`
	Limit  int    `query:"limit" minimum:"1" maximum:"10000" default:"100"`
	Cursor string `query:"cursor" pattern:"^[1-9][0-9]{0,17}$" maxLength:"18" doc:"next_cursor of the page before; of CSV, n of its last row."`
}

var auditListType = reflect.TypeFor[AuditEntryList]()

type auditLogAnswer struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (s *server) registerAuditLog(a huma.API) {
	o := described(op(http.MethodGet, "/audit-log", "get-audit-log", "What was done, by whom, the newest first"),
		"Every change, every sign-in, and what was refused. It is only added to; adalid audit-log --verify tells whether it is as it was written.")
	o.Responses = map[string]*huma.Response{"200": {
		Description: "OK",
		Content: map[string]*huma.MediaType{
			"application/json": {Schema: a.OpenAPI().Components.Schemas.Schema(auditListType, true, "")},
			"text/csv":         {Schema: &huma.Schema{Type: "string"}},
		},
	}}
	register(a, o, s.getAuditLog)
}

func (s *server) getAuditLog(ctx context.Context, in *auditLogInput) (*auditLogAnswer, error) {
	q := account.LogQuery{Brand: in.Brand, Limit: in.Limit + 1}
	q.Before, _ = strconv.ParseInt(in.Cursor, 10, 64) // its form was checked; "" is 0
	var entries []account.Entry
	if s.AuditLog != nil {
		var err error
		if entries, err = s.AuditLog.AuditLog(ctx, q); err != nil {
			return nil, err
		}
	}
	list := AuditEntryList{Items: []AuditEntry{}}
	for i, e := range entries {
		if i == in.Limit {
			list.NextCursor = some(strconv.FormatInt(list.Items[i-1].N, 10))
			break
		}
		list.Items = append(list.Items, WireAuditEntry(e))
	}
	if in.Format == "csv" {
		return list.csv()
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(list)
	return &auditLogAnswer{"application/json", body.Bytes()}, err
}

// AuditColumns are the columns of the audit log as a table.
func AuditColumns() []string {
	return []string{"n", "at", "actor_kind", "actor", "action", "brand", "object", "outcome", "hash"}
}

// Cells gives an entry as a row of these; see export.Writer.
func (e AuditEntry) Cells() []any {
	return []any{e.N, e.At, e.Kind, e.Actor, e.Action, e.Brand, e.Object, e.Outcome, e.Hash}
}

func (l AuditEntryList) csv() (*auditLogAnswer, error) {
	var body bytes.Buffer
	w, err := export.New(&body, export.Options{Format: export.CSV, Columns: AuditColumns()})
	if err != nil {
		return nil, err
	}
	for _, e := range l.Items {
		if err := w.Row(e.Cells()...); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return &auditLogAnswer{export.CSV.MediaType(), body.Bytes()}, nil
}

// WireAuditEntry gives an entry as the API shows it; the terminal answers the same
// with --json.
func WireAuditEntry(e account.Entry) AuditEntry {
	kind := string(e.Kind)
	if kind == "" {
		kind = "nobody"
	}
	return AuditEntry{
		N: e.N, At: e.At.UTC(), Kind: kind, Actor: some(e.Actor), Action: e.Action, Brand: some(e.Brand), Object: some(e.Object),
		Outcome: e.Outcome, Hash: hex.EncodeToString(e.Hash),
	}
}
