package alarm

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"adalid/collectors"
	"adalid/internal/scan"
)

// Mail sends messages through a mail server.
type Mail struct {
	Host     string
	Port     int
	User     string // "" sends without signing in
	Password string
	From     string
	To       []string
	Language string
	Plain    bool // without TLS: for a server on this machine only
	Dial     func(ctx context.Context, network, address string) (net.Conn, error)
}

// Send implements Channel.
func (m Mail) Send(ctx context.Context, message Message) error {
	letter := mail.NewMsg()
	if err := letter.From(m.From); err != nil {
		return fmt.Errorf("mail: sender: %w", err)
	}
	if err := letter.To(m.To...); err != nil {
		return fmt.Errorf("mail: recipients: %w", err)
	}
	subject, body := message.text(m.Language)
	letter.Subject(subject)
	letter.SetBodyString(mail.TypeTextPlain, body)
	policy := mail.TLSMandatory
	if m.Plain {
		policy = mail.NoTLS
	}
	options := []mail.Option{mail.WithPort(m.Port), mail.WithTLSPolicy(policy), mail.WithTimeout(30 * time.Second), mail.WithDialContextFunc(m.Dial)}
	if m.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.User), mail.WithPassword(m.Password))
	}
	client, err := mail.NewClient(m.Host, options...)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, letter); err != nil {
		return fmt.Errorf("mail: send through %s: %w", m.Host, err)
	}
	return nil
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
