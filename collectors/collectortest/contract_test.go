package collectortest

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

const shelf = `{"openapi":"3.1.0","servers":[{"url":"https://{host}/api/"}],
"components":{"parameters":{"Fields":{"name":"book.fields","in":"query","schema":{"type":"array","minItems":1,"uniqueItems":true,"items":{"$ref":"#/components/schemas/Field"}}}},
 "schemas":{"Field":{"type":"string","enum":["title","year"]},"ID":{"type":"string","pattern":"^[0-9]{1,19}$"}},
 "securitySchemes":{"key":{"type":"apiKey","in":"query","name":"key"},"token":{"type":"http"}}},
"paths":{"/books":{"get":{"parameters":[{"$ref":"#/components/parameters/Fields"},
  {"name":"limit","in":"query","schema":{"type":["integer","null"],"minimum":10,"maximum":100}},
  {"name":"q","in":"query","required":true,"schema":{"type":"string","maxLength":5}},
  {"name":"since","in":"query","schema":{"type":"string","format":"date-time"}},
  {"name":"order","in":"query","schema":{"anyOf":[{"enum":["asc","desc"]},{"type":"boolean"}]}},
  {"name":"types","in":"query","schema":{"type":"array","maxItems":2,"items":{"type":"string"}}}]}},
 "/books/{id}":{"parameters":[{"name":"id","in":"path","required":true,"schema":{"$ref":"#/components/schemas/ID"}}],"get":{}},
 "/books/new":{"get":{}}}}`

func TestCheckAgainstAContract(t *testing.T) {
	var d OpenAPI
	if err := json.Unmarshal([]byte(shelf), &d); err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"/books?q=tea&book.fields=title,year&limit=10&key=k":      "",
		"/api/books?q=ñandú&types[]=a&types[]=b&order=asc":        "",
		"/books?q=a&since=2026-10-21T12:00:00Z&order=true":        "",
		"/books/9223372036854775807":                              "",
		"/books/new":                                              "",
		"/books/old":                                              "does not match",
		"/shelves":                                                "not in the contract",
		"/books":                                                  `"q" is missing`,
		"/books?q=a&limit=9":                                      "out of range",
		"/books?q=a&limit=101":                                    "out of range",
		"/books?q=a&limit=ten":                                    "no number",
		"/books?q=a&limit=10.5":                                   "no number",
		"/books?q=a&limit=10&limit=11":                            "2 times",
		"/books?q=a&book.fields=title,author_id":                  "none of",
		"/books?q=a&book.fields=title,title":                      "twice",
		"/books?q=abcdef":                                         "6 characters",
		"/books?q=a&since=yesterday":                              "no time",
		"/books?q=a&order=up":                                     "none of its forms",
		"/books?q=a&types=a,b,c":                                  "3 items",
		"/books?q=a&tweet.fields=id":                              "not documented",
		"/books?q=a&limit[]=10":                                   "not documented",
		"/books?q=a&limit=9&book.fields=x&nonsense=1&since=never": "\n",
	} {
		r, err := http.NewRequest(http.MethodGet, "https://shelf.example"+address, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = d.Check(r)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
	}
	r, _ := http.NewRequest(http.MethodPost, "https://shelf.example/books?q=a", nil)
	if d.Check(r) == nil {
		t.Error("POST passes where only GET is documented")
	}
}

func TestContractDocuments(t *testing.T) {
	for file, address := range map[string]string{
		"x-2.162.json":  "https://api.x.com/2/tweets/search/recent?query=acme&max_results=100&tweet.fields=author_id",
		"x-2.167.json":  "https://api.x.com/2/tweets/search/recent?query=acme&max_results=100&post.fields=lang",
		"mastodon.json": "https://m.example/api/v1/notifications?types[]=mention&limit=40",
		"youtube.json":  "https://youtube.googleapis.com/youtube/v3/search?part=snippet&q=acme&type=video&maxResults=50&key=k",
	} {
		r, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := Contract(t, file).Check(r); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		r.URL.RawQuery += "&nonsense=1"
		if Contract(t, file).Check(r) == nil {
			t.Errorf("%s: a parameter that does not exist passes", file)
		}
	}
}
