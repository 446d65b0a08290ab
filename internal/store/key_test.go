package store

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"adalid"
	access "adalid/internal/account"
)

func TestKeys(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	defer s.Close()
	add := func(brand, by string, role access.Role) (string, string) {
		id, text := access.NewKey()
		must(t, s.AddKey(ctx, access.APIKey{ID: id, Name: "n", Brand: brand, Role: role, MadeBy: by, Expires: time.Now().Add(time.Hour)}, access.HashKey(text)))
		return id, text
	}
	top, text := add("ACME", "local", access.Owner)
	child, _ := add("acme", "key:"+top, access.Viewer)
	grandchild, _ := add("acme", "key:"+child, access.Viewer)
	other, _ := add("", "local", access.Analyst)
	k, hash, err := s.APIKey(ctx, top)
	must(t, err)
	if k.Brand != "acme" || k.Role != access.Owner || k.Made.IsZero() || !k.Used.IsZero() || hash != access.HashKey(text) {
		t.Errorf("%+v", k)
	}
	raw := dump(t, s, "api_key")
	if strings.Contains(raw, text[len("adk_"+top+"_"):]) {
		t.Error("the database holds the key itself")
	}
	now := time.Now().Truncate(time.Second)
	must(t, s.UseKeys(ctx, map[string]time.Time{top: now, other: now}))
	must(t, s.UseKeys(ctx, map[string]time.Time{top: now.Add(-time.Hour)}))
	must(t, s.RevokeKey(ctx, top))
	list, err := s.APIKeys(ctx)
	must(t, err)
	if len(list) != 4 {
		t.Fatalf("%d keys", len(list))
	}
	for _, k := range list {
		if ended := !k.Revoked.IsZero(); ended != (k.ID != other) {
			t.Errorf("%s: revoked %v", k.ID, ended)
		}
		if k.ID == top && !k.Used.Equal(now) {
			t.Errorf("used %v, want %v", k.Used, now)
		}
	}
	_ = grandchild
	for _, err := range []error{s.RevokeKey(ctx, "none"), s.AddKey(ctx, access.APIKey{ID: "x", Name: "n", Brand: "nobody", Role: access.Viewer}, "h")} {
		if adalid.CodeOf(err) != adalid.NotFound {
			t.Error(err)
		}
	}
	db := sqlDB(t, s)
	_, err = db.ExecContext(ctx, "INSERT INTO api_key (id, name, hash, brand, role, made_by, made_at) VALUES ('lost', '', 'h', 4711, 'owner', '', 0)")
	must(t, err)
	if k, _, err := s.APIKey(ctx, "lost"); adalid.CodeOf(err) != adalid.NotFound {
		t.Errorf("a key of a brand that is gone: %+v, %v", k, err)
	}
	must(t, s.RemoveBrand(ctx, "acme"))
	if list, err = s.APIKeys(ctx); err != nil || len(list) != 1 || list[0].ID != other {
		t.Errorf("keys of a removed brand: %+v, %v", list, err)
	}
}

// dump gives all values of a table as text.
func dump(t *testing.T, s *Store, table string) string {
	t.Helper()
	rows, err := sqlDB(t, s).QueryContext(context.Background(), "SELECT * FROM "+table)
	must(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	must(t, err)
	var out strings.Builder
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		must(t, rows.Scan(values...))
		for _, v := range values {
			fmt.Fprintf(&out, "%s ", *v.(*any))
		}
		out.WriteByte('\n')
	}
	must(t, rows.Err())
	return out.String()
}

func TestAuditLogShowsTampering(t *testing.T) {
	ctx := context.Background()
	var said bytes.Buffer
	s, err := Open(ctx, Options{Dir: t.TempDir(), Logger: slog.New(slog.NewTextHandler(&said, nil))})
	must(t, err)
	defer s.Close()
	must(t, s.CreateBrand(ctx, adalid.Brand{Name: "Acme"}))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 5 {
				if err := s.AppendAudit(ctx, access.Entry{Kind: access.Person, Actor: "u1", Action: "label-mention", Brand: "ACME", Object: "7", Outcome: "ok"}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	must(t, s.AppendAudit(ctx, access.Entry{Kind: access.Key, Actor: "k1", Action: "get-brand", Brand: "@somebody", Outcome: "not_found"}))
	whole, err := s.AuditChain(ctx, nil)
	must(t, err)
	if whole.Entries != 41 || whole.Broken != 0 {
		t.Fatalf("%+v", whole)
	}
	if strings.Contains(dump(t, s, "audit_log"), "somebody") {
		t.Error("a name that no brand has was kept")
	}
	page, err := s.AuditLog(ctx, access.LogQuery{Brand: "acme", Before: 40, Limit: 3})
	must(t, err)
	if len(page) != 3 || page[0].N != 39 || page[2].N != 37 || page[0].Brand != "Acme" {
		t.Errorf("%+v", page)
	}
	if page, err = s.AuditLog(ctx, access.LogQuery{Limit: 1}); err != nil || len(page) != 1 || page[0].N != 41 || page[0].Brand != "" {
		t.Errorf("%+v, %v", page, err)
	}

	db := sqlDB(t, s)
	for _, refused := range []string{"UPDATE audit_log SET actor = 'u2' WHERE n = 20", "DELETE FROM audit_log WHERE n = 41"} {
		if _, err := db.ExecContext(ctx, refused); err == nil || !strings.Contains(err.Error(), "only added to") {
			t.Errorf("%s: %v", refused, err)
		}
	}
	for _, way := range []string{"DROP TRIGGER audit_log_no_update", "DROP TRIGGER audit_log_no_delete", "UPDATE audit_log SET actor = 'u2' WHERE n = 20"} {
		_, err := db.ExecContext(ctx, way)
		must(t, err)
	}
	c, err := s.AuditChain(ctx, nil)
	must(t, err)
	if c.Broken != 20 || c.Entries != 19 {
		t.Errorf("a changed entry: %+v", c)
	}
	for _, way := range []string{"UPDATE audit_log SET actor = 'u1' WHERE n = 20", "DELETE FROM audit_log WHERE n = 41"} {
		_, err := db.ExecContext(ctx, way)
		must(t, err)
	}
	if c, err = s.AuditChain(ctx, nil); err != nil || c.Broken != 0 || c.Entries != 40 || bytes.Equal(c.Head, whole.Head) {
		t.Errorf("with its end cut off the chain is sound, and its head another: %+v, %v", c, err)
	}
	must(t, s.AppendAudit(ctx, access.Entry{Action: "later", Outcome: "ok"}))
	if !strings.Contains(said.String(), "the audit log was changed") || !strings.Contains(said.String(), "entry=41") {
		t.Errorf("the process that wrote it says nothing: %s", said.String())
	}
	_, err = db.ExecContext(ctx, "DELETE FROM audit_log WHERE n = 5")
	must(t, err)
	if c, err = s.AuditChain(ctx, nil); err != nil || c.Broken != 5 {
		t.Errorf("an entry taken out: %+v, %v", c, err)
	}
}
