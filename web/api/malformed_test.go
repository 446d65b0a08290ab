package api

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"adalid/internal/account"
	"adalid/web/api/apitest"
)

func description(t *testing.T) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/openapi.golden.json")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestMalformedRequests(t *testing.T) {
	seeds := []uint64{1, 2, 3}
	if testing.Short() {
		seeds = seeds[:1]
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			s := serve(t, newFake(120))
			s.client.Timeout = 5 * time.Second
			apitest.Storm(t, s.client, apitest.StormOptions{
				Description: description(t), Requests: 5000, Seed: seed,
				Target: apitest.Target{
					Host: strings.TrimPrefix(s.URL, "http://"), Prefix: Prefix, Brand: "Café Ñandú", Person: "p001",
					Odd: []string{cursor{"x", 1, "1"}.String(), cursor{strings.Repeat("0", 24), 7, "50"}.String()},
				},
			})
		})
	}
}

// TestEveryOperationSucceeds proves that what the generator maltreats can be
// reached.
func TestEveryOperationSucceeds(t *testing.T) {
	s := serve(t, newFake(120))
	bodies := map[string]string{
		"create-brand":        `{"name":"Nueva"}`,
		"change-brand":        `{"query":"café"}`,
		"preview-brand":       `{"name":"Nueva","also":["#nueva"],"ignore":["vieja"],"marks":[{"text":"Nueva York","about":false}]}`,
		"add-own-account":     `{"handle":"staff"}`,
		"start-import":        `id,text`,
		"label-mention":       `{"label":"neutral"}`,
		"mark-mention":        `{"about":false}`,
		"switch-relevance":    `{"enabled":true}`,
		"assess-audit":        `{"n":60,"seed":1,"answers":[]}`,
		"decide-circle":       `{"role":"staff"}`,
		"decide-authenticity": `{"verdict":"genuine"}`,
		"set-source":          `{"kind":"paid","settings":{"token":"x"}}`,
		"set-schedule":        `{"cron":"@daily"}`,
		"start-scan":          `{}`,
		"decide-identity":     `{"decision":"accepted"}`,
		"save-segment":        `{"where":"score > 10"}`,
		"push-mentions":       `[{"text":"ok"}]`,
		"set-status":          `{"status":"not_a_fit","reason":"other","text":"moved away"}`,
		"set-owner":           `{"user":"u1"}`,
		"change-tags":         `{"add":["vip"]}`,
		"add-note":            `{"text":"met in May"}`,
		"change-note":         `{"text":"met in June"}`,
		"add-task":            `{"text":"write","due":"2026-04-01","assignee":null}`,
		"change-task":         `{"due":null,"done":true}`,
		"change-many":         `{"people":["p001"],"status":{"status":"shortlisted"},"owner":null}`,
		"add-saved-view":      `{"name":"Quiet","query":{"status":"shortlisted,contacted","sort":"recent","columns":"score,tags"}}`,
		"change-saved-view":   `{"name":"Quiet","query":{},"shared":true}`,
		"create-key":          `{"name":"k","role":"viewer"}`,
		"erase-person":        `{"person":"x/somebody"}`,
		"set-notice":          `{"channel":"mail"}`,
		"set-retention":       `{"days":90}`,
		"choose-ranking":      `{"preset":"steady","reason":"why"}`,
		"test-query":          `{"query":"café","text":"un café"}`,
	}
	maps.Copy(bodies, peopleBodies)
	queries := map[string]string{"remove-own-account": "?handle=staff"}
	ids := map[string]string{
		"get-scan": "1", "revoke-key": fakeKey, "watch-scan": "1", "get-import": "imp1", "get-advocate": "p001", "explain-advocate": "p001", "decide-circle": "p001", "undo-circle": "p001", "decide-authenticity": "p001", "undo-authenticity": "p001", "label-mention": "18446744073709551100", "explain-mention": "18446744073709551100", "unlabel-mention": "x%2F18446744073709551100", "mark-mention": "18446744073709551100", "unmark-mention": "18446744073709551100", "erase-advocate": "p001", "get-advocate-data": "p001", "get-notice": "p001", "set-notice": "p001", "undo-notice": "p001",
		"get-workflow": "p001", "set-status": "p001", "set-owner": "p001", "change-tags": "p001", "list-history": "p001", "add-note": "p001", "change-note": "p001", "remove-note": "p001", "add-task": "p001", "change-task": "p001", "remove-task": "p001",
	}
	ops, err := apitest.Operations(description(t))
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(ops, func(a, b apitest.Operation) int { // what removes comes last, the brand after the rest
		rank := func(o apitest.Operation) int {
			return map[string]int{"save-segment": -1, "remove-source": 1, "remove-segment": 1, "remove-brand": 2}[o.ID]
		}
		return rank(a) - rank(b)
	})
	for _, o := range ops {
		path := strings.NewReplacer("{brand}", "Caf%C3%A9%20%C3%91and%C3%BA", "{id}", ids[o.ID], "{source}", "paid", "{segment}", "few", "{view}", "rising", "{platform}", "x", "{a}", "p-m", "{b}", "x%2Fana0", "{user}", "u1", "{note}", "1", "{task}", "1", "{batch}", "1", "{saved}", "1", "{invitation}", fakeTicket(account.Invitation).ID()).Replace(o.Path)
		resp, body := s.do(t, o.Method, Prefix+path+queries[o.ID], bodies[o.ID], asJSON)
		if resp.StatusCode >= 300 {
			t.Errorf("%s: %s %s: %d %s", o.ID, o.Method, path, resp.StatusCode, body)
		}
	}
}
