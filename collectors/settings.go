package collectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"adalid"
)

// Decode checks a source's settings, a JSON object, against the definition's
// fields, fills in the defaults and decodes them into the struct that into
// points to. What is wrong is an Error with code Invalid that names the field.
func (d Definition) Decode(settings []byte, into any) error {
	values := map[string]json.RawMessage{}
	if len(bytes.TrimSpace(settings)) > 0 {
		if err := json.Unmarshal(settings, &values); err != nil {
			return adalid.Wrapf(adalid.Invalid, err, "the settings of %s are no JSON object", d.Name)
		}
	}
	for key := range values {
		if !slices.ContainsFunc(d.Fields, func(f Field) bool { return f.Key == key }) {
			return adalid.Errorf(adalid.Invalid, "%s has no setting %q; it has %s", d.Name, key, d.keys())
		}
	}
	for _, f := range d.Fields {
		value, err := f.value(values[f.Key])
		if err != nil {
			return adalid.Errorf(adalid.Invalid, "%s: setting %q %v%s", d.Name, f.Key, err, d.whereFrom(f, err))
		}
		delete(values, f.Key)
		if value != nil {
			values[f.Key] = value
		}
	}
	all, err := json.Marshal(values)
	if err != nil {
		return fmt.Errorf("%s: settings: %w", d.Name, err)
	}
	if err := json.Unmarshal(all, into); err != nil {
		return fmt.Errorf("%s: settings: %w", d.Name, err)
	}
	return nil
}

// Check tells what is wrong with a source's settings, as New says it, and asks
// nobody.
func (d Definition) Check(settings []byte) error {
	_, err := d.New(Setup{
		Decode: func(into any) error { return d.Decode(settings, into) },
		HTTP:   nobody{}, Now: time.Now, Meter: Free{},
	})
	return err
}

// nobody is a Doer for collectors that are only made.
type nobody struct{}

func (nobody) Do(*http.Request) (*http.Response, error) {
	return nil, Errorf(Transient, "nobody is asked while settings are checked")
}

// whereFrom says where a person gets a credential that is missing.
func (d Definition) whereFrom(f Field, err error) string {
	if !errors.Is(err, errMissing) || !f.Secret || d.KeysAt == "" {
		return ""
	}
	return "; get it at " + d.KeysAt
}

func (d Definition) keys() string {
	var keys []string
	for _, f := range d.Fields {
		keys = append(keys, f.Key)
	}
	if keys == nil {
		return "none"
	}
	return strings.Join(keys, ", ")
}

// SealedKey is the one key of the JSON object that stands for a secret setting
// in the database; its value is what was sealed.
const SealedKey = "$sealed"

// Sealed tells a secret setting that nobody opened.
func Sealed(value json.RawMessage) bool {
	var x map[string]string
	return json.Unmarshal(value, &x) == nil && len(x) == 1 && x[SealedKey] != ""
}

// errSealed says that a setting cannot be opened with the key that is there.
var errSealed = errors.New("was encrypted with another key than this installation's: set it again (adalid source edit SOURCE --set KEY=…), or bring back the key it was stored with (instance.key in the data folder, or privacy.key)")

// errMissing says that a setting has to be there and is not.
var errMissing = errors.New("is missing")

// value gives a setting's JSON, its default where it is missing, nil where there
// is none.
func (f Field) value(given json.RawMessage) (json.RawMessage, error) {
	if f.Secret && Sealed(given) {
		return nil, errSealed
	}
	empty := len(given) == 0 || string(given) == "null" || string(given) == `""`
	if empty && f.Required {
		return nil, errMissing
	}
	if empty {
		return f.fallback()
	}
	var text string
	switch f.Kind {
	case ListField:
		var list []string
		if json.Unmarshal(given, &list) != nil {
			return nil, errors.New("has to be a list of texts")
		}
	case NumberField:
		var n int64
		if json.Unmarshal(given, &n) != nil {
			return nil, errors.New("has to be a whole number")
		}
	case BoolField:
		var b bool
		if json.Unmarshal(given, &b) != nil {
			return nil, errors.New("has to be true or false")
		}
	case ChoiceField:
		if json.Unmarshal(given, &text) != nil || !slices.Contains(f.Options, text) {
			return nil, fmt.Errorf("has to be one of %s", strings.Join(f.Options, ", "))
		}
	default:
		if json.Unmarshal(given, &text) != nil {
			return nil, errors.New("has to be a text")
		}
	}
	return given, nil
}

func (f Field) fallback() (json.RawMessage, error) {
	switch {
	case f.Default == "":
		return nil, nil
	case f.Kind == ListField:
		return json.Marshal(strings.Split(f.Default, ","))
	case f.Kind == NumberField || f.Kind == BoolField:
		return json.RawMessage(f.Default), nil
	}
	return json.RawMessage(strconv.Quote(f.Default)), nil
}
