# make help lists what can be made.
.DEFAULT_GOAL := help
.PHONY: help build run ui test test-web perf-web pictures check bench fuzz golden image clean race

GO       ?= go
TAGS     := nomsgpack
DATA     ?= data
BENCH    ?= .
COUNT    ?= 6
BASE     ?= HEAD~1
FUZZTIME ?= 10s

# Packages that start goroutines or guard memory; a test keeps the list true. The
# command joins them and takes longer than all others there: make race.
RACED    := ./collectors/bluesky ./collectors/instagram ./collectors/reddit ./internal/account ./internal/fetch ./internal/graph ./internal/identity ./internal/language ./internal/match ./internal/privacy ./internal/rank ./internal/relevance ./internal/scan ./internal/sentiment ./internal/store ./internal/topics ./scoring ./web/api ./web/lite ./web

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

# The web app goes into the program when npm is there; without it the server
# has /lite and says so. The stamp is the page that the build writes.
UI_BUILT   := web/dist/index.html
UI_SOURCES := $(shell find web/ui -name node_modules -prune -o -name schema.d.ts -prune -o -type f -print 2>/dev/null) web/api/testdata/openapi.golden.json
ifneq ($(shell command -v npm 2>/dev/null),)
UI := $(UI_BUILT)
endif

build: $(UI) ## the program as one static file: bin/adalid, with the web app where npm is installed
	CGO_ENABLED=0 $(GO) build -tags $(TAGS) -trimpath -o bin/adalid ./cmd/adalid

run: build ## build and serve; with nothing stored yet, an invented brand to look at
	bin/adalid serve --demo --data-dir $(DATA)

ui: $(UI_BUILT) ## the web app into web/dist; needs Node 20.19 or newer

$(UI_BUILT): $(UI_SOURCES)
	cd web/ui && npm ci --no-audit --no-fund && npm run --silent types && npm run --silent check && npm run --silent build

test-web: build ## the web app's budgets, and every page of it in a real browser against the program itself
	cd web/ui && npm run --silent budgets && npm run --silent test:ui

perf-web: build ## how fast the web app is with 100,000 people in a brand; prints a table, best on a machine at rest
	cd web/ui && node tests/perf.mjs

pictures: build ## the pictures of the README, from the invented brand; look at them before you commit them
	cd web/ui && node tools/pictures.mjs

# SQLite itself is left out of the race detector: it is a C program in Go's
# clothes, four times slower with it, and its own tests' business.
test: ## go vet, every test, and where memory is shared the shorter ones again with the race detector (needs a C compiler)
	$(GO) vet -tags $(TAGS) ./...
	$(GO) test -tags $(TAGS) -timeout 18m ./...
	$(GO) test -tags $(TAGS) -timeout 18m -short -race -gcflags='modernc.org/...=-race=false' $(RACED)

race: ## the race detector beside the whole command, which takes long
	$(GO) test -tags $(TAGS) -timeout 30m -short -race -gcflags='modernc.org/...=-race=false' ./cmd/adalid

check: ## formatting, go vet, staticcheck, a tidy go.mod, nothing of one machine
	@unformatted=$$($(GO) tool gofumpt -l .) && test -z "$$unformatted" || { echo "not formatted, run go tool gofumpt -w on:"; echo "$$unformatted"; exit 1; }
	$(GO) vet -tags $(TAGS) ./...
	$(GO) tool staticcheck -tags $(TAGS) ./...
	$(GO) mod tidy -diff
	.ci/paths

bench: ## every benchmark COUNT times, beside the commit BASE (BASE= to skip that), then the peers
	GO="$(GO)" TAGS="$(TAGS)" BENCH="$(BENCH)" COUNT="$(COUNT)" BASE="$(BASE)" .ci/bench

fuzz: ## every fuzz target for FUZZTIME
	@grep -r --include='*_test.go' -o '^func Fuzz[A-Za-z0-9_]*' . | sort | while IFS=: read -r file target; do \
		echo "$$(dirname $$file) $${target#func }"; \
		$(GO) test -tags $(TAGS) -run '^$$' -fuzz "^$${target#func }$$" -fuzztime $(FUZZTIME) "$$(dirname $$file)" </dev/null || exit 1; \
	done

golden: ## rewrite the golden files; look at the difference before you commit it
	$(GO) test -tags $(TAGS) $$(grep -rl --include='*_test.go' 'flag.Bool("update"' . | xargs -n 1 dirname | sort -u) -update

image: $(UI) ## the container image adalid:dev, with the web app where npm is installed
	docker build -t adalid:dev .

clean: ## remove what was built; stored data stay
	rm -rf bin web/ui/node_modules web/ui/src/schema.d.ts
	find web/dist -mindepth 1 ! -name .gitkeep -delete
