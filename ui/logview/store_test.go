package logview

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"
)

func TestStoreKeepsAbsoluteNumbers(t *testing.T) {
	s := NewStore(1000, "desktop")
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
	s := NewStore(1, "desktop")
	first, end := s.Bounds()
	if _, ok := s.Line(0); ok || first != 0 || end != 0 {
		t.Error("an empty store has a line")
	}
	s.Append(nil)
	s.Append([]Line{{Message: "a"}, {Message: ""}, {Level: 99, Message: "ø"}})
	line, ok := s.Line(2)
	equal(t, "kept", kept(s), 1)
	equal(t, "line", line, Line{Level: Error, Message: "ø"})
	equal(t, "ok", ok, true)
	equal(t, "default size", NewStore(0, "desktop").maxLines, 200_000)
}

func TestStoreCutsEndlessLines(t *testing.T) {
	s := NewStore(10, "desktop")
	s.Append([]Line{{Message: strings.Repeat("世", 100_000)}})
	line, _ := s.Line(0)
	if len(line.Message) > maxMessage || !utf8.ValidString(line.Message) || !strings.HasSuffix(line.Message, "世…") {
		t.Errorf("%d bytes, ends %q", len(line.Message), line.Message[len(line.Message)-8:])
	}
	s.Append([]Line{{Message: strings.Repeat("\x80", 100_000)}})
	if line, _ := s.Line(1); len(line.Message) > maxMessage {
		t.Errorf("%d bytes of garbage", len(line.Message))
	}
}

func TestStoreKeysLeaveWithTheirLines(t *testing.T) {
	s := NewStore(100, "desktop")
	for i := range 10_000 {
		s.Append([]Line{{Key: fmt.Sprint("tenant", i)}})
	}
	keys := 0
	for _, c := range s.chunks {
		keys += len(c.names)
	}
	if keys > 100+len(s.chunks) {
		t.Errorf("%d keys for %d lines", keys, kept(s))
	}
}

func TestStoreOneWriterManyReaders(t *testing.T) {
	s := NewStore(2000, "desktop")
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
				m := matching(t, plain("9 OF"))
				m.scanStore(t.Context(), s, nil)
				if line, ok := s.Line(end - 1); ok && !strings.HasPrefix(line.Message, fmt.Sprintf("line %07d", end-1)) {
					t.Errorf("line %d: %q", end-1, line.Message)
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
	s := NewStore(lines, "desktop")
	for i := range lines {
		l := realistic(i)
		text += len(textOf(l))
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
		"GET /Cust1/api/v1/User/currentPrincipal 200, 34 ms",
		"status says not running, skipped: planned maintenance",
		"could not log on: the ticket was refused, exchanging again",
	}
	return Line{
		Time:    time.Date(2026, 3, 4, 15, 0, 0, 0, time.Local).Add(time.Duration(i) * time.Millisecond),
		Level:   []Level{Info, Info, Debug, Warn, Error}[i%5],
		Step:    6 + i%5,
		Key:     fmt.Sprintf("sod/Cust%d", 10000+i%300),
		Program: []string{"desktop", "desktop", "desktop", "console"}[i%4],
		Message: messages[i%5],
	}
}
