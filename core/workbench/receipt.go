package workbench

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"partnerdesk/core/tenant"
)

// ProofOutcome is what the one exchange has shown of a tenant's system user token.
type ProofOutcome string

// The outcomes.
const (
	ProofWorks      ProofOutcome = "still works" // SuperOffice exchanged it for a ticket
	ProofRefused    ProofOutcome = "refused"     // SuperOffice answered, and will not
	ProofNotRunning ProofOutcome = "not asked"   // as the tenant does not run
	ProofNotReached ProofOutcome = "not reached" // nobody answered, or not now
	ProofUnclear    ProofOutcome = "not proved"  // an answer that says nothing of the token, or nothing to ask with
	ProofNotTried   ProofOutcome = "not tried"   // as the removal ended before, or SuperID was not reached
	ProofNotThere   ProofOutcome = "not there"   // there was no system user token
)

// Proof is what became of a system user token, as far as anybody here can tell.
type Proof struct {
	Outcome ProofOutcome `json:"outcome"`
	// Code is SuperOffice's reason for a refusal, like "1 (Revoked)"; empty where it gave none that is known.
	Code    string              `json:"code,omitempty"`
	At      time.Time           `json:"at,omitzero"`
	Failure *tenant.Explanation `json:"failure,omitempty"`
}

// Receipt says what was done to offboard a tenant: what ended, what the server answered, and what only the
// customer's administrator can still do. It holds no secret and may be handed to the customer.
type Receipt struct {
	tenant.Key
	CompanyName string             `json:"company"`
	Environment tenant.Environment `json:"environment"`
	Base        string             `json:"base_url"`
	// ClientID names the app to the customer, who sees it in SuperOffice.
	ClientID string    `json:"client_id"`
	BeganAt  time.Time `json:"began_at"`
	// UserName is the SuperID user name of the login; empty where nobody was signed in.
	UserName     string    `json:"user_name"`
	RefreshToken TokenEnd  `json:"refresh_token"`
	AccessToken  TokenEnd  `json:"access_token"`
	LoginAskedAt time.Time `json:"login_asked_at,omitzero"` // when SuperID had been asked to end both tokens
	SystemUser   Proof     `json:"system_user"`
	// Wiped is true once all that was stored here about the tenant is deleted; until then all of it is kept.
	Wiped   bool      `json:"wiped"`
	WipedAt time.Time `json:"wiped_at,omitzero"`
	// LeftToDo is what nobody can do here, one sentence each.
	LeftToDo []string `json:"left_to_do"`
}

// ReceiptLine is a line of a receipt as people read it: a heading where Text is empty, a sentence of its own
// where Label is.
type ReceiptLine struct{ Label, Text string }

// Lines are the receipt for people, in a fixed order. Times are in UTC, as the reader may be anywhere.
func (r Receipt) Lines() []ReceiptLine {
	title := "Receipt: this tenant was offboarded"
	if !r.Wiped {
		title = "Not offboarded: nothing was deleted"
	}
	login := "Login"
	if r.UserName != "" {
		login += " of " + r.UserName
	}
	lines := []ReceiptLine{
		{title, ""},
		{"Customer", tenant.OrDash(r.CompanyName) + " (" + r.ContextID + ")"},
		{"Environment", r.Environment.Label() + ", " + r.Base},
		{"App", "client id " + r.ClientID + ", here called " + r.Registration},
		{"Began", utc(r.BeganAt)},
		{login, ""},
		{"Refresh token", r.RefreshToken.words()},
		{"Access token", r.AccessToken.words()},
		{"Asked at", utc(r.LoginAskedAt)},
		{"System user", ""},
		{"Proof", r.SystemUser.words()},
		{"Asked at", utc(r.SystemUser.At)},
	}
	if r.SystemUser.Outcome != ProofNotThere {
		lines = append(lines, ReceiptLine{"Tickets", "each ends by itself at SuperOffice, six hours after its last use"})
	}
	lines = append(lines, ReceiptLine{"This computer", ""})
	if r.Wiped {
		lines = append(lines, ReceiptLine{"Deleted", "the tenant, its tokens and ticket, what its visits brought, its counts of exchanges"},
			ReceiptLine{"Deleted at", utc(r.WipedAt)})
	} else {
		lines = append(lines, ReceiptLine{"Deleted", "nothing: all is kept"})
	}
	lines = append(lines, ReceiptLine{"Left to do", ""})
	for _, s := range r.LeftToDo {
		lines = append(lines, ReceiptLine{"", s})
	}
	for i := range lines {
		lines[i].Label, lines[i].Text = tenant.Plain(lines[i].Label), tenant.Plain(lines[i].Text)
	}
	return lines
}

// labelWidth is the width of the labels in [ReceiptText].
const labelWidth = 16

// Text is the receipt as plain text to keep or to send.
func (r Receipt) Text() string { return ReceiptText(r.Lines()) }

// ReceiptText lays lines out, the title first, in a fixed layout that ends with a line break.
func ReceiptText(lines []ReceiptLine) string {
	var b strings.Builder
	for i, l := range lines {
		switch {
		case l.Text == "" && i == 0:
			fmt.Fprintf(&b, "%s\n%s\n", l.Label, strings.Repeat("=", utf8.RuneCountInString(l.Label)))
		case l.Text == "":
			fmt.Fprintf(&b, "\n%s\n", l.Label)
		case l.Label == "":
			fmt.Fprintf(&b, "  - %s\n", l.Text)
		default:
			fmt.Fprintf(&b, "  %-*s%s\n", labelWidth, l.Label+":", l.Text)
		}
	}
	return b.String()
}

// words say what became of a token, and whether it lives on.
func (e TokenEnd) words() string {
	words := string(e.Outcome)
	switch e.Outcome {
	case TokenRevoked:
		words = "revoked at SuperOffice"
	case TokenUnknown:
		words = "SuperOffice did not know it any more"
	case TokenNotThere:
		words = "there was none"
	case TokenNotTried:
		words = "not tried; it lives on until it ends by itself"
	case TokenRefused:
		words = "SuperOffice refused to end it"
	case TokenNotReached:
		words = "SuperOffice could not be asked; it lives on until it ends by itself"
	}
	return words + because(e.Failure)
}

// words say what the proof has shown.
func (p Proof) words() string {
	words := string(p.Outcome)
	switch p.Outcome {
	case ProofWorks:
		words = "the token still works: SuperOffice exchanged it for a ticket, which was thrown away"
	case ProofRefused:
		words = "SuperOffice refused to exchange the token"
		if p.Code != "" {
			words += " with the code " + p.Code
		}
	case ProofNotRunning:
		words = "not asked, as the tenant does not run: whether the token still works is not known"
	case ProofNotReached:
		words = "SuperOffice could not be asked: whether the token still works is not known"
	case ProofUnclear:
		words = "it could not be proved whether the token still works"
	case ProofNotTried:
		words = "not tried: whether the token still works is not known"
	case ProofNotThere:
		words = "there was no system user token here"
	}
	return words + because(p.Failure)
}

// because is a sentence with the reason of a failure: the server's own words where there are any.
func because(e *tenant.Explanation) string {
	switch {
	case e == nil:
		return ""
	case e.Server != "":
		return ". The server says: “" + e.Server + "”"
	}
	return ". " + e.Why
}

func utc(t time.Time) string {
	if t.IsZero() {
		return tenant.OrDash("")
	}
	return tenant.Moment(t, time.UTC) + " UTC"
}
