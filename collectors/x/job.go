package x

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"adalid/collectors"
)

// jobSize is how many posts a compliance job looks up: its answer fits into one
// body even if all of them are gone.
const jobSize = 10_000

// jobHosts are whose addresses X gives for what a job is handed and answers.
var jobHosts = []string{"googleapis.com", "x.com", "twitter.com"}

// job is a batch compliance job of X.
type job struct {
	ID       id     `json:"id"`
	Status   string `json:"status"`
	Upload   string `json:"upload_url"`
	Download string `json:"download_url"`
}

// jobCursor is what is kept of a job; one without an id had nothing to look up.
type jobCursor struct {
	ID string `json:"id"`
}

// JobBatch is how many posts a job takes; none unless the operator's access
// includes batch compliance.
func (c *collector) JobBatch() int {
	if !c.Compliance {
		return 0
	}
	return jobSize
}

// StartJob creates a batch compliance job and uploads the ids to where X says.
func (c *collector) StartJob(ctx context.Context, ids []string) (collectors.Cursor, error) {
	var list strings.Builder
	for _, name := range ids {
		if number.MatchString(name) { // others come from files of another make
			list.WriteString(name + "\n")
		}
	}
	if list.Len() == 0 {
		return json.Marshal(jobCursor{})
	}
	body, err := json.Marshal(map[string]string{"type": "tweets", "name": "adalid"})
	if err != nil {
		return nil, fmt.Errorf("x: create a compliance job: %w", err)
	}
	j, err := c.job(ctx, http.MethodPost, "/2/compliance/jobs", body)
	if err != nil {
		return nil, err
	}
	answer, err := c.store(ctx, http.MethodPut, j.Upload, list.String())
	if err != nil {
		return nil, err
	}
	answer.Body.Close()
	return json.Marshal(jobCursor{string(j.ID)})
}

// EndJob asks how the job stands and, when it is complete, reads which posts X
// wants removed: deleted, or of deactivated, protected and suspended accounts.
func (c *collector) EndJob(ctx context.Context, at collectors.Cursor) (gone []string, done bool, err error) {
	var cur jobCursor
	if json.Unmarshal(at, &cur) != nil || cur.ID != "" && !number.MatchString(cur.ID) {
		return nil, false, collectors.Errorf(collectors.Gone, "x: the stored job cannot be read")
	}
	if cur.ID == "" {
		return nil, true, nil
	}
	j, err := c.job(ctx, http.MethodGet, "/2/compliance/jobs/"+cur.ID, nil)
	if err != nil {
		return nil, false, err
	}
	switch j.Status {
	case "created", "in_progress":
		return nil, false, nil
	case "complete":
	case "failed", "expired":
		return nil, false, collectors.Errorf(collectors.Gone, "X did not carry out the compliance job")
	default:
		return nil, false, collectors.Errorf(collectors.Schema, "X says of a compliance job what its documents do not know")
	}
	answer, err := c.store(ctx, http.MethodGet, j.Download, "")
	if err != nil {
		return nil, false, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, false, c.explain(err)
	}
	gone, err = redacted(text)
	return gone, err == nil, err
}

// redacted reads the answer of a job, a JSON object in each line. Nothing at all
// means that every post is as it was.
func redacted(text []byte) (gone []string, err error) {
	known := map[id]bool{}
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		var row struct {
			ID     id     `json:"id"`
			Action string `json:"action"`
			Reason string `json:"reason"`
		}
		if json.Unmarshal(line, &row) != nil || !number.MatchString(string(row.ID)) || row.Action == "" && row.Reason == "" {
			return nil, collectors.Errorf(collectors.Schema, "the answer of X's compliance job is not what its documents promise")
		}
		if row.Reason == "scrub_geo" || row.Action == "scrub_geo" { // places are not kept
			continue
		}
		if !known[row.ID] {
			known[row.ID] = true
			gone = append(gone, string(row.ID))
		}
	}
	return gone, nil
}

// job sends a request about a job and reads the answer.
func (c *collector) job(ctx context.Context, method, path string, body []byte) (j job, err error) {
	r, err := http.NewRequestWithContext(ctx, method, c.Server+path, bytes.NewReader(body))
	if err != nil {
		return j, fmt.Errorf("x: ask for %s: %w", path, err)
	}
	r.Header.Set("Authorization", "Bearer "+c.Token)
	r.Header.Set("Accept", "application/json")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	} else {
		r.Body = http.NoBody
	}
	response, err := c.http.Do(r)
	if err != nil {
		var e *collectors.Error
		if errors.As(err, &e) && e.Status == http.StatusConflict {
			return j, &collectors.Error{Kind: collectors.Transient, Status: e.Status, Message: "another compliance job of this app is under way", Err: err}
		}
		return j, c.explain(err)
	}
	var a struct {
		Data   *job
		Errors []problem
	}
	if err := collectors.JSON(response, &a); err != nil {
		return j, fmt.Errorf("x: %s: %w", path, err)
	}
	switch {
	case a.Data != nil && number.MatchString(string(a.Data.ID)):
		return *a.Data, nil
	case len(a.Errors) > 0:
		return j, c.refusal(a.Errors)
	}
	return j, collectors.Errorf(collectors.Schema, "X answered without the compliance job that was asked for")
}

// store sends a request to where X keeps the files of jobs, without the token:
// the address itself is the permission.
func (c *collector) store(ctx context.Context, method, address, text string) (*http.Response, error) {
	u, err := url.Parse(address)
	if err != nil || !c.keepsFiles(u) {
		return nil, collectors.Errorf(collectors.Schema, "X names a place for the compliance job's files that is none of its own")
	}
	r, err := http.NewRequestWithContext(ctx, method, u.String(), strings.NewReader(text))
	if err != nil {
		return nil, collectors.Errorf(collectors.Schema, "X names a place for the compliance job's files that is no address")
	}
	if method == http.MethodPut {
		r.Header.Set("Content-Type", "text/plain")
	} else {
		r.Body = http.NoBody
	}
	answer, err := c.http.Do(r)
	var e *collectors.Error
	if errors.As(err, &e) && e.Kind == collectors.Forbidden { // it is open for some minutes only
		return nil, &collectors.Error{Kind: collectors.Gone, Status: e.Status, Message: "the place for the compliance job's files is no longer open", Err: err}
	}
	if err != nil {
		return nil, c.explain(err)
	}
	return answer, nil
}

// keepsFiles says whether an address that an answer gives may be asked: nobody
// is to be sent into the operator's own network by it.
func (c *collector) keepsFiles(u *url.URL) bool {
	if own, err := url.Parse(c.Server); err == nil && own.Scheme == u.Scheme && strings.EqualFold(own.Host, u.Host) {
		return true
	}
	host := strings.ToLower(u.Hostname())
	return u.Scheme == "https" && u.Port() == "" && slices.ContainsFunc(jobHosts, func(h string) bool { return host == h || strings.HasSuffix(host, "."+h) })
}
