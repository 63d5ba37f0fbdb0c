package pollerline

import (
	"strings"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// pollerSentence says who polls, and how the last tick went.
func pollerSentence(p workbench.PollerView, running bool, now time.Time) (string, kit.Tone) {
	switch {
	case !p.Lease.Held(now) && running:
		return textStarting.String(), kit.ToneMuted
	case !p.Lease.Held(now):
		return textNobody.String(), kit.ToneWarning
	case p.Asking:
		return textAsked.With(processName(p.Lease.Owner), patience(p.AskedUntil, now)), kit.ToneAccent
	}
	last, mood := tickSentence(p.Lease.Last, now)
	if !p.Here {
		return textThere.With(processName(p.Lease.Owner)) + " · " + last, mood
	}
	if p.AskedBy.PID != 0 {
		return textAskedHere.With(processName(p.AskedBy)), kit.ToneAccent
	}
	return textHere.String() + " · " + last, mood
}

// processName tells a process from others.
func processName(o tenant.Owner) string {
	if o.Host == "" {
		return textProcess.With(o.Program, o.PID)
	}
	return textProcessOn.With(o.Program, o.Host, o.PID)
}

// patience is how many seconds the asked process still has, in steps of five.
func patience(until, now time.Time) int {
	return max(5, (int(until.Sub(now).Seconds())+4)/5*5)
}

func tickSentence(t tenant.Tick, now time.Time) (string, kit.Tone) {
	switch {
	case t.At.IsZero():
		return textFirstTick.String(), kit.ToneMuted
	case t.Active == 0:
		return textNoTenants.String(), kit.ToneMuted
	case t.LoggedOn+t.Resting+t.Attention+t.Failed == 0: // as after a restart, when all were visited a moment ago
		return textNoneDue.String() + " · " + words.Ago(t.At, now), kit.ToneMuted
	}
	parts, mood := []string{textLoggedOn.With(words.Thousands(t.LoggedOn), words.Thousands(t.Active))}, kit.ToneMuted
	if t.Resting > 0 {
		parts = append(parts, textResting.With(words.Thousands(t.Resting)))
	}
	if t.Attention > 0 {
		parts, mood = append(parts, textAttention.With(words.Thousands(t.Attention))), kit.ToneWarning
	}
	if t.Failed > 0 {
		parts, mood = append(parts, textFailed.With(words.Thousands(t.Failed))), kit.ToneWarning
	}
	return strings.Join(parts, ", ") + " · " + words.Ago(t.At, now), mood
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
		return takeOverView{Shown: true, Label: textTakingOver.String(), Reason: textAskedUntil.With(p.Lease.Program, p.AskedUntil.In(now.Location()).Format(time.TimeOnly))}
	}
	return takeOverView{Shown: true, Label: textTakeOver.String()}
}

// Watch notices how a take-over ends that this window has asked for.
type Watch struct {
	asked bool
	from  tenant.Owner
}

// See takes in who polls by now, and returns what to tell the person: nothing as long as it waits, and nothing after
// a success, which the sentence tells.
func (w *Watch) See(p workbench.PollerView, now time.Time) kit.NoticeView {
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
		return kit.Explain(tenant.CauseElsewhere.Explain(textNotTaken.String(), textAskedLater.With(processName(p.AskedBy)), textThereLater.String()))
	case !p.Lease.Same(w.from):
		return kit.Explain(tenant.CauseElsewhere.Explain(textNotTaken.String(), textThereFirst.With(processName(p.Lease.Owner)), textFromThere.String()))
	}
	return kit.Explain(tenant.CauseElsewhere.Explain(
		textNotHanded.With(processName(w.from), int(workbench.TakeOverPatience.Seconds())), textMaybeStuck.String(), textAskAgainOver.String()))
}
