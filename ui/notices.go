package ui

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// report shows a notice above the window's foot; the zero view takes it away.
func (w *Window) report(v kit.NoticeView) {
	w.ask(v, w.dismiss)
}

// TellRecovered says, until it is dismissed, that a backup was put in the place of the data file before the window was
// there. Aside is where the damaged file is kept, "" where there was none.
func (w *Window) TellRecovered(of time.Time, aside string) {
	v := kit.NoticeView{Tone: kit.ToneWarning, Title: textRecovered.With(words.Moment(of, w.o.Now().Location()))}
	if aside != "" {
		v.Lines = []string{textKeptAside.With(kit.FromHome(aside))}
	}
	w.report(v)
}

func (w *Window) fail(err error) {
	if !errors.Is(err, context.Canceled) {
		w.report(kit.Explain(tenant.Explain(err)))
	}
}

func (w *Window) storeFailed(err error) {
	w.storeTrouble = true
	w.report(kit.Explain(tenant.Explain(err)))
}

// removalQuestion asks before a registration is removed.
func removalQuestion(name string) kit.NoticeView {
	return kit.NoticeView{Tone: kit.ToneWarning, Title: textRemoveQuestion.With(name), Lines: []string{textRemoveConsequence.String()}}
}

// askRemoveRegistration asks inline.
func (w *Window) askRemoveRegistration(name string) {
	yes := kit.NewButton(kit.TextRemove.String(), nil, "", func() {
		w.report(kit.NoticeView{})
		w.do(func(ctx context.Context) error { return w.o.Desk.RemoveRegistration(ctx, name) }, w.fail)
	})
	yes.Importance = widget.DangerImportance
	no := kit.NewButton(kit.TextKeep.String(), nil, "", func() { w.report(kit.NoticeView{}) })
	w.ask(removalQuestion(name), yes, no)
	w.Canvas().Focus(no)
}

// do runs a change of the store and reads the store anew; a failure goes to failed. A change that waits for
// the other program, which may hold the store, says so and can be given up.
func (w *Window) do(change func(context.Context) error, failed func(error)) {
	var j *kit.Job
	giveUp := kit.NewButton(kit.TextCancel.String(), nil, "", func() { j.Cancel() })
	j = kit.Perform(w.run, func(ctx context.Context) (struct{}, error) { return struct{}{}, change(ctx) },
		func() {
			if w.general.Shown.Empty() { // what stands there is not pushed aside
				w.ask(kit.NoticeView{Title: kit.TextStillWorking.String()}, giveUp)
			}
		},
		func(_ struct{}, err error) {
			if w.general.Holds(giveUp) {
				w.report(kit.NoticeView{})
			}
			if err != nil {
				failed(err)
			}
			w.refresh()
		})
}

// ask shows a notice with buttons of its own.
func (w *Window) ask(v kit.NoticeView, buttons ...fyne.CanvasObject) {
	if w.general.Set(v, buttons...) {
		w.layNotices()
	}
}

// layNotices lays out the notices that lie over the window.
func (w *Window) layNotices() { w.float.Refresh() }
