package pollerline

import (
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// Line tells who polls and how that goes, with the last day as a small chart. Where another process polls, this
// window can take over.
type Line struct {
	Root *fyne.Container
	// TakeOver asks the process that polls to let this one poll.
	TakeOver *kit.Button
	// Sentence says who polls.
	Sentence *kit.Line

	words *kit.Line // what the chart shows, where there is room
	chart *chartView
}

// New makes a line that shows nothing yet. The button calls onTakeOver.
func New(onTakeOver func()) *Line {
	p := &Line{Sentence: kit.NewLine("", kit.LookCaption()), chart: newChartView()}
	p.TakeOver = kit.NewButton(textTakeOver.String(), nil, textTakeOverTip.String(), onTakeOver)
	p.TakeOver.Hide()
	p.words = kit.NewWord("", kit.LookCaption())
	p.Root = &fyne.Container{Layout: &pollerLayout{p}, Objects: []fyne.CanvasObject{p.Sentence, p.words, p.chart, p.TakeOver}}
	return p
}

// Show draws who polls, and the chart of the last day. Running is whether this program's poller runs.
func (p *Line) Show(poller workbench.PollerView, chart Chart, running bool, now time.Time) {
	text, mood := pollerSentence(poller, running, now)
	moved := p.words.Text != chart.words() || p.Sentence.Text != text
	p.Sentence.Set(text, kit.LookCaption().In(mood.Text()))
	p.chart.set(chart)
	p.words.SetText(chart.words())
	v := takeOverOf(poller, now)
	moved = moved || v.Shown != p.TakeOver.Visible() || v.Label != p.TakeOver.Text
	p.TakeOver.Label(v.Label)
	p.TakeOver.Allow(v.Reason)
	p.TakeOver.Hidden = !v.Shown
	if moved {
		p.Root.Layout.Layout(p.Root.Objects, p.Root.Size())
	}
}

// pollerLayout gives the sentence what the others leave. The words at the chart, which are its tool tip too, go where
// there is no room for them beside the whole sentence.
type pollerLayout struct{ line *Line }

const pollerGap = 10

// MinSize is part of Fyne's Layout.
func (l *pollerLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	size := l.line.Sentence.MinSize()
	for _, o := range []fyne.CanvasObject{l.line.chart, l.line.TakeOver} {
		m := o.MinSize()
		size.Height = max(size.Height, m.Height) // also that of a button that is not there: nothing moves when it comes
		if o.Visible() {
			size.Width += pollerGap + m.Width
		}
	}
	return size
}

// Layout is part of Fyne's Layout.
func (l *pollerLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	p, right := l.line, size.Width
	place := func(o fyne.CanvasObject) {
		m := o.MinSize()
		right -= m.Width
		o.Move(fyne.NewPos(right, (size.Height-m.Height)/2))
		o.Resize(m)
		right -= pollerGap
	}
	if p.TakeOver.Visible() {
		place(p.TakeOver) // at the end, where it stays while the texts change
	}
	place(p.chart)
	if p.words.Hidden = right < p.Sentence.Full().Width+pollerGap+p.words.MinSize().Width; !p.words.Hidden {
		place(p.words)
	}
	height := p.Sentence.MinSize().Height
	p.Sentence.Move(fyne.NewPos(0, (size.Height-height)/2))
	p.Sentence.Resize(fyne.NewSize(max(0, right), height))
}
