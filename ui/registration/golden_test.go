package registration

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// picture compares what is in the form with its golden image. The dialog around it is Fyne's.
func (b *bench) picture(name string, height, scale float32) {
	b.t.Helper()
	b.q.Drain()
	d := b.forms.form
	content, scroll := b.sheet()
	d.Hide()
	b.Canvas().(interface{ SetScale(float32) }).SetScale(scale)
	b.SetContent(kit.NewInsetOf(16, 8, 4, 8, content))
	b.Resize(fyne.NewSize(660, height))
	b.Canvas().Unfocus()
	scroll.ScrollToTop()
	kittest.AssertPicture(b.t, name, b.Canvas())
}

// filled opens a form that is filled for production.
func (b *bench) filled() *form {
	d := b.add()
	d.name.SetText("our app")
	d.environment.choose(tenant.Production)
	d.id.SetText(clientID)
	d.secret.SetText("0123456789abcdef0123456789abcdef")
	d.key.take(testFile(b.t, "encrypted-key.pem"))
	b.until("the question", d.key.unlock.Visible)
	d.key.passphrase.SetText(passphrase)
	d.key.open.Press()
	b.until("the key", func() bool { return !d.key.key.Empty() })
	b.Canvas().Unfocus()
	return d
}

func TestPicturesOfANewRegistration(t *testing.T) {
	b := open(t, kit.Light)
	b.add()
	b.picture("empty_light.png", 820, 1)

	b = open(t, kit.Dark)
	b.filled()
	b.picture("production_dark_2x.png", 860, 2)

	b = open(t, kit.Light)
	d := b.filled()
	b.tap(d.guide.fold)
	d.pattern.SetText("http://127.0.0.1:4000/callback")
	d.complete()
	b.picture("pattern_light.png", 720, 1)
}

func TestPicturesOfTheCheck(t *testing.T) {
	b := open(t, kit.Dark)
	d := b.filled()
	b.tap(d.guide.fold)
	b.desk.diagnose = func(ctx context.Context, r workbench.DiagnoseRequest) (workbench.Diagnosis, error) {
		for _, s := range gone(3) {
			r.Progress(s)
		}
		<-ctx.Done()
		return workbench.Diagnosis{}, ctx.Err()
	}
	b.tap(d.try)
	b.until("the third step", func() bool { return len(d.check.steps) == 3 })
	b.picture("checking_dark.png", 860, 1)

	b = open(t, kit.Light)
	d = b.filled()
	b.tap(d.guide.fold)
	b.answer(failedAt(workbench.DiagnoseClient, tenant.CauseClientRefused), nil)
	b.tap(d.try)
	b.until("the end", func() bool { return d.check.phase == checkEnded })
	b.picture("failed_light_2x.png", 940, 2)

	b = open(t, kit.Light)
	d = b.filled()
	b.tap(d.guide.fold)
	b.answer(workbench.Diagnosis{OK: true, Steps: gone(7)}, nil)
	b.tap(d.try)
	b.until("the end", func() bool { return d.check.phase == checkEnded })
	b.picture("passed_light.png", 860, 1)
}

func TestPicturesOfAnEditedRegistration(t *testing.T) {
	for name, appearance := range map[string]kit.Appearance{"edit_light.png": kit.Light, "edit_dark.png": kit.Dark} {
		b := open(t, appearance)
		b.edit(stage(t))
		b.Canvas().Unfocus()
		b.picture(name, 720, 1)
	}
}
