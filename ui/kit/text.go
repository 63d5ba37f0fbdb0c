package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	ttwidget "github.com/dweymouth/fyne-tooltip/widget"
)

// Look is how a piece of text is drawn; its zero value is plain text.
type Look struct {
	Tone  fyne.ThemeColorName
	Size  fyne.ThemeSizeName
	Style fyne.TextStyle
	Align fyne.TextAlign
}

func (l Look) color() fyne.ThemeColorName {
	if l.Tone == "" {
		return theme.ColorNameForeground
	}
	return l.Tone
}

func (l Look) sizeName() fyne.ThemeSizeName {
	if l.Size == "" {
		return theme.SizeNameText
	}
	return l.Size
}

func LookCaption() Look { return Look{Tone: ColorMuted, Size: theme.SizeNameCaptionText} }
func LookBold() Look    { return Look{Style: fyne.TextStyle{Bold: true}} }

// In returns the look in another colour.
func (l Look) In(tone fyne.ThemeColorName) Look {
	l.Tone = tone
	return l
}

// Line is text on one line without Fyne's padding, cut with an ellipsis where the room ends. Fyne's Label
// keeps a finger's room around it, which is too much for a window that shows this many facts.
//
// Where it is cut, its tool tip has the whole text.
type Line struct {
	ttwidget.ToolTipWidget
	Text string
	Look Look
	// Tip, where it is set, is what the tool tip says in the place of the text, cut or not.
	Tip string
	// whole asks for the room of the whole text; otherwise any width will do.
	whole bool
	// keep is what stands of the text where it is cut.
	keep func(runes []rune, n int) string
}

func NewLine(text string, l Look) *Line {
	t := &Line{Text: text, Look: l, keep: beginning}
	t.ExtendBaseWidget(t)
	return t
}

// NewWord is a line that is never cut.
func NewWord(text string, l Look) *Line {
	t := NewLine(text, l)
	t.whole = true
	return t
}

// NewPath is a line whose beginning and end matter most, such as an address: it is cut in the middle.
func NewPath(text string, l Look) *Line {
	t := NewLine(text, l)
	t.keep = bothEnds
	return t
}

// Set changes the text and its look, and draws only when something is new.
func (t *Line) Set(text string, l Look) {
	if t.Text == text && t.Look == l {
		return
	}
	t.Text, t.Look = text, l
	t.Refresh()
}

func (t *Line) SetText(text string) { t.Set(text, t.Look) }

// MouseIn is part of Fyne's Hoverable.
func (t *Line) MouseIn(e *desktop.MouseEvent) {
	tip := t.Tip
	if tip == "" && t.Full().Width > t.Size().Width+0.5 {
		tip = t.Text
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c == nil || c.Overlays().Top() != nil {
		tip = "" // the window's layer of tool tips lies below
	}
	t.SetToolTip(tip)
	t.ToolTipWidget.MouseIn(e)
}

// Full is the size of the whole text.
func (t *Line) Full() fyne.Size {
	return fyne.MeasureText(t.Text, theme.SizeForWidget(t.Look.sizeName(), t), t.Look.Style)
}

// CreateRenderer is part of Fyne's Widget.
func (t *Line) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	r := &lineRenderer{line: t, text: canvas.NewText("", nil)}
	r.apply()
	return r
}

type lineRenderer struct {
	line *Line
	text *canvas.Text
}

func (r *lineRenderer) apply() {
	t := r.line
	r.text.Color = theme.ColorForWidget(t.Look.color(), t)
	r.text.TextSize = theme.SizeForWidget(t.Look.sizeName(), t)
	r.text.TextStyle = t.Look.Style
	r.text.Alignment = t.Look.Align
	r.text.Text = elide(t.Text, t.Size().Width, r.text.TextSize, t.Look.Style, t.keep)
}

func (r *lineRenderer) Layout(size fyne.Size) {
	r.text.Resize(size)
	if cut := elide(r.line.Text, size.Width, r.text.TextSize, r.text.TextStyle, r.line.keep); cut != r.text.Text {
		r.text.Text = cut
		r.text.Refresh()
	}
}

func (r *lineRenderer) MinSize() fyne.Size {
	full := r.line.Full()
	if r.line.whole {
		return full
	}
	return fyne.NewSize(min(full.Width, 3*theme.SizeForWidget(r.line.Look.sizeName(), r.line)), full.Height)
}

func (r *lineRenderer) Refresh() {
	r.apply()
	r.text.Refresh()
}

func (r *lineRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.text} }
func (r *lineRenderer) Destroy()                     {}

// Elide cuts text to a width. A width of zero means that there is no layout yet.
func Elide(text string, width, size float32, style fyne.TextStyle) string {
	return elide(text, width, size, style, beginning)
}

// beginning keeps n runes of a text's beginning.
func beginning(runes []rune, n int) string { return strings.TrimRight(string(runes[:n]), " ") + "…" }

// bothEnds keeps n runes of a text: half of them from its beginning, and the rest from its end.
func bothEnds(runes []rune, n int) string {
	return string(runes[:n/2]) + "…" + string(runes[len(runes)-(n-n/2):])
}

// elide keeps as many runes as fit.
func elide(text string, width, size float32, style fyne.TextStyle, keep func(runes []rune, n int) string) string {
	fits := func(s string) bool { return fyne.MeasureText(s, size, style).Width <= width+0.5 }
	if width <= 0 || fits(text) {
		return text
	}
	runes := []rune(text)
	low, high := 0, len(runes)
	for low < high {
		middle := (low + high + 1) / 2
		if fits(keep(runes, middle)) {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return keep(runes, low)
}

// Paragraph is text that wraps at words. It knows its height for a width before it is laid out, which
// Fyne's wrapping Label does not, so that a column of them needs no second pass.
type Paragraph struct {
	widget.BaseWidget
	Text string
	Look Look
}

func NewParagraph(text string, l Look) *Paragraph {
	p := &Paragraph{Text: text, Look: l}
	p.ExtendBaseWidget(p)
	return p
}

// HeightFor returns the height that the text takes at a width.
func (p *Paragraph) HeightFor(width float32) float32 {
	size := theme.SizeForWidget(p.Look.sizeName(), p)
	height := fyne.MeasureText("M", size, p.Look.Style).Height
	return height * float32(len(wrap(p.Text, width, size, p.Look.Style)))
}

// CreateRenderer is part of Fyne's Widget.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	return &paragraphRenderer{paragraph: p}
}

type paragraphRenderer struct {
	paragraph *Paragraph
	lines     []fyne.CanvasObject
}

func (r *paragraphRenderer) Layout(size fyne.Size) {
	p := r.paragraph
	textSize := theme.SizeForWidget(p.Look.sizeName(), p)
	height := fyne.MeasureText("M", textSize, p.Look.Style).Height
	r.lines = r.lines[:0]
	for i, s := range wrap(p.Text, size.Width, textSize, p.Look.Style) {
		t := canvas.NewText(s, theme.ColorForWidget(p.Look.color(), p))
		t.TextSize, t.TextStyle, t.Alignment = textSize, p.Look.Style, p.Look.Align
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
		if whole := strings.Join(strings.Fields(block), " "); fits(whole) {
			lines = append(lines, whole) // measured once: a licence has hundreds of such lines
			continue
		}
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
