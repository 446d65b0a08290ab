package main

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/account"
	"adalid/internal/store"
	"adalid/web/api"
)

// auditFlags are the command line of audit-log.
type auditFlags struct {
	brand, format, head string
	limit               int
	verify              bool
}

func (a *app) auditLogCommand() *cobra.Command {
	var f auditFlags
	cmd := &cobra.Command{
		Use:   "audit-log",
		Short: "What was done, by whom; whether the record is as it was written",
		Long: `Lists what was changed over the API and the command line, sign-ins and what was
refused, the newest first. Entries hold ids, never names or texts of people.

--verify walks along the chain of hashes and names the first entry that is not as
it was written. Whoever can write the database can cut the end of the log off or
make all of it anew: keep the head that --verify prints elsewhere and give it with
--head later.`,
		Example: `  adalid audit-log --brand Acme
  adalid audit-log --limit 0 --format csv > audit.csv
  adalid audit-log --verify
  adalid audit-log --verify --head 1200:5f2c…`,
		Args: args(cobra.NoArgs, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			format, err := a.format(f.format, "table", "csv", "json")
			if err != nil {
				return err
			}
			if f.limit < 0 || f.head != "" && !f.verify {
				return adalid.Errorf(adalid.Invalid, "--limit is 0 or more, and --head goes with --verify")
			}
			return a.withData(cmd.Context(), func(s *store.Store) error {
				if f.verify {
					return a.verifyAuditLog(cmd, s, f.head)
				}
				return a.printAuditLog(cmd, s, f, format)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.brand, "brand", "", "only what was done to this brand")
	flags.IntVar(&f.limit, "limit", 50, "how many entries to list; 0 for all")
	flags.BoolVar(&f.verify, "verify", false, "look whether every entry is as it was written")
	flags.StringVar(&f.head, "head", "", "with --verify: a head that was printed earlier, and has to be in the log still")
	flags.StringVar(&f.format, "format", "table", "table, csv or json")
	return cmd
}

// auditPage is how many entries are read at a time.
const auditPage = 1000

func (a *app) printAuditLog(cmd *cobra.Command, s *store.Store, f auditFlags, format string) error {
	columns := api.AuditColumns()
	if format == "table" {
		columns = columns[:len(columns)-1] // nobody reads hashes
	}
	rows := newRows(a.out, format, columns)
	q := account.LogQuery{Brand: strings.TrimSpace(f.brand)}
	for left := f.limit; f.limit == 0 || left > 0; {
		q.Limit = auditPage
		if f.limit > 0 {
			q.Limit = min(left, auditPage)
		}
		page, err := s.AuditLog(cmd.Context(), q)
		if err != nil {
			return err
		}
		for _, e := range page {
			cells := make([]cellValue, len(columns))
			for i, cell := range api.WireAuditEntry(e).Cells()[:len(columns)] {
				cells[i] = cell
			}
			if err := rows.write(cells); err != nil {
				return err
			}
			q.Before = e.N
		}
		if left -= len(page); len(page) < q.Limit {
			break
		}
	}
	return rows.close()
}

// auditVerified is what --verify answers.
type auditVerified struct {
	Entries int64  `json:"entries"` // that are as they were written
	Head    string `json:"head"`    // of the last of them, as --head takes it; "" without entries
	Sound   bool   `json:"sound"`
	Broken  int64  `json:"broken"` // first entry that is not; 0: none
	Why     string `json:"why"`
}

func (a *app) verifyAuditLog(cmd *cobra.Command, s *store.Store, head string) error {
	n, hash, err := parseHead(head)
	if err != nil {
		return err
	}
	known := n == 0
	chain, err := s.AuditChain(cmd.Context(), func(e *account.Entry) {
		known = known || e.N == n && hex.EncodeToString(e.Hash) == hash
	})
	if err != nil {
		return err
	}
	if chain.Broken == 0 && !known {
		chain.Broken, chain.Why = n, fmt.Sprintf("entry %d is not the one of --head: the log was cut off, or made anew", n)
	}
	v := auditVerified{Entries: chain.Entries, Sound: chain.Broken == 0, Broken: chain.Broken, Why: chain.Why}
	if chain.Entries > 0 {
		v.Head = fmt.Sprintf("%d:%x", chain.Entries, chain.Head)
	}
	if a.json {
		if err := a.printJSON(v); err != nil {
			return err
		}
	} else if v.Sound {
		fmt.Fprintf(a.out, "%s entries, all as they were written. Head: %s\n", group(v.Entries), v.Head)
	}
	if !v.Sound {
		return adalid.Errorf(adalid.Conflict, "the audit log was changed: %s", v.Why)
	}
	return nil
}

// parseHead reads N:HASH; "" is 0.
func parseHead(text string) (n int64, hash string, err error) {
	if text == "" {
		return 0, "", nil
	}
	number, hash, _ := strings.Cut(text, ":")
	n, err = strconv.ParseInt(number, 10, 64)
	if sum, hexErr := hex.DecodeString(hash); err != nil || n < 1 || hexErr != nil || len(sum) != 32 {
		return 0, "", adalid.Errorf(adalid.Invalid, "--head is what --verify printed: a number, a colon and 64 hexadecimal digits")
	}
	return n, strings.ToLower(hash), nil
}
