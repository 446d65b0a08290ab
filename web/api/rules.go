package api

import (
	"fmt"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"adalid/internal/account"
)

// Rule is who may ask for one thing, of which brand, and what the audit log keeps
// of it.
type Rule struct {
	account.Rule
	of     place
	object string // parameter of the path that holds an id of ours; "": none
	digest bool   // the object's id is a platform's or the team's own words: only a hash of it is kept
	reads  bool   // nothing is changed, whatever the method
	signed bool   // a request that is signed with the push secret needs no actor: its signature is the proof, which the operation checks
	own    bool   // it asks for a proof of its own
	page   bool   // people look at it: who is not signed in is led to where they can
}

// place is where a request says which brand it is about.
type place int

const (
	nowhere  place = iota
	inPath         // the path's {brand}
	inQuery        // the parameter brand; without one, all brands
	ofSource       // the brand that the path's {source} is for; all brands where it is for all
	ofKey          // the brand that the key with the path's {id} is for; the same
	anywhere       // any brand: it is enough to have the role on one, and the answer is about those
)

// Open lets everybody pass.
func Open() Rule { return Rule{Rule: account.Rule{Scope: account.Open}} }

// Guarded lets everybody pass to what asks for a proof of its own.
func Guarded() Rule { return Rule{Rule: account.Rule{Scope: account.Open}, own: true} }

// SignedIn lets pass who is signed in; the answer is only about what is theirs.
func SignedIn() Rule { return Rule{Rule: account.Rule{Scope: account.SignedIn}} }

// Page is SignedIn for what people look at: who is not signed in is led to where
// they can.
func Page() Rule {
	r := SignedIn()
	r.page = true
	return r
}

// SeesAll lets pass who may read every brand.
func SeesAll() Rule { return all(account.Viewer) }

// all asks for a role on all brands.
func all(least account.Role) Rule {
	return Rule{Rule: account.Rule{Scope: account.Installation, Least: least}}
}

// on asks for a role on the brand in question.
func on(least account.Role, where ...place) Rule {
	r := Rule{Rule: account.Rule{Scope: account.OnBrand, Least: least}, of: inPath}
	if len(where) > 0 {
		r.of = where[0]
	}
	return r
}

// about says which parameter of the path holds the id of what is changed.
func (r Rule) about(parameter string) Rule {
	r.object = parameter
	return r
}

// hashed is about, for ids that may be or hold a handle or other words.
func (r Rule) hashed(parameter string) Rule {
	r.object, r.digest = parameter, true
	return r
}

// reading marks an operation that changes nothing although its method says so.
func (r Rule) reading() Rule {
	r.reads = true
	return r
}

// withSignature lets signed requests pass.
func (r Rule) withSignature() Rule {
	r.signed = true
	return r
}

// rules say who may do what, by operation. An operation that is not here cannot be
// mounted, and is refused. docs/access.md shows the table.
func rules() map[string]Rule {
	const viewer, analyst, manager, owner = account.Viewer, account.Analyst, account.Manager, account.Owner
	return map[string]Rule{
		"get-health":  Open(),
		"get-version": Open(),
		"get-openapi": Open(),

		"sign-in":               Open(),
		"sign-out":              Open(),
		"set-up":                Open(),
		"ask-password-reset":    Open(),
		"finish-password-reset": Open(),
		"accept-invitation":     Open(),
		"get-me":                SignedIn(),
		"change-password":       SignedIn(),
		"list-users":            on(owner, anywhere),
		"invite-user":           on(owner, anywhere),
		"change-user":           on(owner, anywhere).about("user"),
		"remove-user":           all(owner).about("user"),
		"withdraw-invitation":   on(owner, anywhere).about("invitation"),

		"list-brands":   SignedIn(),
		"create-brand":  all(owner),
		"preview-brand": all(owner).reading(),
		"load-demo":     all(owner),
		"get-brand":     on(viewer),
		"change-brand":  on(manager),
		"remove-brand":  on(owner).about("brand"),

		"list-own-accounts":  on(viewer),
		"add-own-account":    on(manager),
		"remove-own-account": on(manager),

		"get-ranking":    on(viewer),
		"choose-ranking": on(manager),
		"test-query":     on(viewer).reading(),
		"list-alarms":    on(viewer),

		"list-advocates":       on(viewer),
		"get-advocate":         on(viewer),
		"explain-advocate":     on(viewer),
		"list-views":           on(viewer),
		"get-view":             on(viewer),
		"get-rfv":              on(viewer),
		"get-portfolio":        on(viewer),
		"get-network":          on(viewer),
		"get-backtest":         on(viewer),
		"list-topics":          on(viewer),
		"list-mentions":        on(viewer),
		"explain-mention":      on(viewer),
		"get-voice":            SignedIn(),
		"list-segments":        on(viewer),
		"get-segment":          on(viewer),
		"list-segment-members": on(viewer),
		"save-segment":         on(analyst).hashed("segment"),
		"remove-segment":       on(analyst).hashed("segment"),

		"export-advocates": on(manager),
		"export-mentions":  on(manager),

		"erase-advocate":    on(manager).about("id"),
		"erase-person":      all(owner),
		"get-advocate-data": on(manager),
		"list-notices":      on(manager),
		"get-notice":        on(manager),
		"set-notice":        on(manager).about("id"),
		"undo-notice":       on(manager).about("id"),
		"list-retention":    on(viewer),
		"set-retention":     on(manager),
		"drop-retention":    on(manager),

		"get-workflow":      on(viewer),
		"set-status":        on(analyst).about("id"),
		"set-owner":         on(analyst).about("id"),
		"change-tags":       on(analyst).about("id"),
		"list-history":      on(viewer),
		"list-tags":         on(viewer),
		"list-colleagues":   on(viewer),
		"add-note":          on(analyst).about("id"),
		"change-note":       on(analyst).about("id"),
		"remove-note":       on(analyst).about("id"),
		"add-task":          on(analyst).about("id"),
		"change-task":       on(analyst).about("id"),
		"remove-task":       on(analyst).about("id"),
		"list-tasks":        on(viewer),
		"change-many":       on(analyst),
		"undo-batch":        on(analyst).about("batch"),
		"list-saved-views":  on(viewer),
		"add-saved-view":    on(analyst),
		"change-saved-view": on(analyst).about("saved"),
		"remove-saved-view": on(analyst).about("saved"),

		"decide-authenticity":     on(analyst).about("id"),
		"undo-authenticity":       on(analyst).about("id"),
		"list-circle":             on(viewer),
		"decide-circle":           on(analyst).about("id"),
		"undo-circle":             on(analyst).about("id"),
		"list-identities":         on(viewer),
		"list-identity-decisions": on(viewer),
		"decide-identity":         on(analyst),
		"undo-identity":           on(analyst),
		"label-mention":           on(analyst).hashed("id"),
		"unlabel-mention":         on(analyst).hashed("id"),
		"list-corrections":        on(viewer),
		"mark-mention":            on(analyst).hashed("id"),
		"unmark-mention":          on(analyst).hashed("id"),
		"get-relevance":           on(viewer),
		"switch-relevance":        on(manager),
		"draw-audit":              on(analyst),
		"assess-audit":            on(analyst).reading(),

		"list-imports":  on(manager),
		"start-import":  on(manager),
		"get-import":    on(manager),
		"push-mentions": on(manager).withSignature(),

		"list-source-kinds":  SignedIn(),
		"list-sources":       on(manager, anywhere),
		"set-source":         on(manager, ofSource).hashed("source"),
		"remove-source":      on(manager, ofSource).hashed("source"),
		"probe-source":       on(manager, ofSource).hashed("source"),
		"list-brand-sources": on(viewer),
		"list-scans":         on(viewer),
		"get-scan":           on(viewer),
		"watch-scan":         on(viewer),
		"start-scan":         on(manager),
		"get-schedule":       on(viewer),
		"set-schedule":       on(manager),
		"remove-schedule":    on(manager),
		"get-spending":       on(manager),

		"list-keys":     on(owner, anywhere),
		"create-key":    on(owner, anywhere),
		"revoke-key":    on(owner, ofKey).about("id"),
		"get-audit-log": on(owner, inQuery),
	}
}

// operations gives what is registered: by method and path, as gin has them, the
// operation's id.
func operations(d *huma.OpenAPI) map[string]string {
	list := map[string]string{}
	for path, item := range d.Paths {
		for method, o := range map[string]*huma.Operation{
			"GET": item.Get, "PUT": item.Put, "POST": item.Post, "DELETE": item.Delete, "OPTIONS": item.Options,
			"HEAD": item.Head, "PATCH": item.Patch, "TRACE": item.Trace,
		} {
			if o != nil {
				list[method+" "+ginPath(path)] = o.OperationID
			}
		}
	}
	return list
}

// ginPath writes {name} as :name, below the API's prefix.
func ginPath(path string) string {
	return Prefix + strings.NewReplacer("{", ":", "}", "").Replace(path)
}

// bind puts the rules of operations and of pages together by route.
func bind(d *huma.OpenAPI, rules, pages map[string]Rule) (map[string]bound, error) {
	routes, used := map[string]bound{}, map[string]bool{}
	var faults []string
	for route, id := range operations(d) {
		rule, ok := rules[id]
		if !ok {
			faults = append(faults, fmt.Sprintf("the operation %s (%s) has no rule", id, route))
			continue
		}
		routes[route], used[id] = bound{rule, id}, true
	}
	for id := range rules {
		if !used[id] {
			faults = append(faults, fmt.Sprintf("there is a rule for %s, which is no operation", id))
		}
	}
	for route, rule := range pages {
		routes[route] = bound{rule, route}
	}
	for route, b := range routes {
		if b.Scope == 0 || b.Scope >= account.OnBrand && b.Least == account.None || (b.Scope == account.OnBrand) == (b.of == nowhere) {
			faults = append(faults, fmt.Sprintf("the rule for %s lets nobody pass", route))
		}
	}
	return routes, ruleFaults(faults)
}

// CheckRoutes says which routes of an engine have no rule, and which pages with a
// rule have no route. It is asked when everything is mounted.
func CheckRoutes(e *gin.Engine, d *huma.OpenAPI, pages map[string]Rule) error {
	known := operations(d)
	var faults []string
	served := map[string]bool{}
	for _, r := range e.Routes() {
		route := r.Method + " " + r.Path
		served[route] = true
		if _, page := pages[route]; known[route] == "" && !page {
			faults = append(faults, fmt.Sprintf("the route %s has no rule", route))
		}
	}
	for route := range pages {
		if !served[route] {
			faults = append(faults, fmt.Sprintf("there is a rule for %s, which is no route", route))
		}
	}
	return ruleFaults(faults)
}

func ruleFaults(faults []string) error {
	if len(faults) == 0 {
		return nil
	}
	slices.Sort(faults)
	return fmt.Errorf("api: who may do what is not settled: %s", strings.Join(faults, "; "))
}
