package alarm

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"adalid/collectors"
	"adalid/internal/mail"
	"adalid/internal/scan"
)

// Mail sends messages to a team.
type Mail struct {
	Sender   mail.Sender
	To       []string
	Language string
}

// Send implements Channel.
func (m Mail) Send(ctx context.Context, message Message) error {
	subject, body := message.text(m.Language)
	return m.Sender.Send(ctx, m.To, subject, body)
}

// Webhook posts messages to an address, signed as Standard Webhooks describes
// (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body.
type Webhook struct {
	URL    string
	Secret []byte // nil: not signed
	HTTP   collectors.Doer
	Now    scan.Clock
}

// event is what is posted.
type event struct {
	Type string    `json:"type"` // source.failed, source.recovered
	Time time.Time `json:"timestamp"`
	Data struct {
		Brand  string          `json:"brand"`
		Source string          `json:"source"`
		Kind   collectors.Kind `json:"kind"`
		Reason string          `json:"reason"`
		Fix    string          `json:"fix,omitempty"`
		Since  time.Time       `json:"since"`
	} `json:"data"`
}

// Send implements Channel.
func (w Webhook) Send(ctx context.Context, m Message) error {
	e := event{Type: "source.failed", Time: w.Now().UTC()}
	if m.Ended {
		e.Type = "source.recovered"
	}
	e.Data.Brand, e.Data.Source, e.Data.Kind, e.Data.Reason, e.Data.Fix, e.Data.Since = m.Brand, m.Source, m.Kind, m.Reason, m.Fix, m.Since.UTC()
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("webhook: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("webhook: the address cannot be used: %w", err)
	}
	// The same message has the same id, so that a receiver can drop a repeat.
	id := fmt.Sprintf("alarm_%d_%s", m.ID, strings.TrimPrefix(e.Type, "source."))
	stamp := strconv.FormatInt(e.Time.Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Webhook-Id", id)
	r.Header.Set("Webhook-Timestamp", stamp)
	if w.Secret != nil {
		r.Header.Set("Webhook-Signature", "v1,"+Sign(w.Secret, id, stamp, body))
	}
	answer, err := w.HTTP.Do(r)
	if err != nil {
		return fmt.Errorf("webhook: %w", err)
	}
	return answer.Body.Close()
}

// Sign gives the signature of Standard Webhooks in base64.
func Sign(secret []byte, id, stamp string, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(id + "." + stamp + "."))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
