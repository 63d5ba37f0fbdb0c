package logview

import (
	"image"
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
)

// sampler has a line of every kind.
func sampler() []Line {
	return []Line{
		{Debug, "", "15:30:01.120 debug 7  Cust11111  GET https://sod.superoffice.com/status 200, 34 ms"},
		{Info, "", "15:30:01.244 info  8  Cust11111  ticket exchanged for Zażółć Gęślą Jaźń Sp. z o.o."},
		{Info, "", "15:30:01.301 info  10 Cust22222  logged on to Blåbærsyltetøy AS as Åse Ødegård"},
		{Warn, "", "15:30:02.008 warn  7  Cust33333  株式会社サンプル is not running: planned maintenance"},
		{Error, "", "15:30:02.577 error 8  Cust44444  the ticket was refused: “tenant is gone” → needs attention"},
		{Info, "", "runes: Ж Ω λ ≤ ≥ ✓ ✗ ● │ ▲ ⚠ 🙂🔥 | e\u0301 n\u0303 | ａｂｃ | \u202eoverride | \U0010fffd"},
		{Info, "", "controls: \x00\x07\x1b[31m tab:\tdone\x7f \u0085 bad:\xff\xfe newline:\nend"},
		{Warn, "", "long: " + "0123456789 ticket 0123456789 ticket 0123456789 ticket 0123456789 ticket 0123456789 ticket"},
	}
}

func TestLooks(t *testing.T) {
	for _, c := range []struct {
		name  string
		theme fyne.Theme
		scale float32
		set   func(d *desk)
	}{
		{"dark", dark(), 1, func(*desk) {}},
		{"light", light(), 1, func(*desk) {}},
		{"dark-2x", dark(), 2, func(*desk) {}},
		{"light-2x", light(), 2, func(*desk) {}},
		{"dark-marks", dark(), 1, markAndSelect},
		{"light-marks", light(), 1, markAndSelect},
		{"light-sideways", light(), 1, func(d *desk) { d.key(fyne.KeyRight); d.key(fyne.KeyRight) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, NewStore(0))
			fyne.CurrentApp().Settings().SetTheme(c.theme)
			d.window.Resize(fyne.NewSize(720, 180))
			d.window.Canvas().(software.WindowlessCanvas).SetScale(c.scale)
			d.arrive(numbered(0, 40)...)
			d.arrive(sampler()...)
			d.window.Canvas().Capture()
			c.set(d)
			test.AssertRendersToImage(t, c.name+".png", d.window.Canvas())
		})
	}
}

// markAndSelect looks at all lines with the marks of a search for "ticket".
func markAndSelect(d *desk) {
	m := newMatcher(Filter{Text: "TICKET"})
	all := rows{store: d.store}
	all.sync()
	for n := all.first; n < all.end; n++ {
		all.ids = append(all.ids, n)
	}
	all.match, all.next = m, all.end
	d.swap(all)
	row := d.fullRows() - len(sampler())
	d.choose(d.at(row+2, 20), d.at(row+4, 50))
}

func TestImageIsReused(t *testing.T) {
	d := newDesk(t, filled(0, 100))
	first := d.draw(300, 100)
	d.arrive(numbered(0, 10)...)
	if d.draw(300, 100) != first {
		t.Error("a new image for the same size")
	}
	equal(t, "new size", d.draw(301, 90).Bounds(), image.Rect(0, 0, 301, 90))
	for _, size := range []int{0, 1, 5, 20} { // no room for anything
		d.draw(size, size)
	}
}

func TestThemeAndScaleAreFollowed(t *testing.T) {
	d := newDesk(t, filled(0, 100))
	before := d.atlas
	d.window.Canvas().Capture()
	if d.atlas != before {
		t.Error("a new atlas without a reason")
	}
	corner := func() color.Color { return d.img.At(50, d.h-1) }
	was := corner()
	fyne.CurrentApp().Settings().SetTheme(light())
	d.window.Canvas().Capture()
	if corner() == was {
		t.Error("the theme changed, the background did not")
	}
	d.window.Canvas().(software.WindowlessCanvas).SetScale(2)
	d.window.Canvas().Capture()
	if d.atlas == before || d.style.px != 26 {
		t.Errorf("%v pixels at twice the scale", d.style.px)
	}
}

// TestColoursCanBeRead holds the contrast that WCAG asks of text.
func TestColoursCanBeRead(t *testing.T) {
	test.NewTempApp(t)
	for name, th := range map[string]fyne.Theme{"dark": dark(), "light": light()} {
		p := newPalette(th, 0)
		for level, c := range p.text {
			for what, below := range map[string]color.NRGBA{"background": p.background, "mark": p.mark, "selection": p.selection} {
				least := 4.5
				if what == "mark" || what == "selection" {
					least = 3
				}
				if got := contrast(c, below); got < least {
					t.Errorf("%s: level %d on %s has a contrast of %.2f", name, level, what, got)
				}
			}
		}
	}
}

func contrast(a, b color.NRGBA) float64 {
	la, lb := luminance(a)+0.05, luminance(b)+0.05
	return max(la, lb) / min(la, lb)
}

func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.03928 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func TestEveryRuneCanBeDrawn(t *testing.T) {
	d := newDesk(t, NewStore(0))
	d.draw(100, 40)
	for r := rune(-1); r <= 0x10ffff+1; r++ {
		if r > 0x3000 && r%257 != 0 && (r < 0x1f300 || r > 0x1ffff) {
			continue // samples of what is mostly the same
		}
		g := d.atlas.get(r, runeCells(r, 0))
		if g.w*g.h != len(g.mask) {
			t.Fatalf("rune %U: %d by %d in %d bytes", r, g.w, g.h, len(g.mask))
		}
	}
	if n := len(d.atlas.others); n > maxGlyphs {
		t.Errorf("%d glyphs kept", n)
	}
}

func TestFallbackFonts(t *testing.T) {
	d := newDesk(t, NewStore(0))
	d.draw(100, 40)
	inked := func(r rune) bool { return len(d.atlas.get(r, runeCells(r, 0)).mask) > 0 }
	for _, r := range "aøĄЖ→✓🙂日" {
		equal(t, string(r)+" leaves a mark", inked(r), true)
	}
	for _, r := range " \u00a0\u200d" {
		equal(t, "space leaves a mark", inked(r), false)
	}
	kanji, smiley := d.atlas.get('日', 2), d.atlas.get('🙂', 2)
	equal(t, "the box of a wide rune", kanji.w, 2*d.atlas.cellW-2)
	if smiley.left < 0 || smiley.left+smiley.w > 2*d.atlas.cellW {
		t.Errorf("an emoji from %d, %d wide, in cells of %d", smiley.left, smiley.w, d.atlas.cellW)
	}
	d.SetFallbackFonts(nil, fyne.NewStaticResource("broken", []byte("no font")))
	d.draw(100, 40)
	equal(t, "drawn with a broken fallback font", inked('日'), true)
	if a := newAtlas(12, 2, nil); a.get('a', 1).w == 0 {
		t.Error("no font at all: not even a box")
	}
}

func TestCells(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "日本": 4, "e\u0301": 1, "\t": 4, "ab\tc": 5, "\x1b\u202e": 3, "🙂": 2, "\xff": 1, "\u200b": 0} {
		equal(t, text, lineCells(text), want)
	}
}

func FuzzDraw(f *testing.F) {
	for _, l := range sampler() {
		f.Add(l.Text, "ticket")
	}
	f.Add("\u0301\u0301", "\u212a")
	store := NewStore(100)
	v := NewView(f.Context(), store, func(func()) {})
	test.NewApp()
	f.Fuzz(func(t *testing.T, text, filter string) {
		store.Append([]Line{{Text: text}})
		if m := newMatcher(Filter{Text: filter}); m != nil {
			v.rows = rows{store: store, match: m}
		}
		v.update()
		v.draw(200, 50)
		v.SelectAll()
		v.scrollSideways(3)
		_ = v.SelectedText()
		cutCells(text, 1, 3)
	})
}
