package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/constant"
	gotoken "go/token"
	"go/types"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"adalid/config"
)

var (
	limitRow  = regexp.MustCompile("(?m)^\\| [^|]+ \\| ([0-9]+)( (?:KiB|MiB|s|min|h|d))? \\| `([a-z/.]+)` `([A-Za-z]+)` \\|$")
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
		want *= map[string]int64{"": 1, " s": 1, " min": 60, " h": 3600, " d": 86_400, " KiB": 1 << 10, " MiB": 1 << 20}[row[2]]
		if got, ok := constant.Int64Val(constant.ToInt(v.Value)); !ok || got != want {
			t.Errorf("%s is %s in the code, %s%s in docs/security.md", row[4], strings.TrimSpace(string(found[1])), row[1], row[2])
		}
	}
}

// TestLimitsOfAccessAreWritten: the page has every limit of accounts, sessions,
// forms and the audit log.
func TestLimitsOfAccessAreWritten(t *testing.T) {
	page, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	for file, names := range map[string]string{
		"internal/account/guess.go":    "mostGuesses guessWindow mostGuessers",
		"internal/account/password.go": "hashMemory hashRounds hashLanes strangersHashes trustedHashes mostWaiting strangersPatience trustedPatience BusyFor ShortestPassword LongestPassword",
		"internal/account/user.go":     "longestEmail longestName",
		"internal/account/key.go":      "longestKeyName",
		"internal/account/device.go":   "DeviceLife",
		"internal/account/ticket.go":   "setupLife invitationLife resetLife",
		"internal/account/accounts.go": "mostLetters letterWindow lettersAtOnce letterTime",
		"internal/account/signon.go":   "attemptLife mostAttempts",
		"web/session/session.go":       "Idle Absolute",
		"web/lite/account.go":          "maxForm",
		"web/lite/signon.go":           "signOnLife",
		"web/lite/optout.go":           "mostAsks mostAddresses mostForm",
		"web/api/record.go":            "failuresOfActors failuresOfStrangers",
		"web/api/limit.go":             "keptBuckets moreThanKeys",
		"cmd/adalid/eraser.go":         "erasePatience",
		"cmd/adalid/preview.go":        "samplesMinute samplesAtOnce sampleWithin sampleKept failureKept samplesKept storedLooked",
		"internal/scan/sample.go":      "samplePages",
	} {
		for name := range strings.FieldsSeq(names) {
			if !strings.Contains(string(page), "`"+file+"` `"+name+"` |") {
				t.Errorf("docs/security.md lacks %s of %s", name, file)
			}
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

// TestEveryAnswerHasItsHeaders: whatever is asked for, however wrongly, the answer
// carries what keeps browsers from doing harm with it; and no operation changes
// anything for a page of another site.
func TestEveryAnswerHasItsHeaders(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir(), nil, "--demo")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ask := func(method, address string, header ...string) int {
		t.Helper()
		var body io.Reader
		if method != http.MethodGet && method != http.MethodTrace {
			body = strings.NewReader(strings.Repeat(" ", 2<<20))
		}
		req, err := http.NewRequest(method, s.base+address, body)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(method, address, err)
		}
		resp.Body.Close()
		for _, h := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options", "Cross-Origin-Resource-Policy", "Cache-Control", "X-Request-Id"} {
			if resp.Header.Get(h) == "" {
				t.Errorf("%s %.80s: %d without %s", method, address, resp.StatusCode, h)
			}
		}
		if policy := resp.Header.Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") || !strings.Contains(policy, "default-src 'self'") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s %.80s: the policy is %q", method, address, policy)
		}
		return resp.StatusCode
	}
	const brand = "/api/v1/brands/Tostalba"
	for _, c := range []struct {
		method, address string
		want            int
		header          []string
	}{
		{"GET", "/", 0, nil},
		{"GET", "/lite", 200, nil},
		{"GET", "/lite/none", 404, nil},
		{"GET", "/metrics", 200, nil},
		{"GET", "/assets/none.js", 0, nil},
		{"GET", "/api/v1/none", 404, nil},
		{"TRACE", brand, 405, nil},
		{"POST", "/metrics", 405, nil},
		{"POST", "/api/v1/brands", 413, []string{"Content-Type", "application/json"}},
		{"POST", "/api/v1/brands", 415, nil},
		{"GET", brand + "?x=" + strings.Repeat("a", 40_000), 414, nil},
		{"GET", brand + "/mentions?" + strings.Repeat("a=1&", 300), 414, nil},
		{"GET", brand + "/advocates?limit=1&limit=2", 422, nil},
		{"GET", brand + "/exports/mentions", 200, nil},
		{"GET", brand + "/exports/mentions?format=exe", 422, nil},
		{"GET", "/%2e%2e/%2e%2e/etc/passwd", 0, nil},
	} {
		if got := ask(c.method, c.address, c.header...); c.want != 0 && got != c.want {
			t.Errorf("%s %.80s: %d, want %d", c.method, c.address, got, c.want)
		}
	}
	var description struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal([]byte(s.get("/api/v1/openapi.json")), &description); err != nil {
		t.Fatal(err)
	}
	changes := 0
	for at, methods := range description.Paths {
		for method := range methods {
			if method = strings.ToUpper(method); method == http.MethodGet {
				continue
			}
			changes++
			for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
				if got := ask(method, "/api/v1"+strings.NewReplacer("{", "", "}", "").Replace(at), header...); got != http.StatusForbidden {
					t.Errorf("%s %s with %q: %d", method, at, header, got)
				}
			}
		}
	}
	if changes < 15 {
		t.Error("only", changes, "operations change something")
	}
}
