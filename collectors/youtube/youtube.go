// Package youtube reads videos and comments from YouTube by its Data API v3:
// what its search finds, and what is said to the brand's own channels.
package youtube

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"adalid"
	"adalid/collectors"
)

// Definition describes the collector.
func Definition() collectors.Definition {
	return collectors.Definition{
		Name:     "youtube",
		Platform: adalid.YouTube,
		Title:    collectors.Label{"en": "YouTube", "es": "YouTube"},
		About: collectors.Label{
			"en": "Videos that hold the brand's words, their comments, and comments on the brand's own channels. Free within a daily quota of 100 searches; only after YouTube's derived-metrics amendment was accepted.",
			"es": "Vídeos con las palabras de la marca, sus comentarios y los comentarios en los canales propios. Gratis dentro de una cuota de 100 búsquedas al día; solo tras aceptar la enmienda de YouTube sobre métricas derivadas.",
		},
		KeysAt: "https://console.cloud.google.com/apis/credentials",
		Fields: fields(),
		Can:    []collectors.Capability{collectors.Search, collectors.Replies, collectors.Check, collectors.Hydrate, collectors.Probe},
		Costs: []collectors.Cost{
			{Unit: searchCall, Daily: 100, Title: collectors.Label{"en": "search", "es": "búsqueda"}},
			{Unit: quotaUnit, Daily: 10_000, Title: collectors.Label{"en": "unit of the daily quota", "es": "unidad de la cuota diaria"}},
		},
		Limits: limits(),
		New:    newCollector,
	}
}

// The units of the quota.
const (
	searchCall = "search_call"
	quotaUnit  = "quota_unit"
)

const publicServer = "https://youtube.googleapis.com"

func fields() []collectors.Field {
	label := func(en, es string) collectors.Label { return collectors.Label{"en": en, "es": es} }
	return []collectors.Field{
		{
			Key: "amendment_accepted_by", Kind: collectors.TextField, Required: true, Title: label("Who accepted the derived-metrics amendment", "Quién aceptó la enmienda de métricas derivadas"),
			Help: label("YouTube allows sentiment and scores made from its data only after this amendment to its API terms.", "YouTube solo permite sentimiento y puntuaciones hechas con sus datos tras aceptar esta enmienda a las condiciones de su API."),
		},
		{
			Key: "amendment_accepted_on", Kind: collectors.TextField, Required: true, Title: label("On which day", "En qué fecha"),
			Help: label("Such as 2026-01-31.", "Por ejemplo, 2026-01-31."),
		},
		{
			Key: "key", Kind: collectors.TextField, Required: true, Secret: true, Title: label("API key", "Clave de API"),
			Help: label("From a Google Cloud project in which the YouTube Data API v3 is enabled.", "De un proyecto de Google Cloud con la YouTube Data API v3 activada."),
		},
		{
			Key: "days", Kind: collectors.NumberField, Default: "30", Title: label("Days of the first scan", "Días de la primera búsqueda"),
			Help: label("How far back the first scan looks for videos and comments.", "Hasta cuándo busca vídeos y comentarios la primera vez."),
		},
		{
			Key: "videos", Kind: collectors.NumberField, Default: "200", Title: label("Videos whose comments are followed", "Vídeos cuyos comentarios se siguen"),
			Help: label("The newest that were found; 0 reads no comments on the videos of others.", "Los más recientes encontrados; 0 no lee comentarios en vídeos ajenos."),
		},
		{
			Key: "follow_days", Kind: collectors.NumberField, Default: "30", Title: label("Days for which a video is followed", "Días durante los que se sigue un vídeo"),
			Help: label("Counted from its publication.", "Desde su publicación."),
		},
		{
			Key: "comment_pages", Kind: collectors.NumberField, Default: "10", Title: label("Pages of comments per video and scan", "Páginas de comentarios por vídeo y búsqueda"),
			Help: label("100 comments a page, the newest first; each page is one unit of the quota.", "100 comentarios por página, primero los más recientes; cada página es una unidad de la cuota."),
		},
		{
			Key: "server", Kind: collectors.URLField, Default: publicServer, Title: label("Server", "Servidor"),
			Help: label("Another address only for tests.", "Otra dirección solo para pruebas."),
		},
	}
}

func limits() collectors.Limits {
	return collectors.Limits{
		Rates:     []collectors.Rate{{Requests: 300, Per: time.Minute}},
		DayZone:   "America/Los_Angeles",
		QuotaSays: []string{"quotaExceeded", "dailyLimitExceeded", "PerDay", "per day"},
	}
}

type settings struct {
	AcceptedBy   string `json:"amendment_accepted_by"`
	AcceptedOn   string `json:"amendment_accepted_on"`
	Key          string `json:"key"`
	Days         int64  `json:"days"`
	Videos       int64  `json:"videos"`
	FollowDays   int64  `json:"follow_days"`
	CommentPages int64  `json:"comment_pages"`
	Server       string `json:"server"`
}

var (
	channelID = regexp.MustCompile(`^UC[A-Za-z0-9_-]{22}$`)
	videoID   = regexp.MustCompile(`^[A-Za-z0-9_-]{11}$`)
	commentID = regexp.MustCompile(`^[A-Za-z0-9_.-]{12,120}$`)
)

func newCollector(s collectors.Setup) (collectors.Collector, error) {
	var set settings
	if err := s.Decode(&set); err != nil {
		return nil, err
	}
	if err := set.check(s.Now()); err != nil {
		return nil, err
	}
	return &collector{settings: set, http: s.HTTP, now: s.Now, meter: s.Meter}, nil
}

func (s *settings) check(now time.Time) error {
	s.Key = strings.TrimSpace(s.Key)
	s.Server = strings.TrimSuffix(strings.TrimSpace(s.Server), "/")
	invalid := func(key, what string) error {
		return adalid.Errorf(adalid.Invalid, "youtube: setting %q %s", key, what)
	}
	on, err := time.Parse(time.DateOnly, strings.TrimSpace(s.AcceptedOn))
	u, badServer := url.Parse(s.Server)
	switch {
	case strings.TrimSpace(s.AcceptedBy) == "":
		return invalid("amendment_accepted_by", "is missing: YouTube is read only after somebody accepted its derived-metrics amendment")
	case err != nil:
		return invalid("amendment_accepted_on", "is no day such as 2026-01-31")
	case on.After(now.Add(24 * time.Hour)):
		return invalid("amendment_accepted_on", "is still to come: YouTube is read only after the amendment was accepted")
	case s.Key == "" || strings.ContainsFunc(s.Key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return invalid("key", "holds characters that no API key has")
	case s.Days < 1 || s.Days > 3650:
		return invalid("days", "has to be from 1 to 3650")
	case s.Videos < 0 || s.Videos > 2000:
		return invalid("videos", "has to be from 0 to 2000")
	case s.FollowDays < 1 || s.FollowDays > 3650:
		return invalid("follow_days", "has to be from 1 to 3650")
	case s.CommentPages < 1 || s.CommentPages > 1000:
		return invalid("comment_pages", "has to be from 1 to 1000")
	case badServer != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return invalid("server", "is no web address")
	}
	return nil
}

// collector reads the Data API v3.
type collector struct {
	settings
	http  collectors.Doer
	now   func() time.Time
	meter collectors.Meter
}
