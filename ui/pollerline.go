package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/ui/kit"
)

// pollerLine tells who polls and how that goes, with the last day as a small chart. Where another process polls, this
// window can take over.
type pollerLine struct {
	root     *fyne.Container
	sentence *kit.Line
	takeOver *kit.Button
	words    *kit.Line // what the chart shows, where there is room
	chart    *chartView

	onTakeOver func()
}

func newPollerLine() *pollerLine {
	p := &pollerLine{sentence: kit.NewLine("", kit.LookCaption()), chart: newChartView()}
	p.takeOver = kit.NewButton(textTakeOver.String(), nil, textTakeOverTip.String(), func() { p.onTakeOver() })
	p.takeOver.Hide()
	p.words = kit.NewWord("", kit.LookCaption())
	p.root = &fyne.Container{Layout: &pollerLayout{p}, Objects: []fyne.CanvasObject{p.sentence, p.words, p.chart, p.takeOver}}
	return p
}

// show draws a scene.
func (p *pollerLine) show(s *scene, running bool, now time.Time) {
	text, mood := pollerSentence(s.overview.Poller, running, now)
	moved := p.words.Text != s.chart.words() || p.sentence.Text != text
	p.sentence.Set(text, kit.LookCaption().In(mood.Text()))
	p.chart.set(s.chart)
	p.words.SetText(s.chart.words())
	v := takeOverOf(s.overview.Poller, now)
	moved = moved || v.Shown != p.takeOver.Visible() || v.Label != p.takeOver.Text
	p.takeOver.Label(v.Label)
	p.takeOver.Allow(v.Reason)
	p.takeOver.Hidden = !v.Shown
	if moved {
		p.root.Layout.Layout(p.root.Objects, p.root.Size())
	}
}

// showPoller shows who polls, and tells how a take-over ended that was asked for here.
func (w *Window) showPoller() {
	w.bar.show(w.scene, w.polling)
	w.poller.show(w.scene, w.polling, w.scene.at)
	if v := w.takeOver.see(w.scene.overview.Poller, w.scene.at); !v.Empty() {
		w.vain = v
		w.report(v)
	}
}

// askToTakeOver asks whoever polls to let this window poll.
func (w *Window) askToTakeOver() {
	if !w.vain.Empty() && w.general.Shown.Equal(w.vain) {
		w.report(kit.NoticeView{}) // the next try is under way
	}
	w.do(func(ctx context.Context) error {
		w.o.Poller.Start() // who asks for the lease must be there to take it
		return w.o.Desk.TakeOver(ctx)
	}, w.fail)
}

// pollerLayout gives the sentence what the others leave. The words at the chart, which are its tool tip too, go where
// there is no room for them beside the whole sentence.
type pollerLayout struct{ line *pollerLine }

const pollerGap = 10

// MinSize is part of Fyne's Layout.
func (l *pollerLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	size := l.line.sentence.MinSize()
	for _, o := range []fyne.CanvasObject{l.line.chart, l.line.takeOver} {
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
	if p.takeOver.Visible() {
		place(p.takeOver) // at the end, where it stays while the texts change
	}
	place(p.chart)
	if p.words.Hidden = right < p.sentence.Full().Width+pollerGap+p.words.MinSize().Width; !p.words.Hidden {
		place(p.words)
	}
	height := p.sentence.MinSize().Height
	p.sentence.Move(fyne.NewPos(0, (size.Height-height)/2))
	p.sentence.Resize(fyne.NewSize(max(0, right), height))
}
