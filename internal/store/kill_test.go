package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"adalid/internal/rank"
	"adalid/internal/scan"
)

// victimDir names the database of the child process that gets killed.
const victimDir = "ADALID_STORE_VICTIM"

const (
	victimPage  = 400
	victimPages = 10_000
)

// victim goes on from the stored cursor, saves page after page and prints the
// number of each one that Save acknowledged.
func victim(dir string) int {
	ctx := context.Background()
	s, err := Open(ctx, Options{Dir: dir})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	at, err := s.Cursor(ctx, "acme", "victim")
	cursor := at.Cursor
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	from, _ := strconv.Atoi(string(cursor))
	fmt.Println("ready")
	for n := from; n < victimPages; n++ {
		page := scan.Page{
			Brand: "acme", Source: "victim", Cursor: []byte(strconv.Itoa(n + 1)),
			Batches: []scan.Batch{{Brand: "acme", Mentions: victimMentions(n)}},
		}
		if _, err := s.Save(ctx, page); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println(n)
	}
	return 0
}

// victimMentions makes the n-th page; pages overlap and repeat texts.
func victimMentions(n int) []scan.Mention {
	c := newCrowd(victimPage*victimPages, 2000)
	c.made = n * victimPage * 9 / 10
	c.rnd = rand.New(rand.NewPCG(uint64(n), 5))
	return c.page(victimPage)
}

// TestKill kills a saving process at random moments: what it acknowledged is
// there, nothing is there twice, and all that is counted equals the mentions.
func TestKill(t *testing.T) {
	times := 10
	if os.Getenv("ADALID_SLOW") == "1" {
		times = 50
	}
	if raced {
		times = 2
	}
	ctx := context.Background()
	dir := t.TempDir()
	must(t, open(t, dir).Close())
	rnd := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	acknowledged := -1
	for round := range times {
		acknowledged = max(acknowledged, killOnce(t, dir, rnd.IntN(12), time.Duration(rnd.IntN(60_000))*time.Microsecond))
		s, err := Open(ctx, Options{Dir: dir})
		must(t, err)
		at, err := s.Cursor(ctx, "acme", "victim")
		must(t, err)
		cursor := at.Cursor
		next, _ := strconv.Atoi(string(cursor))
		if next <= acknowledged {
			t.Fatalf("round %d: page %d was acknowledged, the cursor stands at %d", round, acknowledged, next)
		}
		findings, err := s.Check(ctx, CheckOptions{})
		must(t, err)
		for _, f := range findings {
			if f.Severity == Broken {
				t.Errorf("round %d: %s", round, f.Message)
			}
		}
		report, err := s.Rebuild(ctx, "", nil)
		must(t, err)
		if report.Differ() != 0 {
			t.Errorf("round %d: rebuild found %+v", round, report)
		}
		wantMentions(t, s, next)
		must(t, s.Close())
		if t.Failed() {
			return
		}
	}
	t.Logf("%d pages acknowledged over %d kills", acknowledged+1, times)
}

// killOnce starts the victim, kills it a while after it acknowledged some pages
// and gives the number of the last one, −1 for none.
func killOnce(t *testing.T, dir string, pages int, after time.Duration) int {
	t.Helper()
	exe, err := os.Executable()
	must(t, err)
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), victimDir+"="+dir)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "ready" {
		t.Fatalf("the child did not start: %s", complaints.String())
	}
	kill := func() { _ = cmd.Process.Kill() }
	if pages == 0 {
		time.AfterFunc(after, kill)
	}
	last := -1
	for n := 1; lines.Scan(); n++ {
		if last, err = strconv.Atoi(lines.Text()); err != nil {
			t.Fatal(err)
		}
		if n == pages {
			time.AfterFunc(after, kill)
		}
	}
	_ = cmd.Wait() // it was killed
	if complaints.Len() > 0 {
		t.Errorf("the child complained: %s", complaints.String())
	}
	return last
}

// wantMentions compares what is stored with the first pages.
func wantMentions(t *testing.T, s *Store, pages int) {
	t.Helper()
	want := map[Key]bool{}
	for n := range pages {
		for _, m := range victimMentions(n) {
			want[Key{m.Platform, m.ID}] = true
		}
	}
	posts := int64(0)
	must(t, s.Days(context.Background(), "acme", func(r rank.Row) error {
		posts += int64(r.Posts)
		return nil
	}))
	stored := int64(0)
	must(t, sqlDB(t, s).QueryRowContext(context.Background(), "SELECT count(DISTINCT platform || ' ' || id) FROM mention").Scan(&stored))
	if posts != int64(len(want)) || stored != posts {
		t.Errorf("%d pages hold %d mentions; stored are %d, counted %d", pages, len(want), stored, posts)
	}
}
