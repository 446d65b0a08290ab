package web

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"adalid/web/api"
)

// gzipped sends what the API answers as JSON gzipped to those who take it: a
// list of 50 people comes in a quarter of its bytes. A few random bytes more hide how
// well a body was compressed, which would tell of what it holds beside what was
// asked for (BREACH). Tables and events go as they are: they are sent as they are
// made, and what compresses would wait for more.
func gzipped(h http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(
		gzhttp.MinSize(1<<10),
		gzhttp.CompressionLevel(gzipLevel),
		gzhttp.EnableZstd(false),
		gzhttp.ContentTypes([]string{"application/json", "application/problem+json"}),
		gzhttp.RandomJitter(32, 0, false),
	)
	if err != nil {
		return nil, fmt.Errorf("web: compression: %w", err)
	}
	smaller := wrap(h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path := r.URL.Path; r.Method != http.MethodGet || !strings.HasPrefix(path, api.Prefix+"/") || strings.HasSuffix(path, "/events") || strings.Contains(path, "/exports/") {
			h.ServeHTTP(w, r)
			return
		}
		smaller.ServeHTTP(w, r)
	}), nil
}

// gzipLevel makes 14 KB of a list of 61 KB; the slower ones gain a kilobyte.
const gzipLevel = 3
