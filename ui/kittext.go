package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// look is how a piece of text is drawn; its zero value is plain text.
type look struct {
	tone  fyne.ThemeColorName
	size  fyne.ThemeSizeName
	style fyne.TextStyle
	align fyne.TextAlign
}

func (l look) color() fyne.ThemeColorName {
	if l.tone == "" {
		return theme.ColorNameForeground
	}
	return l.tone
}

func (l look) sizeName() fyne.ThemeSizeName {
	if l.size == "" {
		return theme.SizeNameText
	}
	return l.size
}

func lookCaption() look { return look{tone: colorMuted, size: theme.SizeNameCaptionText} }
func lookBold() look    { return look{style: fyne.TextStyle{Bold: true}} }

// in returns the look in another colour.
func (l look) in(tone fyne.ThemeColorName) look {
	l.tone = tone
	return l
}

// line is text on one line without Fyne's padding, cut with an ellipsis where the room ends. Fyne's Label
// keeps a finger's room around it, which is too much for a window that shows this many facts.
type line struct {
	widget.BaseWidget
	text string
	look look
	// whole asks for the room of the whole text; otherwise any width will do.
	whole bool
}

func newLine(text string, l look) *line {
	t := &line{text: text, look: l}
	t.ExtendBaseWidget(t)
	return t
}

// newWord is a line that is never cut.
func newWord(text string, l look) *line {
	t := newLine(text, l)
	t.whole = true
	return t
}

// set changes the text and its look, and draws only when something is new.
func (t *line) set(text string, l look) {
	if t.text == text && t.look == l {
		return
	}
	t.text, t.look = text, l
	t.Refresh()
}

func (t *line) setText(text string) { t.set(text, t.look) }

// full is the size of the whole text.
func (t *line) full() fyne.Size {
	return fyne.MeasureText(t.text, theme.SizeForWidget(t.look.sizeName(), t), t.look.style)
}

// CreateRenderer is part of Fyne's Widget.
func (t *line) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	r := &lineRenderer{line: t, text: canvas.NewText("", nil)}
	r.apply()
	return r
}

type lineRenderer struct {
	line *line
	text *canvas.Text
}

func (r *lineRenderer) apply() {
	t := r.line
	r.text.Color = theme.ColorForWidget(t.look.color(), t)
	r.text.TextSize = theme.SizeForWidget(t.look.sizeName(), t)
	r.text.TextStyle = t.look.style
	r.text.Alignment = t.look.align
	r.text.Text = elide(t.text, t.Size().Width, r.text.TextSize, t.look.style)
}

func (r *lineRenderer) Layout(size fyne.Size) {
	r.text.Resize(size)
	if cut := elide(r.line.text, size.Width, r.text.TextSize, r.text.TextStyle); cut != r.text.Text {
		r.text.Text = cut
		r.text.Refresh()
	}
}

func (r *lineRenderer) MinSize() fyne.Size {
	full := r.line.full()
	if r.line.whole {
		return full
	}
	return fyne.NewSize(min(full.Width, 3*theme.SizeForWidget(r.line.look.sizeName(), r.line)), full.Height)
}

func (r *lineRenderer) Refresh() {
	r.apply()
	r.text.Refresh()
}

func (r *lineRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.text} }
func (r *lineRenderer) Destroy()                     {}

// elide cuts text to a width. A width of zero means that there is no layout yet.
func elide(text string, width, size float32, style fyne.TextStyle) string {
	fits := func(s string) bool { return fyne.MeasureText(s, size, style).Width <= width+0.5 }
	if width <= 0 || fits(text) {
		return text
	}
	runes := []rune(text)
	low, high := 0, len(runes)
	for low < high {
		middle := (low + high + 1) / 2
		if fits(string(runes[:middle]) + "…") {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return strings.TrimRight(string(runes[:low]), " ") + "…"
}

// paragraph is text that wraps at words. It knows its height for a width before it is laid out, which
// Fyne's wrapping Label does not, so that a column of them needs no second pass.
type paragraph struct {
	widget.BaseWidget
	text string
	look look
}

func newParagraph(text string, l look) *paragraph {
	p := &paragraph{text: text, look: l}
	p.ExtendBaseWidget(p)
	return p
}

// HeightFor returns the height that the text takes at a width.
func (p *paragraph) HeightFor(width float32) float32 {
	size := theme.SizeForWidget(p.look.sizeName(), p)
	height := fyne.MeasureText("M", size, p.look.style).Height
	return height * float32(len(wrap(p.text, width, size, p.look.style)))
}

// CreateRenderer is part of Fyne's Widget.
func (p *paragraph) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	return &paragraphRenderer{paragraph: p}
}

type paragraphRenderer struct {
	paragraph *paragraph
	lines     []fyne.CanvasObject
}

func (r *paragraphRenderer) Layout(size fyne.Size) {
	p := r.paragraph
	textSize := theme.SizeForWidget(p.look.sizeName(), p)
	height := fyne.MeasureText("M", textSize, p.look.style).Height
	r.lines = r.lines[:0]
	for i, s := range wrap(p.text, size.Width, textSize, p.look.style) {
		t := canvas.NewText(s, theme.ColorForWidget(p.look.color(), p))
		t.TextSize, t.TextStyle, t.Alignment = textSize, p.look.style, p.look.align
		t.Resize(fyne.NewSize(size.Width, height))
		t.Move(fyne.NewPos(0, float32(i)*height))
		r.lines = append(r.lines, t)
	}
}

func (r *paragraphRenderer) MinSize() fyne.Size {
	width := r.paragraph.Size().Width
	if width <= 0 {
		width = 1 << 14
	}
	return fyne.NewSize(40, r.paragraph.HeightFor(width))
}

func (r *paragraphRenderer) Refresh() {
	r.Layout(r.paragraph.Size())
	canvas.Refresh(r.paragraph)
}

func (r *paragraphRenderer) Objects() []fyne.CanvasObject { return r.lines }
func (r *paragraphRenderer) Destroy()                     {}

// wrap breaks text into lines of at most width, at spaces where it can and inside a word where it must.
func wrap(text string, width, size float32, style fyne.TextStyle) []string {
	fits := func(s string) bool { return fyne.MeasureText(s, size, style).Width <= width+0.5 }
	var lines []string
	for _, block := range strings.Split(text, "\n") {
		current := ""
		for _, word := range strings.Fields(block) {
			candidate := word
			if current != "" {
				candidate = current + " " + word
			}
			if fits(candidate) {
				current = candidate
				continue
			}
			if current != "" {
				lines = append(lines, current)
			}
			var full []string
			full, current = breakWord(word, fits)
			lines = append(lines, full...)
		}
		lines = append(lines, current)
	}
	return lines
}

// breakWord cuts a word into pieces that fit, and returns the last one apart, as more may follow on its
// line. A piece has one rune at least, so that it ends whatever the width.
func breakWord(word string, fits func(string) bool) (full []string, rest string) {
	runes := []rune(word)
	for !fits(string(runes)) && len(runes) > 1 {
		n := 1
		for n < len(runes)-1 && fits(string(runes[:n+1])) {
			n++
		}
		full = append(full, string(runes[:n]))
		runes = runes[n:]
	}
	return full, string(runes)
}
