package logview

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
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
func passes(t *testing.T, f Filter, l Line) bool {
	t.Helper()
	text, wanted := textOf(l), f.Text
	var found bool
	switch {
	case !f.Regexp && !f.MatchCase:
		found = wanted == "" || foldedIndex(text, wanted) >= 0
	case !f.Regexp:
		found = strings.Contains(text, wanted)
	default:
		if !f.MatchCase {
			wanted = "(?i)" + wanted
		}
		found = regexp.MustCompile(wanted).MatchString(text)
	}
	return found && l.Level >= f.MinLevel && (f.Key == "" || f.Key == l.Key) && (f.Program == "" || f.Program == l.Program) &&
		(f.Step == 0 || f.Step == l.Step)
}

func TestFilterAgreesWithTheSlowTruth(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	words := []string{"ok", "Ticket", "refused", "", "KELVIN \u212a", "ſtatus", "Łódź", "ærlig", "日本", "ab", "ba"}
	programs := []string{"desktop", "console"}
	s := NewStore(5000, "desktop")
	var lines []Line
	for range 12_000 {
		text := words[random.IntN(len(words))] + words[random.IntN(len(words))]
		lines = append(lines, Line{Level: Level(random.IntN(4)), Key: fmt.Sprint(random.IntN(4)), Step: random.IntN(3), Program: programs[random.IntN(2)], Message: text})
	}
	s.Append(lines)
	first, end := s.Bounds()
	searches := []Search{
		{Text: "ticket", MatchCase: true}, {Text: "Ticket", MatchCase: true}, {Text: "a.*b", Regexp: true}, {Text: "^warn . (ticket|ok)+", Regexp: true},
		{Text: "k", Regexp: true}, {Text: "STATUS", Regexp: true}, {Text: "ŁÓ?DŹ$", Regexp: true}, {Text: "[A-Z]icket", Regexp: true, MatchCase: true},
		{Text: "x*", Regexp: true}, {Text: "(?-i)refuseD", Regexp: true}, {Text: "(ba){2}", Regexp: true}, {Text: "console.*日", Regexp: true},
	}
	for _, text := range []string{"", "abab", "bb", "K", "s", "STATUS", "ti", "łó", "Ærl", "本", "kelvin k", "absent", "warn 2", "console "} {
		searches = append(searches, Search{Text: text})
	}
	for _, search := range searches {
		for _, f := range []Filter{{}, {MinLevel: Warn}, {Key: "2"}, {Key: "none"}, {MinLevel: Error, Key: "1"}, {Step: 2}, {Program: "console", MinLevel: Info}} {
			f.Search = search
			var want []int
			for n := first; n < end; n++ {
				if passes(t, f, lines[n]) {
					want = append(want, n)
				}
			}
			m := matching(t, f)
			got, next := m.scanStore(t.Context(), s, nil)
			if !slices.Equal(got, want) || next != end {
				t.Errorf("%+v: %d lines up to %d, want %d up to %d", f, len(got), next, len(want), end)
			}
		}
	}
}

func TestFilterAndFindMustBothMatch(t *testing.T) {
	s := filled(0, 10_000)
	for _, beside := range []Search{{Text: "LINE 00001"}, {Text: "1[5-9] of", Regexp: true}} {
		got, _ := matching(t, Filter{MinLevel: Warn, Search: Search{Text: `1\d of`, Regexp: true}}, beside).scanStore(t.Context(), s, nil)
		for _, n := range got {
			if line, _ := s.Line(n); line.Level < Warn || n%100/10 != 1 {
				t.Errorf("line %d", n)
			}
		}
		if len(got) == 0 || len(got) > 5*100 {
			t.Errorf("%d lines", len(got))
		}
	}
}

func TestAWrongExpressionIsToldAndChangesNothing(t *testing.T) {
	d := newDesk(t, filled(1600, 1600))
	if err := d.SetFilter(Filter{MinLevel: Warn}); err != nil {
		t.Fatal(err)
	}
	err := d.SetFilter(Filter{Search: Search{Text: "(open", Regexp: true}})
	if err == nil || !strings.Contains(err.Error(), "`(open`") {
		t.Errorf("error %v does not show what was written", err)
	}
	equal(t, "filter", d.wanted, Filter{MinLevel: Warn})
	if err := d.Find(Search{Text: "[", Regexp: true}); err == nil {
		t.Error("no error")
	}
}

func TestFilterIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if ids, _ := matching(t, plain("line")).scanStore(ctx, filled(1000, 1000), nil); len(ids) != 0 {
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
		filter(t, v, plain("LINE 00012"))
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

		filter(t, v, Filter{})
		counts("no filter: at once", 10_020, 10_020)
		v.Close()
	})
}

func TestFilterOldAnswersAreThrownAway(t *testing.T) {
	d := newDesk(t, filled(20_000, 10_000))
	synctest.Test(t, func(t *testing.T) {
		v := NewView(t.Context(), d.store, d.queue.do)
		filter(t, v, plain("a"))
		filter(t, v, plain("ab"))
		wait(typingPause)
		equal(t, "answers to two questions within the pause", len(d.queue.funcs), 1)

		v.SetFilter(plain("line 0000001")) // the answer to "ab" still waits
		d.queue.drain()
		shown, _ := v.Counts()
		equal(t, "shown after an old answer", shown, 10_000)
		wait(typingPause)
		d.queue.drain()
		shown, _ = v.Counts()
		equal(t, "shown after the answer", shown, 1)

		filter(t, v, Filter{Search: Search{Text: "line 0000001"}, MinLevel: Error})
		v.Close()
		equal(t, "answers after Close", d.queue.drain(), 0)
		filter(t, v, plain("late"))
	})
}

func TestFilteredRowsAreHeldWhileLinesAreDropped(t *testing.T) {
	d := newDesk(t, filled(1600, 1600))
	d.swapTo(t, matching(t, Filter{MinLevel: Warn}))
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

// filter sets a filter that is known to be right.
func filter(t testing.TB, v *View, f Filter) {
	t.Helper()
	if err := v.SetFilter(f); err != nil {
		t.Fatal(err)
	}
}
