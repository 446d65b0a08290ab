package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"adalid/web/api"
)

// TestRouteWithoutARule: beside the API too, the server is not built, and the route
// answers nobody.
func TestRouteWithoutARule(t *testing.T) {
	plant := func(e *gin.Engine) { e.GET("/planted", func(c *gin.Context) { c.String(http.StatusOK, "everything") }) }
	if _, err := build(Options{}, pageRules(Options{}), plant); err == nil || !strings.Contains(err.Error(), "the route GET /planted has no rule") {
		t.Errorf("built: %v", err)
	}
	rules := pageRules(Options{})
	rules["GET /planted"] = api.SeesAll()
	if _, err := build(Options{}, rules, plant); err != nil {
		t.Error(err)
	}
	rules["GET /nothing"] = api.Open()
	if _, err := build(Options{}, rules, plant); err == nil || !strings.Contains(err.Error(), "a rule for GET /nothing, which is no route") {
		t.Errorf("built: %v", err)
	}
	var engine *gin.Engine
	if _, err := build(Options{}, pageRules(Options{}), func(e *gin.Engine) { engine = e }); err != nil {
		t.Fatal(err)
	}
	plant(engine) // after everything was looked at
	r := httptest.NewRequest("GET", "/planted", nil)
	r.Host = "localhost"
	w := httptest.NewRecorder()
	engine.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "everything") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
