package ui

import (
	"fmt"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// pollerSentence says who polls, and how the last tick went.
func pollerSentence(p workbench.PollerView, running bool, now time.Time) (string, kit.Tone) {
	switch {
	case !p.Lease.Held(now) && running:
		return "The poller is starting…", kit.ToneMuted
	case !p.Lease.Held(now):
		return "Nobody polls", kit.ToneWarning
	case p.Asking:
		return fmt.Sprintf("Asked the %s to hand polling over · %s", processName(p.Lease.Owner), patience(p.AskedUntil, now)), kit.ToneAccent
	}
	last, mood := tickSentence(p.Lease.Last, now)
	if !p.Here {
		return fmt.Sprintf("The %s polls; its log is below · %s", processName(p.Lease.Owner), last), mood
	}
	if p.AskedBy.PID != 0 {
		return fmt.Sprintf("Polling here · the %s takes over", processName(p.AskedBy)), kit.ToneAccent
	}
	return "Polling here · " + last, mood
}

// processName tells a process from others.
func processName(o tenant.Owner) string {
	if o.Host == "" {
		return fmt.Sprintf("%s (process %d)", o.Program, o.PID)
	}
	return fmt.Sprintf("%s on %s (process %d)", o.Program, o.Host, o.PID)
}

// patience says how long the asked process still has, in steps of five seconds.
func patience(until, now time.Time) string {
	return fmt.Sprintf("%d s left", max(5, (int(until.Sub(now).Seconds())+4)/5*5))
}

func tickSentence(t tenant.Tick, now time.Time) (string, kit.Tone) {
	switch {
	case t.At.IsZero():
		return "first tick under way", kit.ToneMuted
	case t.Active == 0:
		return "no active tenants", kit.ToneMuted
	}
	text := fmt.Sprintf("%s of %s logged on", tenant.Thousands(t.LoggedOn), tenant.Thousands(t.Active))
	mood := kit.ToneMuted
	if t.Resting > 0 {
		text += fmt.Sprintf(", %s resting", tenant.Thousands(t.Resting))
	}
	if t.Failed > 0 {
		text += fmt.Sprintf(", %s failed", tenant.Thousands(t.Failed))
		mood = kit.ToneWarning
	}
	return text + " · " + tenant.Ago(t.At, now), mood
}

// takeOverView is the button beside the sentence.
type takeOverView struct {
	Shown bool
	// Label is its text, and Reason why it cannot be pressed; "" where it can.
	Label, Reason string
}

func takeOverOf(p workbench.PollerView, now time.Time) takeOverView {
	switch {
	case !p.Lease.Held(now) || p.Here:
		return takeOverView{Label: textTakeOver.String()}
	case p.Asking:
		return takeOverView{Shown: true, Label: textTakingOver.String(), Reason: fmt.Sprintf(
			"The %s has until %s to finish what is under way there and hand over", p.Lease.Program, p.AskedUntil.In(now.Location()).Format(time.TimeOnly))}
	}
	return takeOverView{Shown: true, Label: textTakeOver.String()}
}

// takeOverWatch notices how a take-over ends that this window has asked for.
type takeOverWatch struct {
	asked bool
	from  tenant.Owner
}

// see takes in who polls by now, and returns what to tell the person: nothing as long as it waits, and nothing after
// a success, which the sentence tells.
func (w *takeOverWatch) see(p workbench.PollerView, now time.Time) kit.NoticeView {
	switch {
	case p.Asking:
		w.asked, w.from = true, p.Lease.Owner
		return kit.NoticeView{}
	case !w.asked || !p.Lease.Held(now):
		return kit.NoticeView{} // nobody holds it: it has been handed over, and is being taken
	}
	w.asked = false
	switch {
	case p.Here:
		return kit.NoticeView{}
	case p.AskedBy.PID != 0:
		return kit.Explain(tenant.CauseElsewhere.Explain("This window does not take polling over.",
			fmt.Sprintf("The %s has asked for it too, and later.", processName(p.AskedBy)), "Take over from there when it polls."))
	case !p.Lease.Same(w.from):
		return kit.Explain(tenant.CauseElsewhere.Explain("This window does not take polling over.",
			fmt.Sprintf("The %s was there first.", processName(p.Lease.Owner)), "Take over from there."))
	}
	return kit.Explain(tenant.CauseElsewhere.Explain(
		fmt.Sprintf("The %s did not hand polling over within %s.", processName(w.from), tenant.Wait(workbench.TakeOverPatience)),
		"It may be stuck, or of an older version. It goes on polling.",
		"Ask again, or end that process: this window polls as soon as it has gone."))
}
