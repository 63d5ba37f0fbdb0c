package ui

import (
	"errors"
	"testing"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestSlowWorkDoesNotPushAnotherNoticeAside(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	release := make(chan struct{})
	b.desk.setActive = func(tenant.Key, bool) error { <-release; return nil }
	b.panel.Active.SetChecked(false)
	b.until("the offer to give up", func() bool { return b.general.Shown.Title == kit.TextStillWorking.String() })
	b.fail(errors.New("the log could not be written"))
	told, before := b.general.Shown, b.scene
	close(release)
	b.until("the end of the work", func() bool { return b.scene != before }) // it has the store read anew
	if !b.general.Shown.Equal(told) {
		t.Errorf("the failure was wiped, it says %q", b.general.Shown.Title)
	}
}
