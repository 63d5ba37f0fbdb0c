package logview

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
)

// sampler has a line of every kind.
func sampler() []Line {
	at := time.Date(2026, 3, 4, 15, 30, 1, 120e6, time.Local)
	line := func(level Level, step int, key, program, message string) Line {
		at = at.Add(331 * time.Millisecond)
		return Line{Time: at, Level: level, Step: step, Key: key, Program: program, Message: message}
	}
	return []Line{
		line(Debug, 7, "sod/Cust11111", "desktop", "GET https://sod.superoffice.com/status 200, 34 ms"),
		line(Info, 8, "sod/Cust11111", "console", "ticket exchanged for Zażółć Gęślą Jaźń Sp. z o.o."),
		line(Info, 10, "sod/Cust22222", "desktop", "logged on to Blåbærsyltetøy AS as Åse Ødegård"),
		line(Warn, 7, "sod/Cust33333", "console", "株式会社サンプル is not running: planned maintenance"),
		line(Error, 8, "a-long-registration/Cust4444444444", "desktop", "the ticket was refused: “tenant is gone” → needs attention"),
		line(Info, 0, "", "desktop", "runes: Ж Ω λ ≤ ≥ ✓ ✗ ● │ ▲ ⚠ 🙂🔥 | e\u0301 n\u0303 | ａｂｃ | \u202eoverride | \U0010fffd"),
		line(Info, 0, "sod", "desktop", "controls: \x00\x07\x1b[31m tab:\tdone\x7f \u0085 bad:\xff\xfe newline:\nend"),
		line(Warn, 1, "", "desktop", "long: "+"0123456789 ticket 0123456789 ticket 0123456789 ticket 0123456789 ticket 0123456789 ticket"),
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
		{"dark-marks-2x", dark(), 2, markAndSelect},
		{"light-marks-2x", light(), 2, markAndSelect},
		{"light-sideways", light(), 1, func(d *desk) { d.key(fyne.KeyRight); d.key(fyne.KeyRight) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, NewStore(0, "desktop"))
			fyne.CurrentApp().Settings().SetTheme(c.theme)
			d.window.Resize(fyne.NewSize(880, 180))
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
	m, _ := newMatcher(plain("TICKET"))
	all := rows{store: d.store}
	all.sync()
	for n := all.first; n < all.end; n++ {
		all.ids = append(all.ids, n)
	}
	all.match, all.next = m, all.end
	d.swap(all)
	d.find.text, _ = Search{Text: `cust\d+1`, Regexp: true}.compile()
	row := d.fullRows() - len(sampler())
	d.SetCurrent(d.rows.line(d.top + row + 3))
	d.choose(d.at(row+4, 20), d.at(row+6, 10))
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

// TestRowsThatMovedLookAsIfDrawnAnew: moving pixels is only quicker, whatever happens.
func TestRowsThatMovedLookAsIfDrawnAnew(t *testing.T) {
	d := newDesk(t, filled(3200, 500))
	d.arrive(sampler()...)
	random := rand.New(rand.NewPCG(5, 6))
	acts := []func(){
		func() { d.scrollTo(d.top + random.IntN(15) - 7) },
		func() { d.scrollTo(d.top + random.IntN(3) - 1) },
		func() { d.arrive(numbered(0, random.IntN(5))...) },
		func() { d.moveCurrent(random.IntN(5) - 2) },
		func() { d.choose(d.at(random.IntN(9), random.IntN(9)), d.at(random.IntN(9), random.IntN(9))) },
		func() { d.scrollSideways(random.IntN(5) - 2) },
		func() { d.SetFollow(random.IntN(2) == 0) },
		func() { d.setFocused(random.IntN(2) == 0) },
		func() { d.arrive(Line{Key: strings.Repeat("k", random.IntN(20)), Message: "wider"}) },
		func() { d.find.text, _ = Search{Text: strconv.Itoa(random.IntN(10))}.compile() },
		func() { d.swapTo(t, matching(t, Filter{MinLevel: Level(random.IntN(3))})) },
	}
	for i := range 400 {
		acts[random.IntN(len(acts))]()
		d.draw(d.w, d.h)
		moved := bytes.Clone(d.img.Pix)
		d.under = underlay{}
		d.draw(d.w, d.h)
		if !bytes.Equal(moved, d.img.Pix) {
			t.Fatalf("act %d: other pixels than those drawn anew", i)
		}
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
		texts := append(p.text[:], p.muted, p.key)
		for level, c := range texts {
			for what, below := range map[string]color.NRGBA{"background": p.background, "mark": p.mark, "found": p.found, "selection": p.selection, "current": p.current} {
				least := 4.5
				if what != "background" {
					least = 3
				}
				if got := contrast(c, below); got < least {
					t.Errorf("%s: text %d on %s has a contrast of %.2f", name, level, what, got)
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
	d := newDesk(t, NewStore(0, "desktop"))
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
	d := newDesk(t, NewStore(0, "desktop"))
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
		equal(t, text, textCells(text), want)
	}
}

func FuzzDraw(f *testing.F) {
	for _, l := range sampler() {
		f.Add(l.Message, "ticket", l.Step, l.Key)
	}
	f.Add("\u0301\u0301", "\u212a", 99, "\u0301")
	store := NewStore(100, "desktop")
	v := NewView(f.Context(), store, func(func()) {})
	test.NewApp()
	f.Fuzz(func(t *testing.T, text, filter string, step int, key string) {
		store.Append([]Line{{Message: text, Step: step, Key: key, Program: key}})
		if m, err := newMatcher(Filter{Search: Search{Text: filter, Regexp: step%2 == 0}}); err == nil && !m.everything() {
			v.rows = rows{store: store, match: m}
			v.find.text = m.texts[0]
		}
		v.update()
		v.draw(200, 50)
		v.SelectAll()
		v.scrollSideways(3)
		_ = v.SelectedText()
		_, end := store.Bounds()
		if l, ok := v.lay(end - 1); ok {
			l.cut(1, 3)
		}
	})
}
