package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// loader fills a Config and collects what is wrong on the way. It walks the
// parsed file itself instead of decoding it, to report every problem and not
// just the first, and to read a value the same way wherever it comes from.
type loader struct {
	config   *Config
	keys     []key
	paths    []string         // of sections and keys
	origin   map[string]place // where each key's value comes from, "server.hosts[0]" too
	bad      map[string]bool  // keys without a usable value, not to be complained of again
	files    []string         // names, in order of reading
	problems []Problem
}

func newLoader(c *Config) *loader {
	l := &loader{config: c, keys: keys(c), origin: map[string]place{}, bad: map[string]bool{}}
	for _, k := range l.keys {
		if section, _ := cutLast(k.path); !slices.Contains(l.paths, section) {
			l.paths = append(l.paths, section)
		}
		l.paths = append(l.paths, k.path)
	}
	return l
}

// file reads one settings file.
func (l *loader) file(name string, text []byte) {
	l.files = append(l.files, name)
	s := strings.TrimPrefix(string(text), "\ufeff")
	f := newFile(name, s)
	whole := place{file: f, source: name}
	switch {
	case len(text) > maxFile:
		l.add(whole, "", fmt.Sprintf("the file is larger than %s; is it a settings file?", Size(maxFile)))
		return
	case !utf8.ValidString(s) || strings.ContainsRune(s, 0):
		l.add(whole, "", "the file is not text in UTF-8; save it as such")
		return
	}
	parsed, err := parser.ParseBytes([]byte(s), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		l.syntax(f, err)
		return
	}
	for i, doc := range parsed.Docs {
		switch {
		case doc.Body == nil:
		case i > 0:
			l.add(f.at(start(doc.Body)), "", "a settings file is one document; remove what follows ---")
		default:
			l.section(f, "", doc.Body)
		}
	}
}

// at gives the place of a token. The parser leaves a token or a position out
// where the text just ends.
func (f *file) at(t *token.Token) place {
	p := place{file: f, source: f.name}
	if t != nil && t.Position != nil {
		p.line, p.column = max(1, t.Position.Line), max(1, t.Position.Column)
	}
	return p
}

// start gives the token at which a node begins; the parser says the colon for
// keys of their own.
func start(node ast.Node) *token.Token {
	switch n := node.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken()
	}
	return node.GetToken()
}

// syntax reports text that is no YAML.
func (l *loader) syntax(f *file, err error) {
	at := place{file: f, source: f.name}
	message := "the file cannot be read as YAML"
	var y yaml.Error
	if errors.As(err, &y) {
		at = f.at(y.GetToken())
		switch m := y.GetMessage(); {
		case strings.ContainsRune(m, '\t'):
			message = "not valid YAML: a tab; indent with spaces"
		case strings.Contains(m, "not allowed in this context"):
			message = "not valid YAML: " + m + "; check indentation and quotes"
		default:
			message = "not valid YAML: " + m
		}
	}
	l.add(at, "", message)
}

// section reads the mapping of a section; "" is the whole file.
func (l *loader) section(f *file, section string, node ast.Node) {
	if _, empty := node.(*ast.NullNode); empty {
		return // a section of which every key is commented out
	}
	mapping, ok := node.(ast.MapNode)
	if !ok {
		message := "needs keys under it, one a line: " + strings.Join(l.names(section), ", ")
		if section == "" {
			message = "a settings file holds sections: " + strings.Join(l.names(section), ", ")
		}
		l.add(f.at(start(node)), section, message)
		return
	}
	seen := map[string]place{}
	for it := mapping.MapRange(); it.Next(); {
		name, at := keyText(it.Key()), f.at(it.Key().GetToken())
		path := strings.TrimPrefix(section+"."+name, ".")
		if first, again := seen[name]; again {
			l.add(at, path, fmt.Sprintf("the key is given twice, first on line %d; keep one", first.line))
			continue
		}
		seen[name] = at
		k := slices.IndexFunc(l.keys, func(k key) bool { return k.path == path })
		switch {
		case !slices.Contains(l.names(section), name): // nor is "server.address" a name
			l.unknown(at, section, name)
		case k >= 0:
			l.leaf(f, l.keys[k], it.Value())
		default:
			l.section(f, path, it.Value())
		}
	}
}

// names lists what a section may hold.
func (l *loader) names(section string) []string {
	var list []string
	for _, p := range l.paths {
		if parent, name := cutLast(p); parent == section {
			list = append(list, name)
		}
	}
	return list
}

func keyText(n ast.MapKeyNode) string {
	if t := n.GetToken(); t != nil {
		return t.Value
	}
	return ""
}

// unknown reports a key that does not exist. Its value is not shown: it may be
// a secret under a misspelt name.
func (l *loader) unknown(at place, section, name string) {
	path := strings.TrimPrefix(section+"."+name, ".")
	message := "unknown key " + quote(path)
	meant := suggest(l.paths, section, name)
	switch parent, last := cutLast(meant); {
	case name == "<<":
		message = "merging with << is not supported here; write the keys out"
	case meant == "" && section == "":
		message += "; the sections are " + strings.Join(l.names(""), ", ")
	case meant == "":
		message += fmt.Sprintf("; %s has %s", section, strings.Join(l.names(section), ", "))
	case strings.Contains(name, ".") && parent != "":
		message += fmt.Sprintf("; keys are nested: write %q under %q", last, parent)
	default:
		message += fmt.Sprintf("; did you mean %q?", meant)
	}
	l.add(at, "", message)
	if p := &l.problems[len(l.problems)-1]; p.Line > 0 {
		p.Excerpt = at.file.excerpt(at.line, at.column, len([]rune(name)))
	}
}

// leaf reads the value of one key.
func (l *loader) leaf(f *file, k key, node ast.Node) {
	at := f.at(start(node))
	l.origin[k.path] = at
	fail := func(at place, message string) {
		l.bad[k.path] = true
		l.add(at, k.path, message)
	}
	list, isList := k.value.(*[]string)
	entries, isSequence := node.(*ast.SequenceNode)
	if isList && isSequence {
		*list = nil
		for i, entry := range entries.Values {
			at := f.at(start(entry))
			l.origin[fmt.Sprintf("%s[%d]", k.path, i)] = at
			text, fault := scalar(entry, true)
			if fault != "" {
				fail(at, "an entry "+fault)
				continue
			}
			*list = append(*list, text)
		}
		return
	}
	_, isText := k.value.(*string)
	text, fault := scalar(node, isText || k.secret)
	switch {
	case fault != "":
		fail(at, strings.Replace(fault, "KIND", k.kind(), 1))
	case isList:
		fail(at, "needs "+k.kind())
	case quoted(node) && !isText && !k.secret && !unitText(k):
		fail(at, fmt.Sprintf("%s is text in quotes; it needs %s", quote(text), k.kind()))
	default:
		if err := setText(k.value, text); err != nil {
			fail(at, quote(text)+" "+err.Error())
		}
	}
}

// unitText tells settings that are written as text without being text.
func unitText(k key) bool {
	return strings.Contains(k.kind(), "such as")
}

func quoted(node ast.Node) bool {
	t := node.GetToken()
	return t != nil && (t.Type == token.SingleQuoteType || t.Type == token.DoubleQuoteType)
}

// scalar gives the text of a plain value, or what is wrong with the node. KIND
// in it stands for what the setting needs.
func scalar(node ast.Node, wantText bool) (text, fault string) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, ""
	case *ast.LiteralNode:
		return strings.TrimSuffix(n.Value.Value, "\n"), ""
	case *ast.NullNode:
		return "", `has no value; give one, "" for none, or remove the line`
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		if wantText {
			return "", "needs text; put the value in quotes"
		}
		return node.GetToken().Value, ""
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		return "", "uses an anchor, an alias or a tag; write the plain value"
	}
	return "", "needs KIND, not a list or keys of its own"
}
