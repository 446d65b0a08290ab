package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/privacy"
	"adalid/internal/store"
)

func (a *app) eraseCommand() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "erase [BRAND] PERSON",
		Short: "Erase a person for good: what is stored of them, and what others say of them",
		Long: `Removes everything about a person, rewrites what others wrote so that it no
longer names them, and keeps them from being collected again, also after a backup
made before is restored. PERSON is an id of the ranking, or platform/handle; all
accounts that were joined to it go. Without BRAND every brand forgets them.

It cannot be undone. It works while the server runs. Backups that you keep
elsewhere are erased when they are restored here. docs/privacy.md says more.`,
		Example: `  adalid erase x/ana_example
  adalid erase Acme mastodon/ana@example.social --yes --json`,
		Args:              args(cobra.RangeArgs(1, 2), "a PERSON, or a BRAND and a PERSON"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			order := store.Erasure{Person: names[len(names)-1]}
			var out store.Erased
			do := func(s *store.Store) (err error) {
				out, err = a.erase(cmd.Context(), s, order, yes)
				return err
			}
			var err error
			if len(names) == 1 {
				err = a.withData(cmd.Context(), do)
			} else {
				err = a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
					order.Brand = b.Name
					return do(s)
				})
			}
			if err != nil {
				return err
			}
			return a.reportErased(out)
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return cmd
}

func (a *app) erase(ctx context.Context, s *store.Store, order store.Erasure, yes bool) (out store.Erased, err error) {
	cfg, err := a.settings()
	if err != nil {
		return out, err
	}
	if !yes {
		found, err := s.Erasable(ctx, order)
		if err != nil {
			return out, err
		}
		if err := a.confirmErasure(found, order); err != nil {
			return out, err
		}
	}
	learned, err := newLearner(s)
	if err != nil {
		return out, err
	}
	return newEraser(ctx, s, a.vault(cfg), learned, a.logger(cfg)).erase(ctx, order)
}

// reportErased says what was done, and what is found of the handles in the files
// of the data folder. The database has to be closed: reading its file while it
// is open would take its locks away.
func (a *app) reportErased(out store.Erased) error {
	cfg, err := a.settings()
	if err != nil {
		return err
	}
	files, left, err := handlesLeft(cfg.Data.Dir, out.Handles)
	if err != nil {
		return err
	}
	if a.json {
		result := wireErased(out, true)
		result.FilesLookedAt, result.FilesLeft = &files, left
		return a.printJSON(result)
	}
	a.sayErased(out)
	for _, name := range left {
		fmt.Fprintf(a.out, "Look at %s: the handle still stands in it, as somebody else's or as a file that Adalid did not make.\n", name)
	}
	if len(out.Handles) > 0 && len(left) == 0 {
		fmt.Fprintf(a.out, "Looked through %s of the data folder: no trace of the handle.\n", counted(files, "file"))
	}
	return nil
}

// handlesLeft names the files of a folder in which a handle stands in any form.
// Handles that are words people use otherwise are not looked for.
func handlesLeft(dir string, handles []string) (files int, left []string, err error) {
	var forms []privacy.Form
	for _, h := range handles {
		if privacy.Distinctive(h) {
			forms = append(forms, privacy.Forms(h)...)
		}
	}
	if forms == nil {
		return 0, nil, nil
	}
	longest := 0
	for _, f := range forms {
		longest = max(longest, len(f.Bytes))
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		found, err := holds(path, forms, longest)
		if found {
			name, relErr := filepath.Rel(dir, path)
			left, err = append(left, name), errors.Join(err, relErr)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // gone meanwhile
		}
		return err
	})
	return files, left, err
}

// holds reads a file in pieces that overlap by the longest form.
func holds(path string, forms []privacy.Form, longest int) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	piece := make([]byte, 4<<20)
	for kept := 0; ; {
		n, err := io.ReadFull(f, piece[kept:])
		seen := piece[:kept+n]
		for _, form := range forms {
			if bytes.Contains(seen, form.Bytes) {
				return true, nil
			}
		}
		if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		kept = copy(piece, seen[len(seen)-longest:])
	}
}

func (a *app) confirmErasure(found store.Erased, order store.Erasure) error {
	where := "every brand"
	if order.Brand != "" {
		where = fmt.Sprintf("brand %q", order.Brand)
	}
	if len(found.Accounts) == 0 {
		fmt.Fprintf(a.err, "Nobody is stored under that name; the account would be kept out of %s.\n", where)
	}
	for _, x := range found.Accounts {
		fmt.Fprintf(a.err, "To be erased: %s, an account on %s (brand %s).\n", x.ID, x.Platform, printable(x.Brand))
	}
	fmt.Fprintf(a.err, "Erase this person from %s, for good? Type yes: ", where)
	answer, _ := bufio.NewReader(a.in).ReadString('\n') // what is not yes is no
	if strings.TrimSpace(strings.ToLower(answer)) != "yes" {
		return adalid.Errorf(adalid.Invalid, "nothing was erased: it was not confirmed (--yes does not ask)")
	}
	return nil
}

func (a *app) sayErased(out store.Erased) {
	for _, b := range out.Brands {
		fmt.Fprintf(a.out, "%s: %s with %s erased, %s of others rewritten so as not to name them.\n",
			printable(b.Brand), counted(b.Accounts, "account"), counted(b.Mentions, "mention"), counted(b.Rewritten, "mention"))
	}
	for _, t := range out.Texts {
		what := "rewritten"
		switch t.Table {
		case "own_account", "cursor":
			what = "removed"
		case "source":
			what = "rewritten and switched off: they read the person's account"
		case "segment", "brand":
			what = "rewritten: look whether they still say what they should"
		}
		fmt.Fprintf(a.out, "%s: %s %s.\n", t.Table, counted(t.Rows, "row"), what)
	}
	for _, name := range out.Copies {
		fmt.Fprintf(a.out, "Removed %s: a copy of an older database that would have brought the person back.\n", name)
	}
	for _, x := range out.Namesakes {
		fmt.Fprintf(a.out, "Left: %s has the same handle on %s (brand %s). If it is the same person, erase it too.\n", x.ID, x.Platform, printable(x.Brand))
	}
	fmt.Fprintf(a.out, "The person is kept out from now on.\n")
}
