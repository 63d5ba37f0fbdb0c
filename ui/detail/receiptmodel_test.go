package detail

import (
	"slices"
	"testing"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit/kittest"
)

// In English the window's receipt is the console's, word for word, whatever became of the tokens.
func TestTheReceiptsOfWindowAndConsoleSayTheSame(t *testing.T) {
	refused := tenant.CauseRequestRefused.Explain("Refused.", "It did not accept it.", "")
	said := refused
	said.Server = "unsupported_token_type"
	var receipts []workbench.Receipt
	for _, o := range []workbench.TokenOutcome{workbench.TokenRevoked, workbench.TokenUnknown, workbench.TokenRefused,
		workbench.TokenNotReached, workbench.TokenNotTried, workbench.TokenNotThere} {
		r := receiptOf(kittest.Nordlys().Key)
		r.RefreshToken.Outcome = o
		r.AccessToken = workbench.TokenEnd{Outcome: o, Failure: &said}
		receipts = append(receipts, r)
	}
	for _, o := range []workbench.ProofOutcome{workbench.ProofWorks, workbench.ProofRefused, workbench.ProofNotRunning,
		workbench.ProofNotReached, workbench.ProofUnclear, workbench.ProofNotTried, workbench.ProofNotThere} {
		for _, code := range []string{"", "1 (Revoked)"} {
			r := receiptOf(kittest.Nordlys().Key)
			r.SystemUser = workbench.Proof{Outcome: o, Code: code, Failure: &refused}
			receipts = append(receipts, r)
		}
	}
	kept := receiptOf(kittest.Nordlys().Key)
	kept.Wiped, kept.WipedAt, kept.UserName, kept.CompanyName = false, time.Time{}, "", "Fell\nand fjord"
	for _, r := range append(receipts, kept) {
		if got, want := receiptLines(r), r.Lines(); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
