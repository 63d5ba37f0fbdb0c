package tenants

import (
	"context"
	"errors"
	"slices"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// atOnce is how many tenants are changed in one piece of work: between two of them a change can be cancelled.
const atOnce = 250

// change is something that is done to many tenants.
type change struct {
	do   func(context.Context, []tenant.Key) ([]tenant.Key, error)
	said words.Plural
	// undo is the opposite, nil where there is none.
	undo *change
	// quiet is a change of which each row tells by itself.
	quiet bool
}

// changing is a change under way. Its fields belong to the user interface's goroutine.
type changing struct {
	job       *kit.Job
	done, all int
	slow      bool
}

func (p *Pane) switching(on bool) *change {
	said := words.Plural{One: textOneOff, Other: textManyOff}
	if on {
		said = words.Plural{One: textOneOn, Other: textManyOn}
	}
	return &change{said: said, do: func(ctx context.Context, keys []tenant.Key) ([]tenant.Key, error) {
		return p.o.Desk.SetActiveAll(ctx, keys, on)
	}}
}

// activate switches the poller's visits to those of the rows on or off that are not so yet.
func (p *Pane) activate(rows []*row, on bool) {
	c := p.switching(on)
	c.undo = p.switching(!on)
	p.carryOut(keysOf(rows, func(r *row) bool { return r.view.Active != on }), c)
}

// visit has the poller log on to those of the rows that are active.
func (p *Pane) visit(rows []*row) {
	p.carryOut(keysOf(rows, func(r *row) bool { return r.view.Active }),
		&change{quiet: true, do: p.o.Desk.VisitAll, said: words.Plural{One: textOneAsked, Other: textManyAsked}})
}

func keysOf(rows []*row, which func(*row) bool) []tenant.Key {
	var keys []tenant.Key
	for _, r := range rows {
		if which(r) {
			keys = append(keys, r.view.Key)
		}
	}
	return keys
}

// carryOut makes a change off the user interface's goroutine. One that takes longer than an instant shows how far it
// is, and can be cancelled; what it has done by then stays, and can be undone.
func (p *Pane) carryOut(keys []tenant.Key, c *change) {
	if p.changing != nil || len(keys) == 0 {
		return
	}
	now := &changing{all: len(keys)}
	p.changing = now
	now.job = kit.Perform(p.run, func(ctx context.Context) ([]tenant.Key, error) {
		var done []tenant.Key
		for some := range slices.Chunk(keys, atOnce) {
			if ctx.Err() != nil {
				return done, ctx.Err()
			}
			changed, err := c.do(ctx, some)
			if done = append(done, changed...); err != nil {
				return done, err
			}
			p.run.Hop(func() { p.progress(now, len(some)) })
		}
		return done, nil
	}, func() { now.slow = true; p.progress(now, 0) }, func(done []tenant.Key, err error) {
		p.changing = nil
		p.tell(done, len(keys), err, c)
		p.o.OnChanged()
	})
}

// progress counts what is done, and shows it once that is worth it.
func (p *Pane) progress(now *changing, more int) {
	now.done += more
	if now.slow && p.changing == now {
		view := kit.NoticeView{Title: textProgress.With(words.Thousands(now.done), words.Thousands(now.all))}
		buttons := p.answer.Buttons.Objects
		if p.answer.Shown.Title == "" || len(buttons) != 1 || buttons[0].(*kit.Button).Text != kit.TextCancel.String() {
			buttons = []fyne.CanvasObject{kit.NewButton(kit.TextCancel.String(), nil, "", func() { now.job.Cancel() })}
		}
		p.say(view, buttons...)
	}
}

// tell says what a change has come to.
func (p *Pane) tell(done []tenant.Key, of int, err error, c *change) {
	view := kit.NoticeView{Title: c.said.Of(len(done))}
	switch {
	case errors.Is(err, context.Canceled):
		view.Lines = []string{textUnfinished.With(words.Thousands(of - len(done)))}
	case err != nil:
		if view.Title, view = "", kit.Explain(tenant.Explain(err)); len(done) > 0 {
			view.Lines = append([]string{c.said.Of(len(done))}, view.Lines...)
		}
	case c.quiet && len(done) == of:
		p.say(kit.NoticeView{})
		return
	}
	var buttons []fyne.CanvasObject
	if c.undo != nil && len(done) > 0 {
		buttons = append(buttons, kit.NewButton(textUndo.String(), nil, "", func() {
			p.carryOut(done, &change{do: c.undo.do, said: c.undo.said})
		}))
	}
	p.say(view, append(buttons, kit.NewButton(kit.TextDismiss.String(), nil, "", func() { p.say(kit.NoticeView{}) }))...)
}

// say shows a notice above the table, the zero view none. The keyboard goes back to the table when the button that
// it was on goes away.
func (p *Pane) say(v kit.NoticeView, buttons ...fyne.CanvasObject) {
	before := p.answer.Buttons.Objects
	if !p.answer.Set(v, buttons...) {
		return
	}
	p.shell.Refresh()
	c := fyne.CurrentApp().Driver().CanvasForObject(p.Table)
	if c == nil {
		return
	}
	if focused, isObject := c.Focused().(fyne.CanvasObject); isObject && slices.Contains(before, focused) && !p.answer.Holds(focused) {
		c.Focus(p.Table)
	}
}

// key is what the keys do to the selected tenants.
func (p *Pane) key(key *fyne.KeyEvent) {
	rows := p.Table.selected()
	if kit.EverywhereAlike(key) || key.Name == fyne.KeyEscape && len(rows) < 2 {
		kit.HandOn(p.Table, key)
		return
	}
	if len(rows) == 0 {
		return
	}
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		p.o.OnOpen()
	case fyne.KeySpace:
		// Where some are active and some are not, all become active: that undoes nothing.
		p.activate(rows, slices.ContainsFunc(rows, func(r *row) bool { return !r.view.Active }))
	case fyne.KeyDelete:
		p.act(Remove, rows)
	case fyne.KeyEscape:
		p.Table.sel.one(p.Table.sel.chosen)
		p.tellCount()
		p.Table.Refresh()
	}
}

// act has the window do something with the one selected tenant, or says why it cannot.
func (p *Pane) act(a Act, rows []*row) {
	if reason := p.barred(a, rows); reason != "" {
		p.say(kit.NoticeView{Title: textBarred.With(a.label(), reason)}, kit.NewButton(kit.TextDismiss.String(), nil, "", func() { p.say(kit.NoticeView{}) }))
		return
	}
	p.o.OnAct(a, *rows[0].view)
}

// barred says why an act cannot be done with rows, "" where it can.
func (p *Pane) barred(a Act, rows []*row) string {
	if len(rows) != 1 {
		return textOneOnly.String()
	}
	return p.o.Barred(a, *rows[0].view)
}
