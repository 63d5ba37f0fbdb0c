package detail

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// doctor goes through all that must hold for a tenant, and shows it inline: the steps as they are gone, the answer and
// what to do next. It keeps the last checkup of each tenant, and shows that of the chosen one. All its fields belong
// to the user interface's goroutine.
type doctor struct {
	root   *fyne.Container
	title  *kit.Line
	answer *kit.Notice
	rows   *fyne.Container
	lines  []*checkLine

	cancel, again, close *kit.Button
	exchange             *kit.Check
	// yes and no answer whether an exchange may be made in production.
	yes, no *kit.Button

	run      *kit.Runner
	panel    *Panel
	checkups map[tenant.Key]*checkup
}

func newDoctor(run *kit.Runner, panel *Panel) *doctor {
	d := &doctor{run: run, panel: panel, checkups: map[tenant.Key]*checkup{}}
	d.title, d.answer, d.rows = kit.NewLine("", kit.LookBold()), kit.NewNotice(), kit.NewColumn(3)
	d.cancel = kit.NewButton(kit.TextCancel.String(), nil, textCancelCheckTip.String(), d.stop)
	d.again = kit.NewButton(textCheckAgain.String(), nil, textCheckTip.String(), d.begin)
	d.close = kit.NewIconButton(theme.CancelIcon(), textCloseCheck.String(), d.forget)
	d.exchange = kit.NewCheck(textAlsoExchange.String(), textExchangeWrites.String(), func(bool) {})
	d.yes = kit.NewButton(textExchangeNow.String(), nil, "", func() {
		panel.say(kit.NoticeView{})
		d.start(true)
	})
	d.yes.Importance = widget.DangerImportance
	d.no = kit.NewButton(textDoNotExchange.String(), nil, "", func() { panel.say(kit.NoticeView{}) })
	head := kit.NewBar(8, d.title, d.title, d.exchange, d.again, d.cancel, d.close)
	d.root = kit.NewPanel(10, kit.NewColumn(6, head, d.answer.Container, d.rows))
	d.root.Hide()
	return d
}

// busy reports whether a tenant's checkup is under way.
func (d *doctor) busy(key tenant.Key) bool {
	c := d.checkups[key]
	return c != nil && !c.ended
}

// begin begins a checkup of the chosen tenant, with an exchange if that is ticked; in production it asks before that.
func (d *doctor) begin() {
	t := d.panel.shown
	if t.Key == (tenant.Key{}) || d.busy(t.Key) {
		return
	}
	wanted := d.exchange.Checked && d.root.Visible()
	if wanted && t.Environment == tenant.Production {
		d.panel.say(exchangeQuestion(t), d.yes, d.no)
		d.panel.focus(d.no)
		return
	}
	d.start(wanted)
}

// start goes through the steps. Each is shown at its end.
func (d *doctor) start(exchange bool) {
	key := d.panel.shown.Key
	c := &checkup{exchange: exchange, plan: workbench.DiagnosisSteps()}
	d.checkups[key] = c
	d.exchange.SetChecked(false) // each exchange is asked for anew
	request := workbench.DiagnoseRequest{Tenant: key, Exchange: exchange, Progress: func(s workbench.DiagnosedStep) {
		d.run.Hop(func() {
			c.gone = append(c.gone, s)
			d.panel.redraw(key)
		})
	}}
	c.job = kit.Perform(d.run, func(ctx context.Context) (workbench.Diagnosis, error) { return d.panel.o.Desk.Diagnose(ctx, request) }, nil,
		func(result workbench.Diagnosis, err error) {
			c.finish(result, err)
			d.panel.redraw(key)
			d.panel.o.OnChanged()
		})
	d.panel.redraw(key)
	d.panel.scroll.ScrollToTop()
}

// finish takes in what a checkup came to.
func (c *checkup) finish(result workbench.Diagnosis, err error) {
	c.ended, c.gone, c.remark, c.cause = true, result.Steps, result.Remark, result.Cause
	c.at, c.took = result.At, result.Took
	switch {
	case cancelled(err):
		c.cancelled = true
	case err != nil:
		e := tenant.Explain(err)
		c.cause = &e
	}
}

func (d *doctor) stop() {
	if c := d.checkups[d.panel.shown.Key]; c != nil && c.job != nil {
		c.job.Cancel()
	}
}

// forget puts the chosen tenant's checkup away.
func (d *doctor) forget() {
	delete(d.checkups, d.panel.shown.Key)
	d.panel.redraw(d.panel.shown.Key)
	d.panel.focus(d.panel.Check)
}

// show draws the checkup of the chosen tenant, and reports whether that takes another room.
func (d *doctor) show(v View, next []fyne.CanvasObject) (resized bool) {
	c := d.checkups[v.Tenant.Key]
	if shown := c != nil; shown != d.root.Visible() {
		d.root.Hidden = !shown
		resized = true
	}
	if c == nil {
		return resized
	}
	d.title.SetText(c.title(v.Tenant, d.panel.o.Now().Location()))
	for _, b := range []struct {
		button fyne.CanvasObject
		shown  bool
	}{{d.cancel, !c.ended}, {d.again, c.ended}, {d.close, c.ended}, {d.exchange, c.ended}} {
		if b.button.Visible() != b.shown {
			if b.shown {
				b.button.Show()
			} else {
				b.button.Hide()
			}
			resized = true
		}
	}
	resized = d.answer.Set(c.answer(), next...) || resized
	return d.draw(c.rows()) || resized
}

// draw shows the steps, and reports whether their texts have changed, and with them perhaps the height.
func (d *doctor) draw(rows []checkRow) (resized bool) {
	for len(d.lines) < len(rows) {
		d.lines = append(d.lines, newCheckLine())
	}
	if len(d.rows.Objects) != len(rows) {
		d.rows.Objects = nil
		for _, l := range d.lines[:len(rows)] {
			d.rows.Objects = append(d.rows.Objects, l.root)
		}
		resized = true
	}
	for i, r := range rows {
		resized = d.lines[i].set(r) || resized
	}
	if resized {
		d.rows.Refresh()
	}
	return resized
}
