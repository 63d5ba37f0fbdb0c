package detail

import (
	"context"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// historySection shows the last day of the chosen tenant. It reads it anew once a minute, and when the tenant begins
// to fare otherwise; while it is folded it reads nothing.
type historySection struct {
	*section
	run    *kit.Runner
	o      Options
	chart  *historyChart
	words  *kit.Paragraph
	view   historyView
	tenant workbench.TenantView
	// read is when the history was asked for; zero when it must be.
	read time.Time
	job  *kit.Job
}

// historyEvery is how long a history may stand before it is read anew.
const historyEvery = time.Minute

func newHistorySection(run *kit.Runner, o Options, panel *Panel) *historySection {
	s := &historySection{run: run, o: o, chart: newHistoryChart(), words: kit.NewParagraph("", kit.Look{})}
	body := kit.NewPanel(10, kit.NewColumn(6, s.chart, s.words))
	s.section = newSection(panel, "history", textHistory.String(), textHistoryTip.String(), true, body)
	s.onOpen = s.fetch
	return s
}

// show makes the section tell of a tenant.
func (s *historySection) show(t workbench.TenantView, now time.Time) {
	before := s.tenant
	s.tenant = t
	if before.Key != t.Key {
		s.draw(historyView{})
	}
	if before.Key != t.Key || before.Verdict != t.Verdict || now.Sub(s.read) >= historyEvery || now.Before(s.read) {
		s.read = time.Time{}
	}
	s.fetch()
}

// fetch reads the history, unless that has been done a moment ago.
func (s *historySection) fetch() {
	if !s.open() || !s.read.IsZero() || s.tenant.Key == (tenant.Key{}) {
		return
	}
	if s.job != nil {
		s.job.Cancel()
	}
	key := s.tenant.Key
	s.read = s.o.Now()
	s.job = kit.Perform(s.run, func(ctx context.Context) (tenant.History, error) { return s.o.Desk.History(ctx, key) }, nil,
		func(h tenant.History, err error) {
			if s.tenant.Key != key || cancelled(err) {
				return // another one is shown by now
			}
			view := historyOf(h, s.tenant, s.o.Now())
			if err != nil {
				view = historyView{Sentence: kit.Explain(tenant.Explain(err)).Title}
			}
			s.draw(view)
		})
}

// draw shows a view, if it is new.
func (s *historySection) draw(v historyView) {
	if s.view.equal(v) {
		return
	}
	s.view = v
	s.chart.set(v)
	if s.words.Text != v.Sentence {
		s.words.Text = v.Sentence
		s.words.Refresh()
		s.grown()
		s.fresh = false
	}
}
