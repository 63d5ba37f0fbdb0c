package logview

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

func TestStoreKeepsAbsoluteNumbers(t *testing.T) {
	s := NewStore(1000)
	for i := 0; i < 10_000; i += 7 {
		s.Append(numbered(i, i+7))
		first, end := s.Bounds()
		if end-first > 1000 {
			t.Fatalf("%d lines kept", end-first)
		}
		for _, n := range []int{first, (first + end) / 2, end - 1} {
			line, ok := s.Line(n)
			if want := numbered(n, n+1)[0]; !ok || line != want {
				t.Fatalf("line %d is %v, %v", n, line, ok)
			}
		}
		for _, n := range []int{first - 1, end, -1} {
			if line, ok := s.Line(n); ok {
				t.Fatalf("line %d is kept: %v", n, line)
			}
		}
	}
	if first, end := s.Bounds(); end-first < 900 || end != 10_003 {
		t.Errorf("%d lines from %d", end-first, first)
	}
}

func TestStoreTinyAndEmpty(t *testing.T) {
	s := NewStore(1)
	first, end := s.Bounds()
	if _, ok := s.Line(0); ok || first != 0 || end != 0 {
		t.Error("an empty store has a line")
	}
	s.Append(nil)
	s.Append([]Line{{Text: "a"}, {Text: ""}, {Level: 99, Text: "ø"}})
	line, ok := s.Line(2)
	equal(t, "kept", kept(s), 1)
	equal(t, "line", line, Line{Level: Error, Text: "ø"})
	equal(t, "ok", ok, true)
	equal(t, "default size", NewStore(0).maxLines, 200_000)
}

func TestStoreCutsEndlessLines(t *testing.T) {
	s := NewStore(10)
	s.Append([]Line{{Text: strings.Repeat("世", 100_000)}})
	line, _ := s.Line(0)
	if len(line.Text) > maxLineBytes || !utf8.ValidString(line.Text) || !strings.HasSuffix(line.Text, "世…") {
		t.Errorf("%d bytes, ends %q", len(line.Text), line.Text[len(line.Text)-8:])
	}
	s.Append([]Line{{Text: strings.Repeat("\x80", 100_000)}})
	if line, _ := s.Line(1); len(line.Text) > maxLineBytes {
		t.Errorf("%d bytes of garbage", len(line.Text))
	}
}

func TestStoreKeysLeaveWithTheirLines(t *testing.T) {
	s := NewStore(100)
	for i := range 10_000 {
		s.Append([]Line{{Key: fmt.Sprint("tenant", i)}})
	}
	keys := 0
	for _, c := range s.chunks {
		keys += len(c.keys)
	}
	if keys > 100 {
		t.Errorf("%d keys for %d lines", keys, kept(s))
	}
}

func TestStoreOneWriterManyReaders(t *testing.T) {
	s := NewStore(2000)
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				first, end := s.Bounds()
				m := newMatcher(Filter{Text: "9 OF"})
				m.scanStore(t.Context(), s)
				if line, ok := s.Line(end - 1); ok && !strings.HasPrefix(line.Text, fmt.Sprintf("line %07d", end-1)) {
					t.Errorf("line %d: %q", end-1, line.Text)
				}
				s.Line(first)
			}
		})
	}
	for i := 0; i < 20_000; i += 10 {
		s.Append(numbered(i, i+10))
	}
	close(done)
	readers.Wait()
}

// TestStoreMemory holds the promise of at most 1.4 times the text.
func TestStoreMemory(t *testing.T) {
	const lines = 200_000
	text := 0
	before := heap()
	s := NewStore(lines)
	for i := range lines {
		l := realistic(i)
		text += len(l.Text)
		s.Append([]Line{l})
	}
	used := heap() - before
	ratio := float64(used) / float64(text) * float64(lines) / float64(kept(s))
	t.Logf("%d lines, %.1f bytes each, %.3f times the text", kept(s), float64(text)/lines, ratio)
	if ratio > 1.4 {
		t.Errorf("%.3f times the text", ratio)
	}
	runtime.KeepAlive(s)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC() // the first one leaves what other tests pooled
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// realistic makes a line as the program logs it.
func realistic(i int) Line {
	messages := []string{
		"logged on as system user, ticket from cache",
		"exchanged the system user token for a ticket, 112 ms",
		"GET /Cust%d/api/v1/User/currentPrincipal 200, 34 ms",
		"status says not running, skipped: planned maintenance",
		"could not log on: the ticket was refused, exchanging again",
	}
	tenant := fmt.Sprintf("Cust%d", 10000+i%300)
	return Line{
		Level: []Level{Info, Info, Debug, Warn, Error}[i%5],
		Key:   tenant,
		Text: fmt.Sprintf("15:%02d:%02d.%03d  %-5s 8 %s  %s", i/60%60, i%60, i%1000,
			[]string{"info", "info", "debug", "warn", "error"}[i%5], tenant, strings.ReplaceAll(messages[i%5], "%d", "1")),
	}
}
