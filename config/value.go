package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"time"
)

// Size is a number of bytes.
type Size int64

// units are what a size may be counted in, larger ones first and of equals the
// usual one.
var units = [...]struct {
	name  string
	bytes Size
}{
	{"TB", 1e12},
	{"GB", 1e9},
	{"MB", 1e6},
	{"KB", 1e3},
	{"TiB", 1 << 40},
	{"GiB", 1 << 30},
	{"MiB", 1 << 20},
	{"KiB", 1 << 10},
	{"B", 1},
}

// String gives the size as it may be written in a settings file.
func (s Size) String() string {
	for _, u := range units {
		if s != 0 && s%u.bytes == 0 {
			return strconv.FormatInt(int64(s/u.bytes), 10) + u.name
		}
	}
	return "0B"
}

// parseSize reads a whole number with a unit.
func parseSize(text string) (Size, bool) {
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	unit := text[len(digits):]
	n, err := strconv.ParseInt(strings.TrimRight(digits, " "), 10, 64)
	if err != nil || n < 0 {
		return 0, false
	}
	for _, u := range units {
		if strings.EqualFold(u.name, unit) {
			return Size(n) * u.bytes, n <= math.MaxInt64/int64(u.bytes)
		}
	}
	return 0, false
}

// Secret is text that must not be shown: whichever way it is printed, logged or
// encoded, it is not there. An empty one is no secret.
type Secret string

const hidden = "[secret]"

// Reveal gives the text itself, for the one place that needs it.
func (s Secret) Reveal() string { return string(s) }

// String hides the text.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// Format hides the text from every verb of package fmt.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText hides the text from encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue hides the text from logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// setText gives the setting at to the value that text writes, the same way for
// files and the environment. The error completes a sentence that begins with the
// text.
func setText(to any, text string) error {
	var err error
	switch v := to.(type) {
	case *string:
		*v = text
	case *Secret:
		*v = Secret(text)
	case *bool:
		if *v = text == "true"; !*v && text != "false" {
			return fmt.Errorf("is neither true nor false")
		}
	case *int:
		*v, err = strconv.Atoi(text)
		if errors.Is(err, strconv.ErrRange) {
			return fmt.Errorf("is out of range")
		}
		if err != nil {
			return fmt.Errorf("is not a whole number")
		}
	case *float64:
		if *v, err = strconv.ParseFloat(text, 64); err != nil || math.IsNaN(*v) || math.IsInf(*v, 0) {
			return fmt.Errorf("is not a number")
		}
	case *time.Duration:
		if *v, err = time.ParseDuration(text); err != nil {
			return fmt.Errorf("is not a duration; write a number and its unit, such as 30s, 5m or 1h30m")
		}
	case *Size:
		var ok bool
		if *v, ok = parseSize(text); !ok {
			return fmt.Errorf("is not a size; write a whole number and its unit, such as 500KB, 64MB or 2GiB")
		}
	case *[]string:
		*v = nil
		for part := range strings.SplitSeq(text, ",") {
			if part = strings.TrimSpace(part); part != "" {
				*v = append(*v, part)
			}
		}
	default:
		return fmt.Errorf("has a kind (%T) that cannot be written", to)
	}
	return nil
}
