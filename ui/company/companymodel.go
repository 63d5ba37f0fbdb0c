package company

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// actors are those of the two cards, from left to right.
func actors() [2]tenant.Actor { return [2]tenant.Actor{tenant.LoginUser, tenant.SystemUser} }

// slotPhase is where the creation of a company stands.
type slotPhase int

const (
	slotEmpty slotPhase = iota
	slotAsking
	slotWorking
	slotResolving
	slotDone
)

// slotKey names a result card: each tenant has one for each actor.
type slotKey struct {
	Key tenant.Key
	As  tenant.Actor
}

// slot is the last attempt to create a company in a tenant as an actor. It stays when another tenant is
// chosen, so that an answer that comes late lands where it belongs.
type slot struct {
	phase  slotPhase
	name   string
	job    *kit.Job
	at     time.Time // of the beginning, and then of the end
	stages []workbench.CompanyStage
	// slow says what is going on and offers to cancel, stopping notes that this was done.
	slow, stopping bool
	// result is what is known, from the end on, and while it is looked up again.
	result workbench.CompanyResult
}

// busy reports whether work is under way.
func (s *slot) busy() bool {
	return s != nil && (s.phase == slotWorking || s.phase == slotResolving)
}

// sectionView is all that the section shows of a tenant's results.
type sectionView struct {
	Cards      [2]cardView
	Difference differenceView
	Earlier    []earlierView
}

// cardView is what a result card shows.
type cardView struct {
	Title string
	// When says how long ago the result came about.
	When     string
	Tone     kit.Tone
	Lines    []string
	Facts    []kit.Fact
	Requests []requestView
	// Asks is true while the card waits for a yes before it writes to production.
	Asks      bool
	CanCancel bool
	// CanLookAgain is true for a save that nobody could tell the end of, CanOpen for a company that is there.
	CanLookAgain, CanOpen bool
	// Copy is the card as text, "" while there is nothing to copy.
	Copy string
}

// requestView is one request on a card.
type requestView struct {
	Method, Path, Answer, Took string
	Failed                     bool
}

// earlierView is a line of the list of earlier results.
type earlierView struct {
	When, As, Name, Outcome, Copy string
	Tone                          kit.Tone
	CanLookAgain                  bool
	result                        workbench.CompanyResult
}

// viewOf works out what is shown of a tenant: slots are its own, kept the stored results, the newest first.
func viewOf(t workbench.TenantView, slots [2]*slot, kept []workbench.CompanyResult, now time.Time) sectionView {
	var v sectionView
	var last [2]*workbench.CompanyResult
	for i, as := range actors() {
		last[i] = lastResult(slots[i], kept, as)
	}
	marks := difference{}
	if last[0] != nil && last[1] != nil && !slots[0].busy() && !slots[1].busy() {
		marks = compare(*last[0], *last[1])
		v.Difference = marks.view(*last[0], *last[1])
	}
	for i, as := range actors() {
		v.Cards[i] = cardOf(slots[i], last[i], as, t, marks, now)
	}
	for _, r := range kept {
		if (last[0] == nil || !last[0].Same(r)) && (last[1] == nil || !last[1].Same(r)) {
			v.Earlier = append(v.Earlier, earlierOf(r, t, now))
		}
	}
	return v
}

// lastResult is the newest that is known of an actor: what this window has seen, or what is stored, perhaps by the
// other program; nil for none. Of the same try the one counts that could tell.
func lastResult(s *slot, kept []workbench.CompanyResult, as tenant.Actor) *workbench.CompanyResult {
	var stored *workbench.CompanyResult
	if i := slices.IndexFunc(kept, func(r workbench.CompanyResult) bool { return r.As == as }); i >= 0 {
		stored = &kept[i]
	}
	if s == nil || s.phase != slotDone && s.phase != slotResolving {
		return stored
	}
	if stored == nil || s.result.At.After(stored.At) || stored.Same(s.result) && stored.Outcome == workbench.CouldNotTell {
		return &s.result
	}
	return stored
}

// cardOf works out a card. Before work takes long enough to speak of, the card stays as it was.
func cardOf(s *slot, last *workbench.CompanyResult, as tenant.Actor, t workbench.TenantView, marks difference, now time.Time) cardView {
	switch {
	case s != nil && s.phase == slotAsking:
		return cardView{Tone: kit.ToneProduction, Asks: true, Title: textAsksHeading.String(),
			Lines: []string{byActor(as, textAsksAsLogin, textAsksAsSystem).With(companyNameShown(s.name), cmp.Or(t.CompanyName, t.ContextID), t.ContextID)}}
	case s.busy() && s.stopping:
		return cardView{Tone: kit.ToneAccent, Title: textStopping.String(), Lines: []string{textStoppingLine.String()}}
	case s.busy() && s.slow:
		return workingCard(s, as, t)
	case last != nil:
		return resultCard(*last, t, marks, now)
	}
	return emptyCard(as, t)
}

// byActor chooses between two phrases.
func byActor(as tenant.Actor, login, system words.Phrase) words.Phrase {
	if as == tenant.SystemUser {
		return system
	}
	return login
}

// workingCard says how far it has come.
func workingCard(s *slot, as tenant.Actor, t workbench.TenantView) cardView {
	name := cmp.Or(t.CompanyName, t.ContextID)
	if s.phase == slotResolving {
		return cardView{Tone: kit.ToneAccent, Title: textLookingAgain.String(), CanCancel: true,
			Lines: []string{textLookingAgainLine.With(s.result.Company.Name, name)}}
	}
	v := cardView{Tone: kit.ToneAccent, Title: textCreating.String(), CanCancel: true,
		Lines: []string{byActor(as, textCallingAsLogin, textCallingAsSystem).With(name)}}
	for _, stage := range s.stages {
		v.Lines = append(v.Lines, stageSentence(stage))
	}
	return v
}

func stageSentence(stage workbench.CompanyStage) string {
	switch stage {
	case workbench.CompanySearching:
		return textStageSearching.String()
	case workbench.CompanyPreparing:
		return textStagePreparing.String()
	case workbench.CompanySaving:
		return textStageSaving.String()
	case workbench.CompanyLookingUp:
		return textStageLookingUp.String()
	}
	return string(stage)
}

func emptyCard(as tenant.Actor, t workbench.TenantView) cardView {
	v := cardView{Title: byActor(as, textTitleAsLogin, textTitleAsSystem).String(), Tone: kit.ToneMuted,
		Lines: []string{byActor(as, textEmptyAsLogin, textEmptyAsSystem).String()}}
	if reason := createReason(as, t); reason != "" {
		v.Lines = append(v.Lines, reason, byActor(as, textNobodySignedInNext, textNoSystemUserNext).String())
	}
	return v
}

func companyNameShown(name string) string {
	if name == "" {
		return textCompanyPlaceholder.String()
	}
	return textNameQuoted.With(name)
}

func resultCard(r workbench.CompanyResult, t workbench.TenantView, marks difference, now time.Time) cardView {
	v := cardView{When: words.Ago(r.EndedAt(), now), CanLookAgain: r.Outcome == workbench.CouldNotTell,
		CanOpen: r.Outcome == workbench.Created && r.Company.ID != 0, Copy: resultText(r, t, now)}
	v.Title, v.Tone = outcomeTitle(r.Outcome)
	v.Lines = troubleLines(r.Trouble)
	v.Facts = resultFacts(r, now)
	for i, f := range v.Facts {
		if slices.Contains(marks.facts(), f.Caption) {
			v.Facts[i].Caption, v.Facts[i].Tone = factDiffers.With(f.Caption), kit.ToneAccent
		}
	}
	for _, q := range r.Requests {
		v.Requests = append(v.Requests, requestOf(q))
	}
	return v
}

func troubleLines(e *tenant.Explanation) []string {
	if e == nil {
		return nil
	}
	var lines []string
	if e.What != "" {
		lines = append(lines, words.Of(e.What))
	}
	return append(lines, kit.ExplanationLines(*e)...)
}

func outcomeTitle(o workbench.Outcome) (string, kit.Tone) {
	switch o {
	case workbench.Created:
		return textCreatedHeading.String(), kit.ToneGood
	case workbench.CouldNotTell:
		return textCouldNotTellHeading.String(), kit.ToneWarning
	}
	return textNotCreatedHeading.String(), kit.ToneBad
}

// outcomeWord is the outcome at the end of a line.
func outcomeWord(o workbench.Outcome) words.Phrase {
	switch o {
	case workbench.Created:
		return textCopyCreated
	case workbench.CouldNotTell:
		return textCopyCouldNotTell
	}
	return textCopyNotCreated
}

func resultFacts(r workbench.CompanyResult, now time.Time) []kit.Fact {
	var facts []kit.Fact
	add := func(caption words.Phrase, value string, bold bool) {
		if value != "" {
			facts = append(facts, kit.Fact{Caption: caption.String(), Value: value, Bold: bold})
		}
	}
	add(factName, r.Company.Name, true)
	if r.Company.ID != 0 {
		add(factID, fmt.Sprint(r.Company.ID), false)
	}
	add(factCreatedBy, r.Company.CreatedBy, true)
	add(factOwner, r.Company.Owner, false)
	at := r.Company.CreatedAt
	if at.IsZero() {
		at = r.At
	}
	add(factDate, words.Moment(at, now.Location()), false)
	add(factCredential, r.Credential, false)
	if r.Took > 0 {
		add(factTook, words.Took(r.Took), false)
	}
	return facts
}

func requestOf(q tenant.Request) requestView {
	v := requestView{Method: q.Method, Path: q.Path, Answer: fmt.Sprint(q.Status), Took: words.Took(q.Took), Failed: q.Status == 0 || q.Status >= 400}
	if q.Status == 0 {
		v.Answer = textNoResponse.String()
	}
	return v
}

// resultText is all of a result for the clipboard.
func resultText(r workbench.CompanyResult, t workbench.TenantView, now time.Time) string {
	lines := []string{byActor(r.As, textCopyAsLogin, textCopyAsSystem).With(
		cmp.Or(t.CompanyName, t.ContextID), t.ContextID, words.Of(t.Environment.Label()), outcomeWord(r.Outcome))}
	lines = append(lines, troubleLines(r.Trouble)...)
	for _, f := range resultFacts(r, now) {
		lines = append(lines, textCopyFact.With(f.Caption, f.Value))
	}
	for _, q := range r.Requests {
		v := requestOf(q)
		lines = append(lines, fmt.Sprintf("%-4s %s  %s  %s", v.Method, v.Path, v.Answer, v.Took))
	}
	return strings.Join(lines, "\n") + "\n"
}

func earlierOf(r workbench.CompanyResult, t workbench.TenantView, now time.Time) earlierView {
	v := earlierView{When: words.Ago(r.EndedAt(), now), As: words.Of(r.As.Label()), Name: cmp.Or(r.Company.Name, tenant.OrDash("")),
		Copy: resultText(r, t, now), CanLookAgain: r.Outcome == workbench.CouldNotTell, result: r}
	v.Outcome, v.Tone = outcomeTitle(r.Outcome)
	return v
}

// createReason says why a company cannot be created as an actor; "" when it can.
func createReason(as tenant.Actor, t workbench.TenantView) string {
	switch {
	case as == tenant.SystemUser && !t.HasSystemUser():
		return textNoSystemUserYet.String()
	case as == tenant.LoginUser && !t.SignedIn:
		return textNobodySignedInYet.String()
	}
	return ""
}

// sameCard reports whether two views look the same, but for the time that has passed.
func sameCard(a, b cardView) bool {
	return a.Title == b.Title && a.Tone == b.Tone && a.Asks == b.Asks && a.CanCancel == b.CanCancel && a.Copy == b.Copy &&
		a.CanLookAgain == b.CanLookAgain && a.CanOpen == b.CanOpen &&
		slices.Equal(a.Lines, b.Lines) && slices.Equal(a.Facts, b.Facts) && slices.Equal(a.Requests, b.Requests)
}

// sameEarlier reports whether two lines of the list look the same, but for the time that has passed.
func sameEarlier(a, b earlierView) bool { return a.result.Same(b.result) && a.Copy == b.Copy }
