package web

import (
	"adalid/web/api"
	"adalid/web/lite"
)

// pageRules say who may see what lies beside the API, by method and path. A route
// that is not here is an error of New, and is refused.
func pageRules(o Options) map[string]api.Rule {
	metrics := api.SeesAll() // its figures name the sources of all brands
	if o.MetricsToken != "" {
		metrics = api.Guarded()
	}
	rules := map[string]api.Rule{
		"GET " + lite.Prefix:                 api.Page(),
		"GET " + lite.Prefix + "/people/:id": api.Page(),
		"GET " + lite.Prefix + "/style.css":  api.Open(),
		"GET /metrics":                       metrics,
	}
	// What they change asks for a password, a link or the session itself.
	for _, path := range lite.AccountPages() {
		rules["GET "+path] = api.Open()
	}
	for _, path := range lite.Posts {
		rules["POST "+path] = api.Open()
	}
	if o.OptOut.OptOuts != nil { // whoever has a signed link
		rules["GET "+lite.OptOutPath], rules["POST "+lite.OptOutPath] = api.Open(), api.Open()
	}
	return rules
}
