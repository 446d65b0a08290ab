package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"adalid/internal/rank"
)

// decider links and unlinks five accounts in turn and prints each decision that
// was acknowledged: "+ a b" or "- a b".
func decider(dir string) int {
	ctx := context.Background()
	s, err := Open(ctx, Options{Dir: dir})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var ids []string
	err = s.Accounts(ctx, "acme", func(a rank.Account) error {
		ids = append(ids, personID(string(a.Platform), a.Key))
		return nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	slices.Sort(ids)
	fmt.Println("ready")
	for n := 0; ; n++ {
		a, b := n%5, (n+1+n/5%4)%5
		if _, err := s.Decide(ctx, "acme", Link{A: ids[a], B: ids[b], Accepted: true, By: "ann"}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println("+", ids[min(a, b)], ids[max(a, b)])
		if n%3 == 2 {
			if err := s.Undo(ctx, "acme", ids[a], ids[b]); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
			fmt.Println("-", ids[min(a, b)], ids[max(a, b)])
		}
	}
}

// TestKillWhileDeciding kills a deciding process: what it acknowledged stands,
// but for the one decision under way, and persons equal the links.
func TestKillWhileDeciding(t *testing.T) {
	rounds := 5
	if raced {
		rounds = 1
	}
	s, ids := linked(t)
	dir := filepath.Dir(s.Path())
	must(t, s.Close())
	for round := range rounds {
		lines := decideUntilKilled(t, dir, 3+7*round)
		s := open(t, dir)
		links, err := s.Links(context.Background(), "acme", "")
		must(t, err)
		stored := map[string]bool{}
		for _, l := range links {
			stored[l.A+" "+l.B] = true
		}
		last := map[string]string{}
		for _, l := range lines {
			last[l[2:]] = l[:1]
		}
		wrong := 0
		for pair, sign := range last {
			if stored[pair] != (sign == "+") {
				wrong++
			}
		}
		if wrong > 1 {
			t.Errorf("round %d: %d of %d acknowledged decisions are not what is stored", round, wrong, len(last))
		}
		groups(t, s, ids)
		wantWell(t, s)
		must(t, s.Close())
	}
}

func decideUntilKilled(t *testing.T, dir string, decisions int) []string {
	t.Helper()
	exe, err := os.Executable()
	must(t, err)
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), deciderDir+"="+dir)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	in := bufio.NewScanner(out)
	if !in.Scan() || in.Text() != "ready" {
		t.Fatalf("the child did not start: %s", complaints.String())
	}
	var lines []string
	for in.Scan() {
		lines = append(lines, in.Text())
		if len(lines) == decisions {
			_ = cmd.Process.Kill()
		}
	}
	_ = cmd.Wait() // it was killed
	if complaints.Len() > 0 {
		t.Errorf("the child complained: %s", complaints.String())
	}
	return lines
}
