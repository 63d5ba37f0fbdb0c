package journal

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"
)

// counted counts the bytes that are read.
type counted struct {
	io.ReaderAt
	bytes int
}

func (c *counted) ReadAt(b []byte, offset int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(b, offset)
	c.bytes += n
	return n, err
}

func TestSeekingReadsLittle(t *testing.T) {
	var file bytes.Buffer
	const lines = 300_000
	for i := range lines {
		file.Write(stampLine(midday.Add(time.Duration(i)*100*time.Millisecond), fmt.Sprint(i)))
	}
	for _, wanted := range []int{0, 1, 100_000, 200_001, lines - 1, 2 * lines} {
		r := &counted{ReaderAt: bytes.NewReader(file.Bytes())}
		at := midday.Add(time.Duration(wanted) * 100 * time.Millisecond)
		offset, err := seekTo(r, int64(file.Len()), at)
		if err != nil || r.bytes > 10*peekBytes {
			t.Fatal(wanted, offset, r.bytes, err)
		}
		rest := file.Bytes()[offset:]
		if offset > 0 && file.Bytes()[offset-1] != '\n' {
			t.Errorf("%d: it is not the beginning of a line", wanted)
		}
		_, first := firstStamp(rest)
		// Not after the range, nor so long before it that much would be read in vain.
		if first.After(at.Add(-disorder)) && offset > 0 || min(at.Sub(first), midday.Add(lines*100*time.Millisecond).Sub(first)) > 10*disorder {
			t.Errorf("%d: begins %v before", wanted, at.Sub(first))
		}
	}
}

func TestALineIsJudgedByItsBytes(t *testing.T) {
	line := func(at time.Duration, level slog.Level) []byte {
		e := &encoder{}
		e.attr(scope{}, slog.String(keyTenant, `Cust"1`), 0)
		e.attr(scope{}, slog.Int(keyStep, 8), 0)
		e.attr(scope{}, slog.String("host", "Sod2.example.com"), 0)
		return bytes.Clone(e.finish([]byte(`"console"`), midday.Add(at), level, "It failed."))
	}
	range2 := Query{Level: -100, Since: midday, Until: midday.Add(time.Second)}
	for _, c := range []struct {
		says string
		q    Query
		line []byte
		want verdict
	}{
		{"no wish", Query{Level: -100}, line(0, slog.LevelDebug), perhaps},
		{"level", Query{}, line(0, slog.LevelDebug), passed},
		{"level", Query{Level: slog.LevelWarn}, line(0, slog.LevelInfo), passed},
		{"level", Query{Level: slog.LevelError}, line(0, slog.LevelWarn), passed},
		{"level", Query{Level: slog.LevelError}, line(0, slog.LevelError), perhaps},
		{"a level between", Query{Level: slog.LevelWarn}, line(0, slog.LevelInfo+1), perhaps},
		{"too old", range2, line(-time.Second, 0), passed},
		{"the same second", range2, line(time.Second, 0), perhaps},
		{"too new", range2, line(2*time.Second, 0), passed},
		{"too new for any later line", range2, line(time.Second+disorder+time.Second, 0), beyond},
		{"no time, though it looks like one", range2, []byte(`{"time":"9999-99-99T12:00:00Z","level":"INFO"}`), passed},
		{"tenant", Query{Tenant: `Cust"1`}, line(0, 0), perhaps},
		{"other tenant", Query{Tenant: "Cust"}, line(0, 0), passed},
		{"registration", Query{Registration: `Cust"1`}, line(0, 0), passed},
		{"step", Query{Step: 8}, line(0, 0), perhaps},
		{"other step", Query{Step: 80}, line(0, 0), passed},
		{"text in another case", Query{Text: "sOD2.EX"}, line(0, 0), perhaps},
		{"text that is not there", Query{Text: "sod3"}, line(0, 0), passed},
		{"text at the end", Query{Text: `.com"`}, line(0, 0), perhaps},
		{"text without a letter of ASCII", Query{Text: "Å"}, line(0, 0), perhaps},
		{"a foreign line", Query{Text: "nowhere", Level: slog.LevelError}, []byte(`{ "time":"2025-11-02T12:00:00Z"}`), perhaps},
		{"a line with another zone", range2, []byte(`{"time":"2020-11-02T12:00:00+01:00","level":"INFO"}`), perhaps},
		{"no line", range2, []byte(`{"time":"`), perhaps},
		{"half a line", range2, []byte(`{"time":"2020-11-02T12:00:00Z`), perhaps},
	} {
		s := newSieve(c.q)
		if got := s.judge(c.line); got != c.want {
			t.Errorf("%s: %d, not %d, of %s", c.says, got, c.want, c.line)
		}
	}
}
