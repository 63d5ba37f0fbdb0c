package company

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// slotPhase is where the creation of a company stands.
type slotPhase int

const (
	slotEmpty slotPhase = iota
	slotAsking
	slotWorking
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
	phase slotPhase
	name  string
	job   *kit.Job
	at    time.Time // of the beginning, and then of the end
	// slow offers to cancel, stopping notes that this was done.
	slow, stopping bool
	result         workbench.CompanyResult
	trouble        *tenant.Explanation
}

// cardView is what a result card shows.
type cardView struct {
	Title    string
	Tone     kit.Tone
	Lines    []string
	Facts    []kit.Fact
	Requests []string
	// Asks is true while the card waits for a yes before it writes to production.
	Asks      bool
	CanCancel bool
	// Copy is the card as text, "" while there is nothing to copy.
	Copy string
}

// cardOf works out a card.
func cardOf(s *slot, as tenant.Actor, t workbench.TenantView, now time.Time) cardView {
	if s == nil {
		s = &slot{}
	}
	switch s.phase {
	case slotAsking:
		return cardView{Tone: kit.ToneProduction, Asks: true,
			Title: "This writes to a production tenant.",
			Lines: []string{fmt.Sprintf("Create %s in %s (%s) as the %s?", companyNameShown(s.name), tenant.OrDash(t.CompanyName), t.ContextID, as.Label())}}
	case slotWorking:
		if s.stopping {
			return cardView{Tone: kit.ToneAccent, Title: "Stopping…", Lines: []string{"Finding out whether the company was created."}}
		}
		return cardView{Tone: kit.ToneAccent, Title: textCreating.String(), CanCancel: s.slow,
			Lines: []string{"Calling " + tenant.OrDash(t.CompanyName) + " as the " + as.Label() + "."}}
	case slotDone:
		return resultCard(s, t, now)
	}
	return emptyCard(as, t)
}

func emptyCard(as tenant.Actor, t workbench.TenantView) cardView {
	v := cardView{Title: "As the " + as.Label(), Tone: kit.ToneMuted, Lines: []string{textEmptyAsLogin.String()}}
	next := textNobodySignedInNext.String()
	if as == tenant.SystemUser {
		v.Lines, next = []string{textEmptyAsSystem.String()}, textNoSystemUserNext.String()
	}
	if reason := createReason(as, t); reason != "" {
		v.Lines = append(v.Lines, reason+" "+next)
	}
	return v
}

func companyNameShown(name string) string {
	if name == "" {
		return textCompanyPlaceholder.String()
	}
	return "“" + name + "”"
}

func resultCard(s *slot, t workbench.TenantView, now time.Time) cardView {
	v := cardView{}
	v.Title, v.Tone = outcomeTitle(s)
	if s.trouble != nil {
		if s.trouble.What != "" {
			v.Lines = append(v.Lines, s.trouble.What)
		}
		v.Lines = append(v.Lines, kit.ExplanationLines(*s.trouble)...)
	}
	v.Facts = resultFacts(s.result, now)
	for _, r := range s.result.Requests {
		v.Requests = append(v.Requests, requestLine(r.Method, r.Path, r.Status, r.Took))
	}
	v.Copy = cardText(v, s.result, t)
	return v
}

func outcomeTitle(s *slot) (string, kit.Tone) {
	switch s.result.Outcome {
	case workbench.Created:
		return "Created", kit.ToneGood
	case workbench.CouldNotTell:
		return textCouldNotTellHeading.String(), kit.ToneWarning
	}
	return "Not created", kit.ToneBad
}

func resultFacts(r workbench.CompanyResult, now time.Time) []kit.Fact {
	var facts []kit.Fact
	add := func(caption, value string, bold bool) {
		if value != "" {
			facts = append(facts, kit.Fact{Caption: caption, Value: value, Bold: bold})
		}
	}
	add("Name", r.Company.Name, true)
	if r.Company.ID != 0 {
		add("Company id", fmt.Sprint(r.Company.ID), false)
	}
	add("Created by", r.Company.CreatedBy, true)
	add("Our contact", r.Company.Owner, false)
	if !r.Company.CreatedAt.IsZero() {
		add("Date", tenant.Moment(r.Company.CreatedAt, now.Location()), false)
	}
	add("Credential", r.Credential, false)
	if r.Took > 0 {
		add("Time taken", tenant.Took(r.Took), false)
	}
	return facts
}

func requestLine(method, path string, status int, d time.Duration) string {
	answer := fmt.Sprint(status)
	if status == 0 {
		answer = "no answer"
	}
	return fmt.Sprintf("%-4s %s  %s  %s", method, path, answer, tenant.Took(d))
}

func cardText(v cardView, r workbench.CompanyResult, t workbench.TenantView) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Create company as %s in %s (%s, %s): %s\n",
		r.As.Label(), tenant.OrDash(t.CompanyName), t.ContextID, t.Environment.Label(), strings.ToLower(v.Title))
	for _, l := range v.Lines {
		fmt.Fprintln(&b, l)
	}
	for _, f := range v.Facts {
		fmt.Fprintf(&b, "%s: %s\n", f.Caption, f.Value)
	}
	for _, l := range v.Requests {
		fmt.Fprintln(&b, l)
	}
	return b.String()
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

// sameCard reports whether two views look the same.
func sameCard(a, b cardView) bool {
	return a.Title == b.Title && a.Tone == b.Tone && a.Asks == b.Asks && a.CanCancel == b.CanCancel && a.Copy == b.Copy &&
		slices.Equal(a.Lines, b.Lines) && slices.Equal(a.Facts, b.Facts) && slices.Equal(a.Requests, b.Requests)
}
