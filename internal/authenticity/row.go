package authenticity

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"adalid"
)

// Row is one line of a file of profiles.
type Row struct {
	ID      string
	AsOf    time.Time // when the profile was read; zero when the row does not say
	Profile Profile
}

// wireRow is a row as it is written. What is null or missing is unknown; other
// keys, such as posts and favourites, are not read.
type wireRow struct {
	ID           json.RawMessage `json:"id"`
	Platform     string          `json:"platform"`
	Handle       *string         `json:"handle"`
	Name         *string         `json:"name"`
	Description  *string         `json:"description"`
	URL          *string         `json:"url"`
	Location     *string         `json:"location"`
	CreatedAt    *time.Time      `json:"created_at"`
	AsOf         *time.Time      `json:"as_of"`
	Followers    *int64          `json:"followers"`
	Following    *int64          `json:"following"`
	Listed       *int64          `json:"listed"`
	Verified     *bool           `json:"verified"`
	DefaultImage *bool           `json:"default_image"`
	Bot          *bool           `json:"bot"`
}

// ParseRow reads one JSON object with a profile.
func ParseRow(line []byte) (Row, error) {
	var w wireRow
	if err := json.Unmarshal(line, &w); err != nil {
		return Row{}, explain(err)
	}
	id, err := readID(w.ID)
	if err != nil {
		return Row{}, err
	}
	for i, n := range []*int64{w.Followers, w.Following, w.Listed} {
		if n != nil && *n < 0 {
			return Row{}, fmt.Errorf("%s is %d; a count cannot be below 0", []string{"followers", "following", "listed"}[i], *n)
		}
	}
	return Row{ID: id, AsOf: moment(w.AsOf), Profile: Profile{
		Platform: adalid.Platform(strings.ToLower(w.Platform)), Handle: strings.TrimPrefix(text(w.Handle), "@"), Name: text(w.Name),
		Bio: w.Description, URL: w.URL, Location: w.Location, Created: moment(w.CreatedAt),
		Followers: w.Followers, Following: w.Following, Listed: w.Listed,
		Verified: w.Verified, DefaultImage: w.DefaultImage, DeclaredBot: w.Bot,
	}}, nil
}

func moment(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

// readID takes a string, and a whole number by its digits, never by its value:
// large ones would be damaged.
func readID(raw json.RawMessage) (string, error) {
	var id string
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return "", errors.New("id is missing")
	case raw[0] == '"':
		if err := json.Unmarshal(raw, &id); err != nil {
			return "", errors.New("id cannot be read")
		}
	case strings.Trim(string(raw), "0123456789") == "":
		id = string(raw)
	default:
		return "", errors.New("id has to be a string or a whole number")
	}
	if id == "" {
		return "", errors.New("id is empty")
	}
	return id, nil
}

// explain says what is wrong with a row without echoing it.
func explain(err error) error {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	var moment *time.ParseError
	switch {
	case errors.As(err, &kind) && kind.Field != "" && strings.HasPrefix(kind.Value, "number "):
		return fmt.Errorf("%s is no whole number that fits", kind.Field)
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Errorf("%s is of the wrong kind (%s)", kind.Field, kind.Value)
	case errors.As(err, &kind):
		return errors.New("a row has to be a JSON object")
	case errors.As(err, &syntax):
		return fmt.Errorf("no valid JSON (byte %d)", syntax.Offset)
	case errors.As(err, &moment):
		return errors.New("a time is not of the form 2026-01-31T12:00:00Z")
	}
	return errors.New("no valid JSON")
}
