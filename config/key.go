package config

import (
	"reflect"
	"slices"
	"strings"
	"time"
)

// key is one setting: a leaf of Config.
type key struct {
	path   string // "server.address"
	secret bool
	value  any // pointer to the field of the Config being loaded
}

// variable names the key in the environment.
func (k key) variable() string {
	return prefix + strings.ToUpper(strings.ReplaceAll(k.path, ".", "_"))
}

// keys lists the settings of c in the order of its fields.
func keys(c *Config) []key {
	return appendKeys(nil, "", reflect.ValueOf(c).Elem())
}

func appendKeys(list []key, section string, v reflect.Value) []key {
	for i := range v.NumField() {
		field, name := v.Field(i), v.Type().Field(i).Tag.Get("yaml")
		if field.Kind() == reflect.Struct {
			list = appendKeys(list, section+name+".", field)
			continue
		}
		at := field.Addr().Interface()
		_, secret := at.(*Secret)
		list = append(list, key{section + name, secret, at})
	}
	return list
}

// kind says what a setting wants, for messages.
func (k key) kind() string {
	switch k.value.(type) {
	case *bool:
		return "true or false"
	case *int:
		return "a whole number"
	case *float64:
		return "a number"
	case *time.Duration:
		return "a duration, such as 30s"
	case *Size:
		return "a size, such as 64MB"
	case *[]string:
		return "a list, such as [a, b]"
	}
	return "text"
}

// suggest gives the path that the writer of the unknown key name in section (""
// or "server") most likely meant, or "". A path written in another way comes
// first, then names of the same section, then names of others.
func suggest(paths []string, section, name string) string {
	for _, p := range paths {
		if plain(p) == plain(name) {
			return p
		}
	}
	var siblings, others []string
	for _, p := range paths {
		switch parent, _ := cutLast(p); parent {
		case section:
			siblings = append(siblings, p)
		case "": // a section cannot be meant inside another
		default:
			others = append(others, p)
		}
	}
	last := func(p string) string { _, l := cutLast(p); return l }
	if p := nearest(siblings, name, last); p != "" {
		return p
	}
	return nearest(others, name, last)
}

// cutLast splits "server.address" into "server" and "address".
func cutLast(path string) (parent, name string) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return "", path
	}
	return path[:i], path[i+1:]
}

// nearest gives the candidate whose name is the fewest edits away, or "" when
// all are too far to be meant. Case and separators do not count, and a name
// inside a longer one is near.
func nearest(candidates []string, name string, of func(string) string) string {
	name = plain(name)
	best, least := "", 1+min(len(name), 40)/4
	for _, c := range slices.Sorted(slices.Values(candidates)) {
		n := plain(of(c))
		d := distance(n, name, least+1)
		if min(len(n), len(name)) >= 4 && (strings.Contains(n, name) || strings.Contains(name, n)) {
			d = min(d, 2)
		}
		if d < least || d == least && best == "" {
			best, least = c, d
		}
	}
	return best
}

func plain(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", ".", "", " ", "").Replace(name))
}

// distance counts the edits (insert, delete, replace, swap of neighbours: the
// optimal string alignment) from a to b; limit or more is told as limit.
func distance(a, b string, limit int) int {
	if d := len(a) - len(b); d >= limit || -d >= limit {
		return limit
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit)
}
