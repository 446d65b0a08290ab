// Package all lists every kind of live source.
package all

import (
	"adalid/collectors"
	"adalid/collectors/bluesky"
	"adalid/collectors/hackernews"
	"adalid/collectors/instagram"
	"adalid/collectors/lemmy"
	"adalid/collectors/mastodon"
	"adalid/collectors/reddit"
	"adalid/collectors/rss"
	"adalid/collectors/stackexchange"
	"adalid/collectors/x"
	"adalid/collectors/youtube"
)

// All gives the definitions in alphabetical order of their names.
func All() []collectors.Definition {
	return []collectors.Definition{
		bluesky.Definition(),
		hackernews.Definition(),
		instagram.Definition(),
		lemmy.Definition(),
		mastodon.Definition(),
		reddit.Definition(),
		rss.Definition(),
		stackexchange.Definition(),
		x.Definition(),
		youtube.Definition(),
	}
}
