package store

import (
	"embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed query
var queryFiles embed.FS

// queries holds the text of every statement by its file's name, such as
// "mention.Insert". A comment /*name*/ in a file stands for the text of
// name.inc, so that a list of columns is written once.
var queries = sync.OnceValues(func() (map[string]string, error) {
	entries, err := queryFiles.ReadDir("query")
	if err != nil {
		return nil, fmt.Errorf("store: read queries: %w", err)
	}
	texts, parts := map[string]string{}, []string{}
	for _, e := range entries {
		b, err := queryFiles.ReadFile("query/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("store: read queries: %w", err)
		}
		text := strings.TrimSpace(string(b))
		if name, ok := strings.CutSuffix(e.Name(), ".inc"); ok {
			parts = append(parts, "/*"+name+"*/", text)
		} else {
			texts[strings.TrimSuffix(e.Name(), ".sql")] = text
		}
	}
	include := strings.NewReplacer(parts...)
	for name, text := range texts {
		texts[name] = include.Replace(text)
	}
	return texts, nil
})

// queryText gives a statement with its VALUES tuple written n times.
func queryText(name string, n int) (string, error) {
	texts, err := queries()
	if err != nil {
		return "", err
	}
	text, ok := texts[name]
	if !ok {
		return "", fmt.Errorf("store: no query %q", name)
	}
	if n <= 1 {
		return text, nil
	}
	const word = "VALUES "
	at := strings.Index(text, word)
	if at < 0 {
		return "", fmt.Errorf("store: query %q has no VALUES to repeat", name)
	}
	at += len(word)
	end := at + strings.IndexByte(text[at:], ')') + 1
	return text[:end] + strings.Repeat(", "+text[at:end], n-1) + text[end:], nil
}
