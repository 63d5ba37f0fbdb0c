// Package damage is the window's notice of records that cannot be trusted, with what can be done about them one by
// one: each step is asked for inline before it is taken.
package damage

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// Desk is what the notice asks of the workbench. Its methods may wait, and are called off the user interface's
// goroutine.
type Desk interface {
	// Offboard ends what can be ended of a tenant and deletes it here. The receipt is there after an error too.
	Offboard(ctx context.Context, request workbench.OffboardRequest) (workbench.Receipt, error)
	RemoveRegistration(ctx context.Context, name string) error
	UpdateSettings(ctx context.Context, change func(*tenant.Settings) error) error
}

// Options are what the notice needs from outside.
type Options struct {
	Desk Desk
	// OnFocus gives an object the focus.
	OnFocus func(fyne.Focusable)
	// OnResize is called when the notice has another height.
	OnResize func()
	// OnChanged is called when what the store says may be something else.
	OnChanged func()
	// OnReceipt shows what was done to remove a tenant.
	OnReceipt func(workbench.Receipt)
}

// Damage is the notice. All of it belongs to the user interface's goroutine.
type Damage struct {
	notice *kit.Notice
	run    *kit.Runner
	o      Options

	damaged []workbench.DamageView
	// who is what the question or the work is about; asked while the notice is about that.
	who   tenant.Key
	asked bool
	job   *kit.Job

	begin, yes, anyway, keep, cancel *kit.Button
}

// New makes the notice, which is hidden as long as there is no damage.
func New(run *kit.Runner, o Options) *Damage {
	d := &Damage{notice: kit.NewNotice(), run: run, o: o}
	d.begin = kit.NewButton("", nil, "", d.ask)
	d.yes = kit.NewButton(kit.TextRemove.String(), nil, "", func() { d.act(false) })
	d.anyway = kit.NewButton(textRemoveAnyway.String(), nil, textRemoveAnywayTip.String(), func() { d.act(true) })
	d.yes.Importance, d.anyway.Importance = widget.DangerImportance, widget.DangerImportance
	d.keep = kit.NewButton(kit.TextKeep.String(), nil, "", d.leave)
	d.cancel = kit.NewButton(kit.TextCancel.String(), nil, "", func() { d.job.Cancel() })
	return d
}

// Root is what the window shows.
func (d *Damage) Root() fyne.CanvasObject { return d.notice.Container }

// Show draws what is damaged. A question that stands stays as long as what it asks about is damaged.
func (d *Damage) Show(damaged []workbench.DamageView) {
	d.damaged = damaged
	if d.busy() || d.asked && d.still(d.who) {
		return
	}
	d.leave()
}

// still reports whether something is damaged.
func (d *Damage) still(key tenant.Key) bool {
	for _, v := range d.damaged {
		if v.Key == key {
			return true
		}
	}
	return false
}

func (d *Damage) busy() bool { return d.job != nil && !d.job.Finished }

// leave shows what is damaged, and asks nothing.
func (d *Damage) leave() {
	d.asked = false
	if len(d.damaged) == 0 {
		d.tell(kit.NoticeView{})
		return
	}
	d.who = next(d.damaged).Key
	d.begin.Label(deed(d.who))
	d.tell(noticeOf(d.damaged), d.begin)
}

// ask asks inline, with the harmless answer in focus.
func (d *Damage) ask() {
	d.asked = true
	label := kit.TextRemove
	if kindOf(d.who) == ofSettings {
		label = textReset
	}
	d.yes.Label(label.String())
	d.tell(question(d.who), d.yes, d.keep)
	d.o.OnFocus(d.keep)
}

// act removes what was asked about. Anyway deletes a tenant whatever SuperOffice could not be asked.
func (d *Damage) act(anyway bool) {
	if d.busy() {
		return
	}
	key, desk := d.who, d.o.Desk
	d.job = kit.Perform(d.run, func(ctx context.Context) (workbench.Receipt, error) {
		switch kindOf(key) {
		case ofTenant:
			return desk.Offboard(ctx, workbench.OffboardRequest{Key: key, Offline: anyway})
		case ofRegistration:
			return workbench.Receipt{}, desk.RemoveRegistration(ctx, key.Registration)
		}
		return workbench.Receipt{}, desk.UpdateSettings(ctx, func(s *tenant.Settings) error {
			*s = tenant.DefaultSettings()
			return nil
		})
	}, nil, d.ended)
	d.tell(kit.NoticeView{Tone: kit.ToneAccent, Title: textWorking.String()}, d.cancel)
}

// ended hands the receipt over, or says why nothing was removed.
func (d *Damage) ended(receipt workbench.Receipt, err error) {
	d.o.OnChanged()
	switch {
	case err == nil:
		if receipt.Wiped {
			d.o.OnReceipt(receipt)
		}
		d.damaged = without(d.damaged, d.who)
		d.leave()
	case errors.Is(err, context.Canceled):
		d.leave()
	case kindOf(d.who) == ofTenant && !receipt.Wiped:
		d.tell(kit.Explain(tenant.Explain(err)), d.anyway, d.keep)
	default:
		d.tell(kit.Explain(tenant.Explain(err)), d.keep)
	}
}

// without is what is damaged but for one thing.
func without(damaged []workbench.DamageView, key tenant.Key) []workbench.DamageView {
	var rest []workbench.DamageView
	for _, v := range damaged {
		if v.Key != key {
			rest = append(rest, v)
		}
	}
	return rest
}

func (d *Damage) tell(v kit.NoticeView, buttons ...fyne.CanvasObject) {
	if d.notice.Set(v, buttons...) {
		d.o.OnResize()
	}
}
