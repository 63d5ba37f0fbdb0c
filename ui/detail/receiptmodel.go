package detail

import (
	"cmp"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/words"
)

// receiptLines are a receipt in the person's language, in the order of [workbench.Receipt.Lines]. Times are in UTC, as
// the reader may be anywhere.
func receiptLines(r workbench.Receipt) []workbench.ReceiptLine {
	var lines []workbench.ReceiptLine
	heading := func(text string) {
		lines = append(lines, workbench.ReceiptLine{Label: tenant.Plain(text)})
	}
	line := func(label words.Phrase, text string) {
		lines = append(lines, workbench.ReceiptLine{Label: label.String(), Text: tenant.Plain(text)})
	}
	title, login := receiptKept, receiptLogin.String()
	if r.Wiped {
		title = receiptGone
	}
	if r.UserName != "" {
		login = receiptLoginOf.With(r.UserName)
	}
	heading(title.String())
	line(receiptCustomer, receiptCustomerIs.With(cmp.Or(r.CompanyName, r.ContextID), r.ContextID))
	line(factEnvironment, receiptEnvironment.With(words.Of(r.Environment.Label()), r.Base))
	line(receiptApp, receiptAppIs.With(r.ClientID, r.Registration))
	line(receiptBegan, utc(r.BeganAt))
	heading(login)
	line(receiptRefresh, tokenReceipt(r.RefreshToken))
	line(receiptAccess, tokenReceipt(r.AccessToken))
	line(receiptAsked, utc(r.LoginAskedAt))
	heading(receiptSystemUser.String())
	line(receiptProof, proofReceipt(r.SystemUser))
	line(receiptAsked, utc(r.SystemUser.At))
	if r.SystemUser.Outcome != workbench.ProofNotThere {
		line(receiptTickets, receiptTicketsEnd.String())
	}
	heading(receiptHere.String())
	if r.Wiped {
		line(receiptDeleted, receiptDeletedAll.String())
		line(receiptDeletedAt, utc(r.WipedAt))
	} else {
		line(receiptDeleted, receiptDeletedNone.String())
	}
	heading(receiptLeftToDo.String())
	for _, s := range r.LeftToDo {
		lines = append(lines, workbench.ReceiptLine{Text: tenant.Plain(words.Of(s))})
	}
	return lines
}

// tokenReceipt says what became of a token, and whether it lives on.
func tokenReceipt(e workbench.TokenEnd) string {
	outcome := tokenOutcome(e.Outcome)
	switch e.Outcome {
	case workbench.TokenNotTried:
		outcome = receiptNotTried.String()
	case workbench.TokenNotReached:
		outcome = receiptNotReached.String()
	}
	return because(outcome, e.Failure)
}

// proofReceipt says what the one exchange has shown.
func proofReceipt(p workbench.Proof) string {
	return because(proofOutcome(p), p.Failure)
}

func proofOutcome(p workbench.Proof) string {
	switch p.Outcome {
	case workbench.ProofWorks:
		return receiptProofWorks.String()
	case workbench.ProofRefused:
		if p.Code != "" {
			return receiptProofRefusedCode.With(p.Code)
		}
		return receiptProofRefused.String()
	case workbench.ProofNotRunning:
		return receiptProofNotRunning.String()
	case workbench.ProofNotReached:
		return receiptProofNotReached.String()
	case workbench.ProofUnclear:
		return receiptProofUnclear.String()
	case workbench.ProofNotTried:
		return receiptProofNotTried.String()
	case workbench.ProofNotThere:
		return receiptProofNotThere.String()
	}
	return string(p.Outcome)
}

// because adds the reason of a failure: the server's own words where there are any.
func because(outcome string, e *tenant.Explanation) string {
	switch {
	case e == nil:
		return outcome
	case e.Server != "":
		return receiptServerSays.With(outcome, e.Server)
	}
	return receiptWhy.With(outcome, words.Of(e.Why))
}

func utc(t time.Time) string {
	if t.IsZero() {
		return tenant.OrDash("")
	}
	return receiptUTC.With(words.Moment(t, time.UTC))
}
