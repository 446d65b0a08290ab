package main

import (
	"bytes"
	"errors"
	"go/constant"
	gotoken "go/token"
	"go/types"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"adalid/config"
)

var (
	limitRow  = regexp.MustCompile("(?m)^\\| [^|]+ \\| ([0-9]+)( (?:KiB|MiB|s|min))? \\| `([a-z/.]+)` `([A-Za-z]+)` \\|$")
	durations = strings.NewReplacer("time.Second", "1", "time.Minute", "60", "time.Hour", "3600")
)

// TestLimitsAreAsWritten holds the limits in docs/security.md against the code.
func TestLimitsAreAsWritten(t *testing.T) {
	page, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "## Limits")
	rows := limitRow.FindAllStringSubmatch(table, -1)
	if len(rows) < 15 || len(rows) != strings.Count(table, "\n| ")-1 {
		t.Fatalf("%d of %d rows can be read", len(rows), strings.Count(table, "\n| ")-1)
	}
	for _, row := range rows {
		src, err := os.ReadFile(filepath.Join("..", "..", row[3]))
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`(?m)^(?:const|\t)?\s*` + row[4] + `\s*=\s*([^/\n]+)`).FindSubmatch(src)
		if found == nil {
			t.Errorf("%s has no %s", row[3], row[4])
			continue
		}
		v, err := types.Eval(gotoken.NewFileSet(), nil, gotoken.NoPos, durations.Replace(string(found[1])))
		if err != nil {
			t.Errorf("%s: %v", row[4], err)
			continue
		}
		want, _ := strconv.ParseInt(row[1], 10, 64)
		want *= map[string]int64{"": 1, " s": 1, " min": 60, " KiB": 1 << 10, " MiB": 1 << 20}[row[2]]
		if got, ok := constant.Int64Val(constant.ToInt(v.Value)); !ok || got != want {
			t.Errorf("%s is %s in the code, %s%s in docs/security.md", row[4], strings.TrimSpace(string(found[1])), row[1], row[2])
		}
	}
}

// TestLogsCannotBeSteered: whatever strangers are called, a line of the log is a
// line, and shows nothing but itself.
func TestLogsCannotBeSteered(t *testing.T) {
	t.Parallel()
	hostile := "\x1b[2J\x1b]0;x\a evil\r\nlevel=ERROR msg=forged \u202egnp.exe \u2066 \u009b31m \u2028 end"
	for _, format := range []string{"text", "json"} {
		a := &app{}
		var out bytes.Buffer
		a.err = &out
		log := a.logger(&config.Config{Log: config.Log{Level: "debug", Format: format}})
		log.Info("scan", "handle", hostile, "err", errors.New(hostile), slog.Group("author", "name", hostile))
		text := out.String()
		if strings.Count(text, "\n") != 1 || strings.ContainsAny(text, "\x1b\a\r\u202e\u2066\u009b") || !strings.Contains(text, "end") {
			t.Errorf("%s: %q", format, text)
		}
	}
}
