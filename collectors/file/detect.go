package file

import (
	"bytes"
	"slices"
	"strings"

	"adalid"
)

// detect tells the format of an input by its beginning. An unknown kind of
// JSON is an Invalid error that shows its keys.
func detect(in *input) (Format, error) {
	b := bytes.TrimLeft(in.head, " \t\r\n")
	switch {
	case len(b) == 0:
		return "", adalid.Errorf(adalid.Invalid, "%s is empty", in.name)
	case archivePrefix(b):
		return XArchive, nil
	case b[0] != '{' && b[0] != '[':
		return CSV, nil
	}
	if b[0] == '[' {
		b = bytes.TrimLeft(b[1:], " \t\r\n")
		if len(b) == 0 || b[0] != '{' {
			return CSV, nil // "[brand] …" is text
		}
	}
	keys := headKeys(string(b))
	if f := formatOf(keys); f != "" {
		return f, nil
	}
	if len(keys) == 0 {
		return "", adalid.Errorf(adalid.Invalid, "%s begins like JSON but is none; if it is a table, say --format csv", in.name)
	}
	return "", adalid.Errorf(adalid.Invalid, "%s is JSON of a kind this import does not know (keys: %s); say --format %s",
		in.name, strings.Join(keys, ", "), strings.Join(formats[1:], ", "))
}

// archivePrefix recognises the assignment that X puts before the JSON of its
// archives: window.YTD.tweets.part0 = [
func archivePrefix(b []byte) bool {
	return bytes.HasPrefix(b, []byte("window.YTD.")) || bytes.HasPrefix(b, []byte("YTD."))
}

// headKeys gives the keys of the first object, as far as the head goes.
func headKeys(text string) []string {
	var s scanner
	s.reset(strings.ToValidUTF8(text, "\uFFFD"))
	var keys []string
	if !s.open('{') {
		return nil
	}
	for s.member() && len(keys) < 100 {
		keys = append(keys, s.key)
		s.skip(0)
	}
	return keys
}

// formatKeys are the keys by which a format is known, the surest first.
var formatKeys = []struct {
	key    string
	format Format
}{
	{"post_id", Canonical},
	{"orderedItems", Mastodon},
	{"@context", Mastodon},
	{"tweet", XArchive},
	{"statuses", TweetsV1},
	{"id_str", TweetsV1},
	{"full_text", TweetsV1},
	{"favorite_count", TweetsV1},
	{"in_reply_to_screen_name", TweetsV1},
	{"delete", TweetsV1},
	{"includes", TweetsV2},
	{"data", TweetsV2},
	{"author_id", TweetsV2},
	{"public_metrics", TweetsV2},
	{"edit_history_tweet_ids", TweetsV2},
	{"edit_history_post_ids", TweetsV2},
	{"referenced_tweets", TweetsV2},
	{"referenced_posts", TweetsV2},
	{"meta", TweetsV2},
	{"user", TweetsV1},
}

func formatOf(keys []string) Format {
	for _, k := range formatKeys {
		if slices.Contains(keys, k.key) {
			return k.format
		}
	}
	return ""
}
