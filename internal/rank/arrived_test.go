package rank

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// Rows that come in many blocks are the rows of one, and the last post of an
// account's day is found over all its languages.
func TestArrivedRowsAreJoined(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var arrived arrivedRows
	var want rows
	var langs interner
	for n, account, day := 0, int64(0), int32(0); n < 3*blockRows; account++ {
		if account == 5000 {
			account, day = 0, day+1
		}
		for lang := range 1 + r.IntN(5) {
			row := Row{Day: day, Account: account, Lang: fmt.Sprint(lang), Own: int32(n), Weight: r.Int64(), Last: int64(r.IntN(3)), LastID: fmt.Sprint(r.IntN(9))}
			if err := want.add(&row, langs.number(row.Lang)); err != nil {
				t.Fatal(err)
			}
			if err := arrived.add(row); err != nil {
				t.Fatal(err)
			}
			n++
		}
	}
	if len(arrived.blocks) < 3 {
		t.Fatal("only one block")
	}
	got := arrived.joined()
	for i, c := range got.columns() {
		if !bytes.Equal(c.raw(), want.columns()[i].raw()) {
			t.Errorf("column %d is another", i)
		}
	}
	if arrived.add(Row{Day: 2}) != nil || arrived.add(Row{Day: 1}) == nil {
		t.Error("rows may come in any order")
	}
}

// Days with many edges, which are sorted in another way than few, are combined
// alike.
func TestManyTiesAreCombined(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	type key struct{ day, source, target int32 }
	want := map[key][4]int32{}
	var list []tie
	for day, n := range []int{1, 20, radixLeast - 1, radixLeast, 20_000, 3} {
		for range n {
			e := tie{int32(day - 2), int32(r.IntN(500)) << r.IntN(20), int32(r.IntN(80)) << 13, int32(1 + r.IntN(5)), EdgeKind(r.IntN(4))}
			list = append(list, e)
			k := key{e.day, e.source, e.target}
			of := want[k]
			of[e.kind] += e.weight
			want[k] = of
		}
	}
	got := combine(list)
	if len(got.day) != len(want) {
		t.Errorf("%d edges, want %d", len(got.day), len(want))
	}
	order := slices.SortedFunc(maps.Keys(want), func(a, b key) int {
		return slices.Compare([]int32{a.day, a.source, a.target}, []int32{b.day, b.source, b.target})
	})
	for i, k := range order {
		of := want[k]
		weight, answers := max(of[MentionEdge], of[ReplyEdge])+of[RepostEdge]+of[QuoteEdge], of[ReplyEdge]+of[QuoteEdge]
		if (key{got.day[i], got.source[i], got.target[i]}) != k || got.weight[i] != weight || got.answers[i] != answers {
			t.Fatalf("edge %d is another than %v", i, k)
		}
	}
}

// Strings have numbers in the order in which they came.
func TestInterner(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var in interner
	if _, ok := in.find(""); ok {
		t.Error("an empty interner knows a string")
	}
	want := map[string]int32{}
	for range 20_000 {
		s := fmt.Sprint(r.IntN(4000))[r.IntN(2):]
		n, known := want[s]
		if !known {
			n = int32(len(want))
			want[s] = n
		}
		if got := in.number(s); got != n || in.at(n) != s {
			t.Fatalf("%q is %d, want %d", s, got, n)
		}
	}
	for s, n := range want {
		if got, ok := in.find(s); !ok || got != n {
			t.Errorf("%q is %d, want %d", s, got, n)
		}
	}
	if _, ok := in.find("none"); ok {
		t.Error("a string that never came is known")
	}
}
