package detail

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// fare is how a tenant fared for a while, as the chart tells it: a verdict, or why there is none.
type fare string

const (
	// unwatched is a time in which no poller was at work, and before one in which the tenant was not known here.
	unwatched fare = "unwatched"
	before    fare = "before"
)

// segment is a piece of the chart's band.
type segment struct {
	From, To time.Time
	Fare     fare
	What     string // why, where something was wrong
}

func (s segment) long() time.Duration { return s.To.Sub(s.From) }

// color is the one that the band has there.
func (s segment) color() fyne.ThemeColorName {
	switch tenant.Verdict(s.Fare) {
	case tenant.Well:
		return theme.ColorNameSuccess
	case tenant.Resting:
		return theme.ColorNameWarning
	case tenant.NeedsAttention:
		return theme.ColorNameError
	case tenant.Inactive:
		return theme.ColorNameDisabled
	}
	return kit.ColorLine
}

// words say what the segment shows.
func (s segment) words(zone *time.Location) string {
	from, to, long := clock(s.From, zone), clock(s.To, zone), words.Span(s.long())
	switch tenant.Verdict(s.Fare) {
	case tenant.Well:
		return textWellThen.With(from, to, long)
	case tenant.Resting:
		return textRestingThen.With(from, to, long, s.What)
	case tenant.NeedsAttention:
		return textAttentionThen.With(from, to, long, s.What)
	case tenant.Inactive:
		return textInactiveThen.With(from, to, long)
	case tenant.Unknown:
		return textUnknownThen.With(from, to, long)
	}
	if s.Fare == before {
		return textBeforeThen.With(to)
	}
	return textUnwatchedThen.With(from, to, long)
}

// clock is the time of day.
func clock(t time.Time, zone *time.Location) string { return t.In(zone).Format("15:04") }

// pin marks a moment on the chart.
type pin struct {
	At    time.Time
	Words string
}

// historyView is a tenant's last day, ready to be drawn.
type historyView struct {
	Begin, End time.Time
	Segments   []segment
	Pins       []pin
	// Sentence says the same as the chart.
	Sentence string
}

// equal reports whether two views look the same.
func (v historyView) equal(other historyView) bool {
	return v.Begin.Equal(other.Begin) && v.End.Equal(other.End) && slices.Equal(v.Segments, other.Segments) &&
		slices.Equal(v.Pins, other.Pins) && v.Sentence == other.Sentence
}

// historyOf prepares a tenant's last day. The end is on the minute, so that the chart is drawn anew once a minute.
func historyOf(h tenant.History, t workbench.TenantView, now time.Time) historyView {
	end := now.Truncate(time.Minute)
	v := historyView{Begin: end.Add(-tenant.HistoryLife), End: end}
	v.Segments = joined(watched(segmentsOf(h.Changes, t, v.Begin, v.End), h.Polled))
	v.Pins = pinsOf(t, v.Begin, now)
	v.Sentence = sentenceOf(v.Segments, now.Location())
	return v
}

// segmentsOf makes the band of the changes alone. A result that came in after the tenant was switched off is not shown.
func segmentsOf(changes []tenant.Change, t workbench.TenantView, begin, end time.Time) []segment {
	if t.Verdict == tenant.Inactive {
		for i, c := range slices.Backward(changes) {
			if c.Verdict == tenant.Inactive {
				changes = changes[:i+1]
				break
			}
		}
	}
	all := []segment{{From: begin, To: end, Fare: before}}
	for _, c := range changes {
		last := &all[len(all)-1]
		at := c.At
		if at.After(end) {
			break
		}
		if at.Before(begin) {
			at = begin
		}
		last.To = at
		all = append(all, segment{From: at, To: end, Fare: fare(c.Verdict), What: strings.TrimSpace(words.Of(c.What) + " " + words.Of(c.Why))})
	}
	return slices.DeleteFunc(all, func(s segment) bool { return s.long() <= 0 })
}

// watched takes out of the band the times at which no poller was at work: how the tenant fared then nobody knows,
// unless it was switched off.
func watched(all []segment, polled []tenant.Stretch) []segment {
	var cut []segment
	for _, s := range all {
		if s.Fare == before || s.Fare == fare(tenant.Inactive) {
			cut = append(cut, s)
			continue
		}
		at := s.From
		for _, p := range polled {
			from, to := latest(p.From, at), earliest(p.To, s.To)
			if !from.Before(to) {
				continue
			}
			if from.After(at) {
				cut = append(cut, segment{From: at, To: from, Fare: unwatched})
			}
			cut = append(cut, segment{From: from, To: to, Fare: s.Fare, What: s.What})
			at = to
		}
		if at.Before(s.To) {
			cut = append(cut, segment{From: at, To: s.To, Fare: unwatched})
		}
	}
	return cut
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// joined makes one segment of those that follow each other and say the same, and leaves out silences of less than a
// minute.
func joined(all []segment) []segment {
	var out []segment
	for _, s := range all {
		if n := len(out); n > 0 {
			last := &out[n-1]
			if s.Fare == last.Fare && s.What == last.What || s.Fare == unwatched && s.long() < time.Minute {
				last.To = s.To
				continue
			}
			if last.Fare == unwatched && last.long() < time.Minute {
				s.From = last.From
				*last = s
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

// pinsOf are the moments of the last day that the store knows: only the last of each kind.
func pinsOf(t workbench.TenantView, begin, now time.Time) []pin {
	var pins []pin
	add := func(at time.Time, phrase words.Phrase, more ...any) {
		if at.After(begin) && !at.After(now) {
			pins = append(pins, pin{at, phrase.With(append([]any{clock(at, now.Location())}, more...)...)})
		}
	}
	add(t.SignedInAt, textPinSignIn, tenant.OrDash(t.SignedInAs))
	for _, p := range t.Proofs {
		switch p.Kind {
		case tenant.ProofExchange:
			add(p.At, textPinExchange)
		case tenant.ProofCompany:
			add(p.At, textPinCompany, seen(p))
		}
	}
	slices.SortStableFunc(pins, func(a, b pin) int { return a.At.Compare(b.At) })
	return pins
}

// sentenceOf says how long the tenant fared how, and what its last trouble was.
func sentenceOf(all []segment, zone *time.Location) string {
	sums := map[fare]time.Duration{}
	trouble := -1
	for i, s := range all {
		sums[s.Fare] += s.long()
		if s.What != "" {
			trouble = i
		}
	}
	var sentences []string
	for _, f := range []struct {
		fare   fare
		phrase words.Phrase
	}{
		{fare(tenant.Well), textWellFor}, {fare(tenant.Resting), textRestingFor}, {fare(tenant.NeedsAttention), textAttentionFor},
		{fare(tenant.Inactive), textInactiveFor}, {fare(tenant.Unknown), textUnknownFor}, {unwatched, textUnwatchedFor},
	} {
		if long := sums[f.fare]; long >= time.Minute {
			sentences = append(sentences, f.phrase.With(words.Span(long)))
		}
	}
	if trouble >= 0 {
		s := all[trouble]
		sentences = append(sentences, textLastTrouble.With(clock(s.From, zone), words.Span(s.long()), s.What))
	}
	if len(sentences) == 0 {
		return textHistoryBegins.String()
	}
	return strings.Join(sentences, " ")
}
