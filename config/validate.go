package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-playground/validator/v10"
)

// validate holds the settings against the rules of their fields and reports
// each fault where the value was given.
func (l *loader) validate() {
	err := newValidator().Struct(l.config)
	var faults validator.ValidationErrors
	if err != nil && !errors.As(err, &faults) {
		l.add(place{source: "settings"}, "", err.Error())
		return
	}
	for _, fault := range faults {
		_, entry, _ := strings.Cut(fault.Namespace(), ".")
		path, _, _ := strings.Cut(entry, "[")
		if l.bad[path] {
			continue
		}
		at, ok := l.origin[entry]
		if !ok {
			at = l.origin[path]
		}
		l.add(at, path, message(fault))
	}
	m := l.config.Mail
	if len(l.config.Alarms.MailTo) > 0 && (m.From == "" || m.Server == "") && !l.bad["mail.from"] && !l.bad["mail.server"] {
		const path = "alarms.mail_to"
		l.add(l.origin[path], path, "needs mail.from and mail.server: the sender, and the server that takes the mail")
	} else if m.Server != "" && m.From == "" && !l.bad["mail.from"] {
		const path = "mail.server"
		l.add(l.origin[path], path, "needs mail.from: the sender")
	}
	if o := l.config.OIDC; o.Issuer != "" && (o.ClientID == "" || l.config.Server.PublicURL == "") && !l.bad["server.public_url"] {
		const path = "oidc.issuer"
		l.add(l.origin[path], path, "needs oidc.client_id and server.public_url: what the issuer calls this server, and where it sends people back to")
	}
	y := l.config.YouTube
	if y.DerivedMetricsAccepted && (y.AcceptedBy == "" || y.AcceptedOn == "") && !l.bad["youtube.accepted_on"] && !l.bad["youtube.accepted_by"] {
		const path = "youtube.derived_metrics_accepted"
		l.add(l.origin[path], path, "needs youtube.accepted_by and youtube.accepted_on: who accepted the amendment, and on which day")
	}
}

func newValidator() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("yaml") })
	for tag, ok := range map[string]func(string) bool{"address": isAddress, "host": isHost, "outside": isOutside, "contact": isContact, "webhook": isWebhook, "public": isPublic, "privacykey": isKeys} {
		// Registering fails for an empty tag or function only.
		_ = v.RegisterValidation(tag, func(fl validator.FieldLevel) bool { return ok(fl.Field().String()) })
	}
	return v
}

// isAddress tells host:port; the host may be empty for every interface.
func isAddress(text string) bool {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return false
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && strconv.FormatUint(n, 10) == port && (host == "" || isHost(host))
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`)

// isHost tells a name or an IP address without port.
func isHost(text string) bool {
	if _, err := netip.ParseAddr(text); err == nil {
		return true
	}
	return len(text) <= 253 && hostName.MatchString(text)
}

// isOutside tells a host, or host:port.
func isOutside(text string) bool {
	return isHost(text) || isAddress(text) && text[0] != ':' && !strings.HasSuffix(text, ":0")
}

// isPublic tells an address of a server: http or https, a host, perhaps a port.
func isPublic(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || !isHost(u.Hostname()) {
		return false
	}
	return text == u.Scheme+"://"+u.Host && (u.Port() != "" || !strings.HasSuffix(u.Host, ":"))
}

// isContact tells what a user agent can carry in parentheses.
func isContact(text string) bool {
	return len(text) <= 200 && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' || r == '(' || r == ')' || r == ';' })
}

// keyList is keys of 32 bytes in hexadecimal or base64, the older ones first.
var keyList = regexp.MustCompile(`^[\s,]*([0-9A-Fa-f]{64}|[A-Za-z0-9+/_-]{43}=?)([\s,]+([0-9A-Fa-f]{64}|[A-Za-z0-9+/_-]{43}=?)){0,15}[\s,]*$`)

// isKeys tells what the installation's key may be.
func isKeys(text string) bool { return keyList.MatchString(text) }

// webhookPrefix begins every secret of Standard Webhooks.
const webhookPrefix = "whsec_"

// isWebhook tells a secret of Standard Webhooks.
func isWebhook(text string) bool {
	key, err := webhookKey(text)
	return err == nil && len(key) >= 24 && len(key) <= 64
}

func webhookKey(text string) ([]byte, error) {
	encoded, ok := strings.CutPrefix(text, webhookPrefix)
	if !ok {
		return nil, errors.New("config: no " + webhookPrefix)
	}
	return base64.StdEncoding.DecodeString(encoded)
}

// Key gives the bytes that signatures are made with, nil without a secret.
func (p Push) Key() []byte { return keyOf(p.Secret) }

// WebhookKey gives the bytes that posts are signed with, nil without a secret.
func (a Alarms) WebhookKey() []byte { return keyOf(a.WebhookSecret) }

func keyOf(secret Secret) []byte {
	key, err := webhookKey(secret.Reveal())
	if err != nil {
		return nil // Load refuses a secret that has no key
	}
	return key
}

// message says what is wrong with a value, in words.
func message(fault validator.FieldError) string {
	limit := fault.Param()
	value := ""
	switch v := fault.Value().(type) {
	case Secret:
		if fault.Tag() == "webhook" {
			return "must be whsec_ and 24 to 64 random bytes in base64, such as whsec_$(openssl rand -base64 32)"
		}
		if fault.Tag() == "privacykey" {
			return "must be 32 random bytes in base64 or hexadecimal, such as openssl rand -base64 32 prints; after a space, a newer one"
		}
		return "must have at least " + limit + " characters"
	case Size:
		n, _ := strconv.ParseInt(limit, 10, 64)
		value, limit = v.String(), Size(n).String()
	case string:
		value = quote(v)
	default:
		value = fmt.Sprint(v)
	}
	switch fault.Tag() {
	case "required":
		return "must not be empty"
	case "min":
		return value + " is too small; at least " + limit
	case "max":
		return value + " is too large; at most " + limit
	case "unique":
		return "an entry is given twice"
	case "oneof":
		choices := strings.Fields(limit)
		text := fmt.Sprintf("%s is not one of %s", value, strings.Join(choices, ", "))
		if c := nearest(choices, fault.Value().(string), func(s string) string { return s }); c != "" {
			text += fmt.Sprintf("; did you mean %q?", c)
		}
		return text
	case "address":
		return value + " is not an address; write host:port, such as 127.0.0.1:8080"
	case "host":
		return value + " is not a host name; write it without scheme, port and path, such as advocates.example.org"
	case "email":
		return value + " is not a mail address"
	case "public":
		return value + " is not the address of a server; write it without a path, such as https://advocates.example.org"
	case "http_url":
		return value + " is not a web address; write it with https://"
	case "outside":
		return value + " is not a host; write host or host:port, such as feeds.lan or 10.0.0.7:8080"
	case "contact":
		return value + " is not a contact; write a web or mail address, such as https://brand.example/about"
	case "timezone":
		return value + " is not a time zone; write a name such as Europe/Madrid, or UTC"
	case "datetime":
		return value + " is not a day; write it as 2026-01-31"
	}
	return value + " is not valid (" + fault.Tag() + ")"
}
