package api

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid/internal/account"
	"adalid/internal/rank"
	"adalid/internal/workflow"
)

// SavedViews keeps questions for lists under names.
type SavedViews interface {
	// SavedViews lists those that somebody sees: those shared first, by name.
	SavedViews(ctx context.Context, brand string, by workflow.Actor) ([]workflow.SavedView, error)
	// SaveView keeps a view in place of the one of its ID; without, as a new one.
	SaveView(ctx context.Context, a workflow.About, v workflow.SavedView) (workflow.SavedView, error)
	RemoveView(ctx context.Context, a workflow.About, id string) error
}

// SavedView is a question for the list under a name.
type SavedView struct {
	ID      string            `json:"id"`
	Name    string            `json:"name"`
	Query   map[string]string `json:"query" doc:"The parameters of the list as its address has them."`
	Shared  bool              `json:"shared" doc:"Everybody who sees the brand sees it; else only who made it."`
	Mine    bool              `json:"mine" doc:"Who asks made it."`
	By      Actor             `json:"by"`
	Created time.Time         `json:"created"`
	Updated time.Time         `json:"updated"`
}

// SavedViewList is the views that somebody sees.
type SavedViewList struct {
	Items []SavedView `json:"items" nullable:"false" doc:"Those shared first, by name."`
}

// NewSavedView says what to keep.
type NewSavedView struct {
	Name   string            `json:"name" minLength:"1" maxLength:"100" doc:"Unique among those shared, and among your own."`
	Query  map[string]string `json:"query" doc:"Parameters of list-advocates but limit and cursor, and for the page: view (a view's name, or all), columns (separated by commas), rows (comfortable or compact), show (table or map), days (the last so many, instead of since), q (a part of a handle). Values as in an address, unescaped."`
	Shared bool              `json:"shared,omitempty" doc:"With everybody who sees the brand."`
}

// SavedViewPath is the address of a saved view.
type SavedViewPath struct {
	BrandPath
	View string `path:"saved" maxLength:"19" pattern:"^[0-9]+$"`
}

type (
	savedViewsAnswer  struct{ Body SavedViewList }
	newSavedViewInput struct {
		BrandPath
		Body NewSavedView
	}
	savedViewInput struct {
		SavedViewPath
		Body NewSavedView
	}
	savedViewCreated struct {
		Location string `header:"Location"`
		Body     SavedView
	}
	savedViewAnswer struct{ Body SavedView }
)

func (s *server) registerSavedViews(a huma.API) {
	const path = "/brands/{brand}/saved-views"
	register(a, op(http.MethodGet, path, "list-saved-views", "Saved views: those shared, and your own"), s.listSavedViews)
	register(a, created(op(http.MethodPost, path, "add-saved-view", "Keep a question for the list under a name")), s.addSavedView)
	register(a, described(op(http.MethodPut, path+"/{saved}", "change-saved-view", "Replace a saved view"),
		"Who made it and, of those shared, who manages the brand."), s.changeSavedView)
	register(a, described(op(http.MethodDelete, path+"/{saved}", "remove-saved-view", "Forget a saved view"),
		"Who made it and, of those shared, who manages the brand."), s.removeSavedView)
	s.viewParameters = viewParameters(a.OpenAPI())
	query := a.OpenAPI().Components.Schemas.Map()["NewSavedView"].Properties["query"]
	most := maxListed * 2
	query.AdditionalProperties, query.Properties = false, map[string]*huma.Schema{}
	for name := range s.viewParameters {
		query.Properties[name] = &huma.Schema{Type: huma.TypeString, MaxLength: &most}
	}
	query.PrecomputeMessages()
}

// viewParameters gives what a saved view may hold: what the list takes, and what the
// page keeps for itself.
func viewParameters(d *huma.OpenAPI) map[string]*huma.Schema {
	list := map[string]*huma.Schema{}
	for _, p := range d.Paths["/brands/{brand}/advocates"].Get.Parameters {
		if p.In == "query" && p.Name != "limit" && p.Name != "cursor" {
			list[p.Name] = p.Schema
		}
	}
	views := []any{"all"}
	for _, v := range rank.Views() {
		views = append(views, string(v.Name))
	}
	most := 400
	list["view"] = &huma.Schema{Type: huma.TypeString, Enum: views}
	list["columns"] = &huma.Schema{Type: huma.TypeString, MaxLength: &most, Pattern: `^[a-z0-9_]{1,40}(,[a-z0-9_]{1,40})*$`}
	list["rows"] = &huma.Schema{Type: huma.TypeString, Enum: []any{"comfortable", "compact"}}
	list["show"] = &huma.Schema{Type: huma.TypeString, Enum: []any{"table", "map"}}
	least, longest, name := 1.0, 3650.0, 80
	list["days"] = &huma.Schema{Type: huma.TypeInteger, Minimum: &least, Maximum: &longest}
	list["q"] = &huma.Schema{Type: huma.TypeString, MaxLength: &name}
	for _, p := range list {
		p.PrecomputeMessages()
	}
	return list
}

// checkViewQuery refuses parameters that the list would refuse.
func (s *server) checkViewQuery(query map[string]string) error {
	registry := huma.NewMapRegistry("#/", huma.DefaultSchemaNamer)
	for name, text := range query {
		schema := s.viewParameters[name]
		if schema == nil {
			return invalid("body.query", "the question holds a parameter that the list does not take")
		}
		value, ok := parameterValue(schema, text)
		res := &huma.ValidateResult{}
		if ok {
			huma.Validate(registry, schema, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, value, res)
		}
		if !ok || len(res.Errors) > 0 {
			return invalid("body.query."+name, "the list does not take that value")
		}
	}
	if _, err := rank.ParseWhere(query["where"]); err != nil {
		return invalid("body.query.where", err.Error())
	}
	for _, name := range []string{"since", "until"} {
		if _, err := parseTime(name, query[name], 0); err != nil {
			return invalid("body.query."+name, name+" is neither a time such as 2026-03-01T12:00:00Z nor a date such as 2026-03-01")
		}
	}
	return nil
}

// parameterValue reads a parameter as the description says it is.
func parameterValue(schema *huma.Schema, text string) (any, bool) {
	switch schema.Type {
	case huma.TypeInteger, huma.TypeNumber:
		n, err := strconv.ParseFloat(text, 64)
		return n, err == nil && (schema.Type == huma.TypeNumber || n == float64(int64(n)))
	case huma.TypeBoolean:
		return text == "true", slices.Contains([]string{"true", "false"}, text)
	case huma.TypeArray:
		list := []any{}
		for word := range strings.SplitSeq(text, ",") {
			list = append(list, word)
		}
		return list, true
	}
	return text, true
}

// ofToday gives a stored question as the list takes it now. Once organisations were
// shown or hidden by a parameter of their own; hiding them is the default since.
func ofToday(stored map[string]string) map[string]string {
	query := map[string]string{}
	maps.Copy(query, stored)
	if query["organisations"] == "show" {
		query["include"] = strings.Trim(query["include"]+",organisations", ",")
	}
	delete(query, "organisations")
	return query
}

func (s *server) wireView(ctx context.Context, v workflow.SavedView) SavedView {
	return SavedView{v.ID, v.Name, ofToday(v.Query), v.Shared, v.By.Mark == account.From(ctx).Mark(), wireActor(v.By), v.Created.UTC(), v.Updated.UTC()}
}

func (s *server) listSavedViews(ctx context.Context, in *BrandPath) (*savedViewsAnswer, error) {
	a, err := s.about(ctx, DecidedPath{BrandPath: *in})
	if err != nil {
		return nil, err
	}
	list, err := s.Workflow.SavedViews(ctx, a.Brand, a.By)
	if err != nil {
		return nil, err
	}
	out := SavedViewList{Items: make([]SavedView, len(list))}
	for i, v := range list {
		out.Items[i] = s.wireView(ctx, v)
	}
	return &savedViewsAnswer{out}, nil
}

func (s *server) saveView(ctx context.Context, in BrandPath, id string, body NewSavedView) (SavedView, string, error) {
	a, err := s.about(ctx, DecidedPath{BrandPath: in})
	if err == nil {
		err = s.checkViewQuery(body.Query)
	}
	if err != nil {
		return SavedView{}, "", err
	}
	v, err := s.Workflow.SaveView(ctx, a, workflow.SavedView{ID: id, Name: body.Name, Query: body.Query, Shared: body.Shared})
	return s.wireView(ctx, v), brandURL(a.Brand) + "/saved-views/" + url.PathEscape(v.ID), err
}

func (s *server) addSavedView(ctx context.Context, in *newSavedViewInput) (*savedViewCreated, error) {
	v, at, err := s.saveView(ctx, in.BrandPath, "", in.Body)
	if err != nil {
		return nil, err
	}
	return &savedViewCreated{at, v}, nil
}

func (s *server) changeSavedView(ctx context.Context, in *savedViewInput) (*savedViewAnswer, error) {
	v, _, err := s.saveView(ctx, in.BrandPath, in.View, in.Body)
	if err != nil {
		return nil, err
	}
	return &savedViewAnswer{v}, nil
}

func (s *server) removeSavedView(ctx context.Context, in *SavedViewPath) (*empty, error) {
	a, err := s.about(ctx, DecidedPath{BrandPath: in.BrandPath})
	if err != nil {
		return nil, err
	}
	return nil, s.Workflow.RemoveView(ctx, a, in.View)
}
