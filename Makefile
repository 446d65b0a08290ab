# make help lists what can be made.
.DEFAULT_GOAL := help
.PHONY: help build run test check bench fuzz golden image clean

GO       ?= go
TAGS     := nomsgpack
DATA     ?= data
BENCH    ?= .
COUNT    ?= 6
BASE     ?= HEAD~1
FUZZTIME ?= 10s

# Packages that start goroutines or guard memory; a test keeps the list true.
RACED    := ./cmd/adalid ./collectors/bluesky ./collectors/instagram ./collectors/reddit ./internal/account ./internal/fetch ./internal/graph ./internal/identity ./internal/language ./internal/match ./internal/privacy ./internal/rank ./internal/relevance ./internal/scan ./internal/sentiment ./internal/store ./internal/topics ./web/api ./web/lite ./web

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

build: ## the program as one static file: bin/adalid
	CGO_ENABLED=0 $(GO) build -tags $(TAGS) -trimpath -o bin/adalid ./cmd/adalid

run: build ## build and serve; with nothing stored yet, an invented brand to look at
	bin/adalid serve --demo --data-dir $(DATA)

# SQLite itself is left out of the race detector: it is a C program in Go's
# clothes, four times slower with it, and its own tests' business.
test: ## go vet, every test, and where memory is shared the shorter ones again with the race detector (needs a C compiler)
	$(GO) vet -tags $(TAGS) ./...
	$(GO) test -tags $(TAGS) -timeout 15m ./...
	$(GO) test -tags $(TAGS) -timeout 15m -short -race -gcflags='modernc.org/...=-race=false' $(RACED)

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

image: ## the container image adalid:dev
	docker build -t adalid:dev .

clean: ## remove what was built; stored data stay
	rm -rf bin
