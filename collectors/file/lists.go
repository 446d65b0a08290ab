package file

import "strings"

// listHandles calls found for every account in a list as tables hold them:
// ['a', 'b'], [{'user_id': '1', 'username': 'a'}], a,b or @a @b. id is "" where
// the list does not say it.
func listHandles(s string, found func(id, handle string)) {
	if s == "" {
		return
	}
	if s[0] != '[' && s[0] != '{' && s[0] != '(' {
		for _, h := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,;|\t\n", r) }) {
			if h = cleanHandle(h); h != "" {
				found("", h)
			}
		}
		return
	}
	id, handle, key := "", "", ""
	inObject := false
	flush := func() {
		if handle != "" {
			found(id, handle)
		}
		id, handle, key = "", "", ""
	}
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '{':
			inObject = true
			id, handle, key = "", "", ""
			i++
		case c == '}':
			flush()
			inObject = false
			i++
		case c == '\'' || c == '"' || tokenByte(c):
			var v string
			v, i = listToken(s, i)
			switch {
			case !inObject:
				if v = cleanHandle(v); v != "" {
					found("", v)
				}
			case key == "":
				key = v
			default:
				switch key {
				case "username", "screen_name", "screenname", "handle", "userName":
					handle = cleanHandle(v)
				case "user_id", "id_str", "id":
					id = v
				}
				key = ""
			}
		case c == ',':
			key = ""
			i++
		default:
			i++
		}
	}
}

func tokenByte(c byte) bool {
	return handleByte[c] || c == '.' || c == '-' || c == '@' || c >= 0x80
}

// listToken reads a quoted or a bare word at i.
func listToken(s string, i int) (v string, next int) {
	q := s[i]
	if q != '\'' && q != '"' {
		j := i
		for j < len(s) && tokenByte(s[j]) {
			j++
		}
		return s[i:j], j
	}
	j := i + 1
	var b strings.Builder
	for j < len(s) && s[j] != q {
		if s[j] == '\\' && j+1 < len(s) {
			j++
		}
		b.WriteByte(s[j])
		j++
	}
	return b.String(), min(j+1, len(s))
}
