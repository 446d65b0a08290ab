package language

import (
	"strings"

	"adalid/internal/langtag"
)

// Normalise gives the primary language subtag of a BCP 47 tag in lower case
// with today's code ("es-MX" and "spa" are "es", "iw" is "he"), or "" when the
// tag names no language: empty, malformed, undetermined ("und"), several
// ("mul"), private use ("qme" and what else begins with q at X), or no linguistic
// content ("zxx").
func Normalise(tag string) string {
	tag = strings.TrimSpace(tag)
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	if len(tag) < 2 || len(tag) > 3 {
		return ""
	}
	for i := range len(tag) {
		if c := tag[i] | 0x20; c < 'a' || c > 'z' {
			return ""
		}
	}
	tag = strings.ToLower(tag) // allocates only where there are capitals
	if len(tag) == 3 && tag >= "qaa" && tag <= "qtz" {
		return ""
	}
	switch tag {
	case "und", "mul", "mis", "zxx", "art":
		return ""
	case "in":
		return "id"
	case "iw":
		return "he"
	case "ji":
		return "yi"
	case "mo":
		return "ro"
	}
	tag, _ = langtag.Read(tag)
	return tag
}
