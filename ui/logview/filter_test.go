package logview

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf8"
)

func TestNeedleFindsWhateverTheCase(t *testing.T) {
	for _, c := range []struct {
		needle, text string
		start, end   int
	}{
		{"timeout", "read: TimeOut after 3 s", 6, 13},
		{"a", "A", 0, 1},
		{"a", "", -1, -1},
		{"abc", "ab", -1, -1},
		{"[x]", "{x} [X]", 4, 7},
		{"@", "`@", 1, 2},
		{"ÆØÅ", "xx blåbær æøå", 12, 18},
		{"łódź", "ŁÓDŹ", 0, 7},
		{"日本", "株式会社日本", 12, 18},
		{"kelvin", "300 \u212aelvin", 4, 12},
		{"\u212a", "ok", 1, 2},
		{"straſse", "STRASSE", 0, 7},
		{"ß", "ẞ", 0, 3},
		{"s", "æ ſ", 3, 5},
		{"Σ", "ς", 0, 2},
		{"é", "e\u0301", -1, -1},
		{"\ufffd", "a\x80b", 1, 2},
	} {
		start, end := newNeedle(c.needle).find([]byte(c.text))
		if start != c.start || end != c.end {
			t.Errorf("%q in %q: %d to %d, want %d to %d", c.needle, c.text, start, end, c.start, c.end)
		}
	}
}

// foldedIndex is the slow truth about needle.find.
func foldedIndex(text, needle string) int {
	length := utf8.RuneCountInString(needle)
	for at := range text {
		end := at
		for range length {
			_, size := utf8.DecodeRuneInString(text[end:])
			end += size
		}
		if utf8.RuneCountInString(text[at:end]) == length && strings.EqualFold(text[at:end], needle) {
			return at
		}
	}
	return -1
}

func TestNeedleAgreesWithEqualFold(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune("aAbBkKsS@`[{ \u212aſåÅøØłŁ日")
	word := func(n int, alphabet []rune) string {
		w := make([]rune, n)
		for i := range w {
			w[i] = alphabet[random.IntN(len(alphabet))]
		}
		return string(w)
	}
	for range 30_000 {
		alphabet := letters
		if random.IntN(2) == 0 {
			alphabet = letters[:13] // ASCII only
		}
		text, needle := word(random.IntN(40), alphabet), word(1+random.IntN(3), alphabet)
		if start, _ := newNeedle(needle).find([]byte(text)); start != foldedIndex(text, needle) {
			t.Fatalf("%q in %q: %d, want %d", needle, text, start, foldedIndex(text, needle))
		}
	}
}

// passes is the slow truth about a filter.
func passes(f Filter, l Line) bool {
	return l.Level >= f.MinLevel && (f.Key == "" || f.Key == l.Key) && (f.Text == "" || foldedIndex(l.Text, f.Text) >= 0)
}

func TestFilterAgreesWithTheSlowTruth(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	words := []string{"ok", "Ticket", "refused", "", "KELVIN \u212a", "ſtatus", "Łódź", "ærlig", "日本", "ab", "ba"}
	s := NewStore(5000)
	var lines []Line
	for range 12_000 {
		text := words[random.IntN(len(words))] + words[random.IntN(len(words))]
		lines = append(lines, Line{Level: Level(random.IntN(4)), Key: fmt.Sprint(random.IntN(4)), Text: text})
	}
	s.Append(lines)
	first, end := s.Bounds()
	for _, text := range []string{"", "abab", "bb", "K", "s", "STATUS", "ti", "łó", "Ærl", "本", "kelvin k", "absent"} {
		for _, f := range []Filter{{Text: text}, {Text: text, MinLevel: Warn}, {Text: text, Key: "2"}, {Text: text, Key: "none"}, {MinLevel: Error, Key: "1", Text: text}} {
			var want []int
			for n := first; n < end; n++ {
				if passes(f, lines[n]) {
					want = append(want, n)
				}
			}
			m := newMatcher(f)
			if m == nil {
				continue
			}
			got, next := m.scanStore(t.Context(), s)
			if !slices.Equal(got, want) || next != end {
				t.Errorf("%+v: %d lines up to %d, want %d up to %d", f, len(got), next, len(want), end)
			}
		}
	}
}

func TestFilterIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if ids, _ := newMatcher(Filter{Text: "line"}).scanStore(ctx, filled(1000, 1000)); len(ids) != 0 {
		t.Errorf("%d lines after the end", len(ids))
	}
}

func TestFilterRunsBesideTheWindow(t *testing.T) {
	d := newDesk(t, filled(20_000, 10_000))
	synctest.Test(t, func(t *testing.T) {
		v := NewView(t.Context(), d.store, d.queue.do)
		counts := func(what string, shown, total int) {
			t.Helper()
			s, n := v.Counts()
			equal(t, what+", shown", s, shown)
			equal(t, what+", total", n, total)
		}
		v.SetFilter(Filter{Text: "LINE 00012"})
		counts("before the pause", 10_000, 10_000)
		synctest.Wait()
		equal(t, "searched while typing", d.queue.drain(), 0)
		wait(typingPause)
		counts("not yet on the UI thread", 10_000, 10_000)
		d.queue.drain()
		counts("filtered", 100, 10_000)

		d.store.Append(numbered(1200, 1210))
		d.store.Append(numbered(5000, 5010))
		v.update()
		counts("new lines", 110, 10_020)

		v.SetFilter(Filter{})
		counts("no filter: at once", 10_020, 10_020)
		v.Close()
	})
}

func TestFilterOldAnswersAreThrownAway(t *testing.T) {
	d := newDesk(t, filled(20_000, 10_000))
	synctest.Test(t, func(t *testing.T) {
		v := NewView(t.Context(), d.store, d.queue.do)
		v.SetFilter(Filter{Text: "a"})
		v.SetFilter(Filter{Text: "ab"})
		wait(typingPause)
		equal(t, "answers to two questions within the pause", len(d.queue.funcs), 1)

		v.SetFilter(Filter{Text: "line 0000001"}) // the answer to "ab" still waits
		d.queue.drain()
		shown, _ := v.Counts()
		equal(t, "shown after an old answer", shown, 10_000)
		wait(typingPause)
		d.queue.drain()
		shown, _ = v.Counts()
		equal(t, "shown after the answer", shown, 1)

		v.SetFilter(Filter{Text: "line 0000001", MinLevel: Error})
		v.Close()
		equal(t, "answers after Close", d.queue.drain(), 0)
		v.SetFilter(Filter{Text: "late"})
	})
}

func TestFilteredRowsAreHeldWhileLinesAreDropped(t *testing.T) {
	d := newDesk(t, filled(1600, 1600))
	d.swap(rows{store: d.store, match: newMatcher(Filter{MinLevel: Warn})})
	d.SetFollow(false)
	d.scrollTo(d.rows.rowOf(1201))
	first, last, _ := d.inSight()
	for i := 1600; i < 2600; i += 10 {
		d.arrive(numbered(i, i+10)...)
		if f, l, _ := d.inSight(); f != first || l != last {
			t.Fatalf("slipped from %d-%d to %d-%d", first, last, f, l)
		}
	}
	shown, total := d.Counts()
	equal(t, "shown", shown, len(d.rows.ids))
	equal(t, "total", total, kept(d.store))
	if shown < total*49/100 || shown > total*51/100 {
		t.Errorf("%d of %d", shown, total)
	}
	equal(t, "new lines", d.NewLines(), 500)
	d.arrive(numbered(2600, 5600)...) // all that was in sight is gone
	first, _, _ = d.inSight()
	equal(t, "first in sight", first, d.rows.line(d.rows.low()))
}
