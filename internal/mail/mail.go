// Package mail sends plain text through a mail server.
package mail

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/wneessen/go-mail"
)

// patience is how long a mail server may take for one step.
const patience = 30 * time.Second

// Sender is a mail server and who writes through it.
type Sender struct {
	Host     string
	Port     int
	User     string // "" sends without signing in
	Password string
	From     string
	Plain    bool // without TLS: for a server on this machine only
	Dial     func(ctx context.Context, network, address string) (net.Conn, error)
}

// Send sends a text to all of the addresses.
func (s Sender) Send(ctx context.Context, to []string, subject, text string) error {
	letter := mail.NewMsg()
	if err := letter.From(s.From); err != nil {
		return fmt.Errorf("mail: sender: %w", err)
	}
	if err := letter.To(to...); err != nil {
		return fmt.Errorf("mail: recipients: %w", err)
	}
	letter.Subject(subject)
	letter.SetBodyString(mail.TypeTextPlain, text)
	policy := mail.TLSMandatory
	if s.Plain {
		policy = mail.NoTLS
	}
	options := []mail.Option{mail.WithPort(s.Port), mail.WithTLSPolicy(policy), mail.WithTimeout(patience), mail.WithDialContextFunc(s.Dial)}
	if s.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	client, err := mail.NewClient(s.Host, options...)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, letter); err != nil {
		return fmt.Errorf("mail: send through %s: %w", s.Host, err)
	}
	return nil
}

// Mail sends a text to one address.
func (s Sender) Mail(ctx context.Context, to, subject, text string) error {
	return s.Send(ctx, []string{to}, subject, text)
}
