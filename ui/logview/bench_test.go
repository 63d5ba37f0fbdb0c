package logview

import (
	"testing"
)

func BenchmarkDraw1200x260(b *testing.B) {
	d := newDesk(b, NewStore(0))
	for i := range 1000 {
		d.store.Append([]Line{realistic(i)})
	}
	d.update()
	for b.Loop() {
		d.draw(1200, 260)
	}
}

func BenchmarkAppend100(b *testing.B) {
	s := NewStore(0)
	lines := make([]Line, 100)
	for i := range lines {
		lines[i] = realistic(i)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.Append(lines)
	}
}

func BenchmarkFilterMillion(b *testing.B) {
	s := NewStore(1_100_000)
	long := " with some more words so that it has the length of a real line"
	for i := range 1_000_000 {
		l := realistic(i)
		l.Text = (l.Text + long)[:95]
		s.Append([]Line{l})
	}
	for _, f := range []Filter{
		{Text: "Refused"}, {Text: "not in there"}, {Text: "Cust10001"}, {Text: "e"}, {Text: "ø"}, {MinLevel: Error}, {Key: "Cust10001"},
	} {
		b.Run(f.Text+f.Key, func(b *testing.B) {
			m := newMatcher(f)
			for b.Loop() {
				m.scanStore(b.Context(), s)
			}
		})
	}
}
