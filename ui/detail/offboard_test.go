package detail

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// receiptOf is what a removal comes to when all goes well.
func receiptOf(k tenant.Key) workbench.Receipt {
	return workbench.Receipt{Key: k, CompanyName: "Nordlys", Environment: tenant.Sandbox, BeganAt: kittest.Noon, UserName: "ada@nordlys.example",
		RefreshToken: workbench.TokenEnd{Outcome: workbench.TokenRevoked}, AccessToken: workbench.TokenEnd{Outcome: workbench.TokenRevoked},
		LoginAskedAt: kittest.Noon, SystemUser: workbench.Proof{Outcome: workbench.ProofWorks, At: kittest.Noon}, Wiped: true, WipedAt: kittest.Noon,
		LeftToDo: []string{"Withdraw the approval."}}
}

// unreachable is a SuperOffice that ends nothing, so that the tenant is kept unless it is to go anyway.
func unreachable(_ context.Context, r workbench.OffboardRequest) (workbench.Receipt, error) {
	why := tenant.CauseUnreachable.Explain("SuperID could not be reached.", "", "")
	receipt := receiptOf(r.Key)
	receipt.RefreshToken = workbench.TokenEnd{Outcome: workbench.TokenNotReached, Failure: &why}
	receipt.AccessToken = workbench.TokenEnd{Outcome: workbench.TokenNotTried}
	receipt.SystemUser = workbench.Proof{Outcome: workbench.ProofNotTried}
	if r.Offline {
		return receipt, nil
	}
	receipt.Wiped = false
	return receipt, &tenant.Problem{Op: "remove", Explanation: tenant.CauseUnreachable.Explain("The tenant was kept.", "", "")}
}

// escape is a key that nobody but a dialog takes.
var escape = &fyne.KeyEvent{Name: fyne.KeyEscape}

func TestRemoveAsksHandsOverTheReceiptAndSelectsAnother(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	requests := make(chan workbench.OffboardRequest, 1)
	b.desk.offboard = func(_ context.Context, r workbench.OffboardRequest) (workbench.Receipt, error) {
		requests <- r
		return receiptOf(r.Key), nil
	}
	b.choose(4)
	if !b.answer.Visible() || b.canvas().Focused() != fyne.Focusable(b.offboard.keep) {
		t.Fatal("it does not ask with the harmless answer in focus")
	}
	if said := strings.Join(b.answer.Shown.Lines, " "); !strings.Contains(said, textRemoveProves.String()) || !strings.Contains(said, "only the customer's administrator can withdraw") {
		t.Errorf("it asks %q", said)
	}
	b.tap(b.offboard.keep)
	if b.answer.Visible() || len(requests) != 0 {
		t.Fatal("no means no")
	}
	b.choose(4)
	b.tap(b.offboard.yes)
	b.until("the receipt", func() bool { return b.receipt != nil })
	if b.changed != 1 {
		t.Error("the store is not read anew")
	}
	if r := <-requests; r != (workbench.OffboardRequest{Key: kittest.Nordlys().Key}) {
		t.Errorf("asked for %+v", r)
	}
	if b.canvas().Focused() != fyne.Focusable(b.receipt.close) {
		t.Error("the focus is not on Close")
	}
	b.tap(b.receipt.copy)
	if got := b.app.Clipboard().Content(); got != receiptOf(kittest.Nordlys().Key).Text() {
		t.Errorf("clipboard %q", got)
	}
	if b.canvas().Overlays().Top() == nil {
		t.Error("copying closes the receipt")
	}
	b.canvas().Focus(b.receipt.close)
	b.canvas().Focused().TypedKey(escape)
	b.q.Drain()
	if b.canvas().Overlays().Top() != nil {
		t.Error("Escape does not close the receipt")
	}
	if b.answer.Visible() || !b.elsewhere.Empty() {
		t.Error("something is left of the removal")
	}
}

func TestATenantThatCouldNotBeEndedIsKeptOrRemovedAnyway(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	b.desk.offboard = unreachable
	b.choose(4)
	b.tap(b.offboard.yes)
	b.until("the failure", func() bool { return b.answer.Shown.Title == "The tenant was kept." })
	if !b.answer.Holds(b.offboard.anyway) || b.receipt != nil {
		t.Fatal("removing it anyway is not offered")
	}
	b.tap(b.offboard.anyway)
	b.until("the receipt", func() bool { return b.receipt != nil })
	if got := b.receipt.receipt; !got.Wiped || got.RefreshToken.Outcome != workbench.TokenNotReached {
		t.Errorf("the receipt:\n%s", got.Text())
	}
	b.tap(b.receipt.close)
	if b.canvas().Overlays().Top() != nil {
		t.Error("Close does not close")
	}
}

func TestARemovalCanBeCancelledAndSaysSoElsewhere(t *testing.T) {
	b := open(t, kit.Light, kittest.Nordlys())
	release, ending := make(chan struct{}), workbench.TokenNotReached
	b.desk.offboard = func(ctx context.Context, r workbench.OffboardRequest) (workbench.Receipt, error) {
		select {
		case <-ctx.Done():
			receipt := receiptOf(r.Key)
			receipt.Wiped, receipt.RefreshToken.Outcome, receipt.AccessToken.Outcome = false, ending, workbench.TokenNotTried
			return receipt, ctx.Err()
		case <-release:
			return unreachable(ctx, r)
		}
	}
	b.choose(4)
	b.tap(b.offboard.yes)
	if b.answer.Shown.Title != textRemoving.String() || removeReason(false, b.offboard.busy()) == "" || signOutReason(b.shown, false, b.offboard.busy()) == "" {
		t.Errorf("under way it says %q", b.answer.Shown.Title)
	}
	under := b.answer.Shown
	b.choose(4)
	if !b.answer.Shown.Equal(under) {
		t.Error("a second removal is asked for")
	}
	b.tap(b.offboard.cancel)
	b.until("the end", func() bool { return !b.offboard.busy() })
	if b.answer.Visible() || b.receipt != nil {
		t.Errorf("a cancelled removal shows %q", b.answer.Shown.Title)
	}
	ending = workbench.TokenRevoked
	b.choose(4)
	b.tap(b.offboard.yes)
	b.tap(b.offboard.cancel)
	b.until("what was ended", func() bool {
		return len(b.answer.Shown.Lines) > 0 && b.answer.Shown.Lines[0] == textEndedByThen.String()
	})
	if b.answer.Holds(b.offboard.anyway) {
		t.Error("who has cancelled is offered to remove it anyway")
	}
	b.choose(4)
	b.tap(b.offboard.yes)
	b.show(kittest.Blomster())
	close(release)
	b.until("the failure", func() bool { return b.elsewhere.Title == "The tenant was kept." })
	if b.answer.Visible() {
		t.Error("it is shown for another tenant")
	}
}

func TestWhatIsSaidOfARemovalThatStopped(t *testing.T) {
	r := receiptOf(kittest.Nordlys().Key)
	r.Wiped = false
	v := keptNotice(r, errors.New("busy"))
	if v.Lines[0] != textEndedByThen.String() || mayRemoveAnyway(r) {
		t.Errorf("tokens that were ended are kept quiet: %q", v.Lines)
	}
	r.SystemUser.Outcome = workbench.ProofNotReached
	if !mayRemoveAnyway(r) {
		t.Error("a proof that nobody answered cannot be passed over")
	}
	production := kittest.Nordlys()
	production.Environment, production.TokenFingerprint = tenant.Production, "none"
	q := removeQuestion(production)
	if q.Tone != kit.ToneProduction || strings.Contains(q.Lines[0], textRemoveProves.String()) {
		t.Errorf("a production tenant without a system user is asked about with %q", q.Lines)
	}
}
