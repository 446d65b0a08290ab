// Package api is the JSON API under /api/v1: brands, their advocates with the
// reasons, mentions as evidence, imports, and the live sources with their scans.
package api

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"adalid/internal/account"
)

// Prefix is where the API lies.
const Prefix = "/api/v1"

// Options are what the API answers from.
type Options struct {
	Brands    Brands
	Evidence  Evidence
	Ranker    Ranker
	Explainer Explainer
	Viewer    Viewer
	Segments  Segments
	Importer  Importer
	Topics    TopicFinder
	Teacher   Teacher
	Relevance Relevance
	Auditor   Auditor
	Identity  Identities
	Circle    Circle
	Workflow  Workflow
	Privacy   Privacy
	Sources   Sources
	Scanner   Scanner
	Standings Standings
	Schedules Schedules
	Receiver  Receiver
	Previewer Previewer
	Inventor  Inventor
	Figures   Figures                     // of live scans, for the metrics; nil: none
	Check     func(context.Context) error // whether the service can do its work; nil: always
	Query     func(string) error          // says what is wrong with a brand's query, as an Invalid error; nil: nothing ever is
	Version   string                      // of the program; "" is shown as "unknown"
	Now       func() time.Time            // nil: time.Now

	// Settings names everything in the configuration that answers depend on; a
	// change of it makes other ETags.
	Settings  string
	YouTube   bool  // whether people of YouTube may be ranked: its amendment is accepted
	MaxUpload int64 // bytes of one upload; 0: 4 GiB

	Stopping <-chan struct{} // closed when the server stops: exports end then; nil: never
	TempDir  string          // for what exports keep aside until they are complete; "" is the system's

	// PushKey is what mentions that are sent in have to be signed with; nil: they
	// need no signature.
	PushKey []byte

	// Who may do what; see rules.go.
	Sessions   Sessions          // nil: nobody signs in, and whoever shows no key is account.Local
	Accounts   *account.Accounts // who can sign in; nil only where Sessions is
	Keys       Keys              // nil: there are no keys
	AuditLog   AuditLog          // nil: nothing is recorded
	SignInPage string            // where pages send who is not signed in; "": they are refused
	Pages      map[string]Rule   // of routes beside the API, by method and path, such as GET /lite
	KeyRate    float64           // requests a second of a key; 0: no limit
	KeyBurst   int               // its requests at once
	Recheck    time.Duration     // how often long answers look whether they may go on; 0: 20 s

	BrandSettings
}

type server struct {
	Options
	spec     func() []byte // the OpenAPI file
	changing sync.Mutex    // of a source
	rankings pages[AdvocateList]
	networks pages[Network]

	viewParameters map[string]*huma.Schema // of saved views

	exporting exporting
}

// Mount adds the API to an engine made by NewEngine, behind the guard that every
// later route of the engine gets too, and gives its description. An operation
// without a rule is an error, and so is a rule without an operation.
func Mount(e *gin.Engine, o Options) (*huma.OpenAPI, error) {
	return mount(e, o, rules(), (*server).register)
}

func mount(e *gin.Engine, o Options, rules map[string]Rule, registerAll func(*server, huma.API)) (*huma.OpenAPI, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Version == "" {
		o.Version = "unknown"
	}
	if o.MaxUpload == 0 {
		o.MaxUpload = 4 << 30
	}
	overrideErrors()
	s := &server{Options: o, rankings: newPages[AdvocateList](keptPages), networks: newPages[Network](keptNetworks)}
	g := &guard{server: s, limits: newLimits(o.KeyRate, o.KeyBurst, o.Now), record: newRecorder(o.AuditLog, o.Now)}
	e.Use(g.handle)
	group := e.Group(Prefix, gate)
	a := humagin.NewWithGroup(e, group, humaConfig())
	s.spec = sync.OnceValue(func() []byte { return describe(a.OpenAPI()) })
	registerAll(s, a)
	boundLists(a.OpenAPI())
	loosenAnswers(a.OpenAPI())
	var err error
	g.routes, err = bind(a.OpenAPI(), rules, o.Pages)
	return a.OpenAPI(), err
}

func (s *server) register(a huma.API) {
	s.registerBrands(a)
	s.registerPreviews(a)
	s.registerDemo(a)
	s.registerOwnAccounts(a)
	s.registerRankings(a)
	s.registerQueryTest(a)
	s.registerAlarms(a)
	s.registerAdvocates(a)
	s.registerCircle(a)
	s.registerWorkflow(a)
	s.registerWhy(a)
	s.registerViews(a)
	s.registerGrid(a)
	s.registerSegments(a)
	s.registerVoice(a)
	s.registerPortfolio(a)
	s.registerNetwork(a)
	s.registerBacktest(a)
	s.registerMentions(a)
	s.registerExports(a)
	s.registerTopics(a)
	s.registerLabels(a)
	s.registerCorrections(a)
	s.registerMentionSentiment(a)
	s.registerRelevance(a)
	s.registerAudit(a)
	s.registerIdentities(a)
	s.registerImports(a)
	s.registerPushes(a)
	s.registerSources(a)
	s.registerScans(a)
	s.registerStandings(a)
	s.registerSpending(a)
	s.registerSchedules(a)
	s.registerKeys(a)
	s.registerAuditLog(a)
	s.registerPrivacy(a)
	s.registerStatus(a)
	s.registerSignIn(a)
	s.registerMe(a)
	s.registerUsers(a)
}

// humaConfig is huma without what it adds by itself: schema links, pages that
// load scripts from elsewhere, routes outside of the description.
func humaConfig() huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Adalid", Version: "1",
				Description: "Who a brand's true advocates are, and why. " +
					"Unknown values are null, never 0; times are RFC 3339 in UTC; ids are strings; failures are problem+json (RFC 9457).",
				License: &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
			},
			Servers:  []*huma.Server{{URL: Prefix}},
			Security: []map[string][]string{{"key": {}}, {}},
			Components: &huma.Components{SecuritySchemes: map[string]*huma.SecurityScheme{"key": {
				Type: "http", Scheme: "bearer", BearerFormat: "adk_…", Description: "An API key. A session's cookie does as well; without accounts nothing is needed.",
			}}, Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)},
		},
		Formats:                      formats(),
		DefaultFormat:                "application/json",
		Transformers:                 []huma.Transformer{sign},
		RejectUnknownQueryParameters: true,
	}
}

// loosenAnswers allows fields to be added to answers later; requests stay
// strict.
func loosenAnswers(o *huma.OpenAPI) {
	for name, s := range o.Components.Schemas.Map() {
		if !strings.HasPrefix(name, "New") && !strings.HasSuffix(name, "Change") {
			s.AdditionalProperties = nil
		}
	}
}

// register adds an operation: o says how it is called, the input and output
// structs say the rest.
func register[I, O any](a huma.API, o huma.Operation, answer func(context.Context, *I) (*O, error)) {
	if o.Responses == nil {
		o.Responses = map[string]*huma.Response{}
	}
	problem := a.OpenAPI().Components.Schemas.Schema(problemType, true, "")
	o.Responses["default"] = &huma.Response{
		Description: "Failure",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: problem}},
	}
	huma.Register(a, o, answer)
}

// empty is the input of operations without parameters and the output of those
// without a body.
type empty struct{}

// op names an operation.
func op(method, path, id, summary string) huma.Operation {
	tag, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if rest, ok := strings.CutPrefix(path, "/brands/{brand}/"); ok {
		tag, _, _ = strings.Cut(rest, "/")
	}
	return huma.Operation{Method: method, Path: path, OperationID: id, Summary: summary, Tags: []string{tag}}
}

// described returns o with a description.
func described(o huma.Operation, text string) huma.Operation {
	o.Description = text
	return o
}

// also documents an answer that has no body of its own.
func also(o huma.Operation, status, text string) huma.Operation {
	if o.Responses == nil {
		o.Responses = map[string]*huma.Response{}
	}
	o.Responses[status] = &huma.Response{Description: text}
	return o
}

// created is the status of operations that make something.
func created(o huma.Operation) huma.Operation {
	o.DefaultStatus = http.StatusCreated
	return o
}
