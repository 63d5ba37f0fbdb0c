package logview

import (
	"runtime"
	"testing"

	"fyne.io/fyne/v2"
)

// benchLines is what the log is made for.
const benchLines = 1_000_000

// million returns a full store, and the bytes of its text.
func million() (s *Store, text int) {
	s = NewStore(benchLines, "desktop")
	for i := range benchLines {
		s.Append([]Line{realistic(i)})
	}
	for _, c := range s.chunks {
		text += len(c.text)
	}
	return s, text
}

// newBenchDesk has room for 45 lines of 200 columns.
func newBenchDesk(b *testing.B) *desk {
	s := NewStore(0, "desktop")
	d := newDesk(b, s)
	for i := range 50_000 {
		s.Append([]Line{realistic(i)})
	}
	d.draw(10, 10)
	size := fyne.NewSize(float32(2*d.style.pad+201*d.atlas.cellW+d.style.bar), float32(2*d.style.edge+45*d.atlas.cellH))
	d.window.Resize(size)
	d.update()
	return d
}

// BenchmarkFrame is what a frame costs on the UI thread beside its floor, one
// copy of the same image: with nothing new, one line new, and all lines new.
func BenchmarkFrame(b *testing.B) {
	d := newBenchDesk(b)
	w, h := int(d.Size().Width), int(d.Size().Height)
	d.draw(w, h)
	floor := make([]byte, len(d.img.Pix))
	b.Run("floor", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			copy(floor, d.img.Pix)
		}
	})
	d.following = false
	for name, by := range map[string]int{"unchanged": 0, "scrolled by 1": 1, "all new": 45} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if d.top += by; d.top > 40_000 {
					d.top = 0
				}
				d.draw(w, h)
			}
		})
	}
}

func BenchmarkAppend100(b *testing.B) {
	s := NewStore(0, "desktop")
	lines := make([]Line, 100)
	for i := range lines {
		lines[i] = realistic(i)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.Append(lines)
	}
}

// BenchmarkMemory tells how much is kept for a million lines, as a multiple of their text.
func BenchmarkMemory(b *testing.B) {
	for b.Loop() {
		before := heap()
		s, text := million()
		b.ReportMetric(float64(heap()-before)/float64(text), "x/text")
		b.ReportMetric(float64(text)/benchLines, "B/line")
		runtime.KeepAlive(s)
	}
}

func BenchmarkFilterMillion(b *testing.B) {
	s, _ := million()
	b.Run("floor", func(b *testing.B) { // reading all of the text once
		sum := 0
		for b.Loop() {
			for _, c := range s.chunks {
				for at := 0; at < len(c.text); at += 64 {
					sum += int(c.text[at])
				}
			}
		}
		runtime.KeepAlive(sum)
	})
	for name, f := range map[string]Filter{
		"often": plain("Refused"), "never": plain("not in there"), "tenant": plain("Cust10001"), "letter": plain("e"), "odd": plain("status says"),
		"level": {MinLevel: Error}, "key": {Key: "sod/Cust10001"}, "step": {Step: 8}, "program": {Program: "console"},
		"expression with a text": {Search: Search{Text: `refused, \w+ing`, Regexp: true}},
		"expression without":     {Search: Search{Text: `\d{4} ms$`, Regexp: true}},
		"case":                   {Search: Search{Text: "GET", MatchCase: true}},
	} {
		b.Run(name, func(b *testing.B) {
			m := matching(b, f)
			for b.Loop() {
				m.scanStore(b.Context(), s, nil)
			}
		})
	}
}
