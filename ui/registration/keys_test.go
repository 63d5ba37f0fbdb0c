package registration

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
)

func TestEscapeClosesTheFormFromEveryField(t *testing.T) {
	b := open(t, kit.Light)
	for name, focus := range map[string]func(*form) fyne.Focusable{
		"cards":    func(d *form) fyne.Focusable { return d.environment },
		"entry":    func(d *form) fyne.Focusable { return d.id },
		"password": func(d *form) fyne.Focusable { return d.secret },
		"select":   func(d *form) fyne.Focusable { return d.exchange },
		"button":   func(d *form) fyne.Focusable { return d.store },
	} {
		d := b.add()
		b.Canvas().Focus(focus(d))
		b.key(fyne.KeyEscape)
		if d.Open() || b.Canvas().OnTypedKey() != nil {
			t.Errorf("%s: the form is shown: %v", name, d.Open())
		}
	}
	d := b.add()
	d.choose([]string{".pem"}, nil)
	b.until("the file dialog", func() bool { return b.overlays() == 2 })
	b.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if b.overlays() != 1 || !d.Open() {
		t.Error("Escape must close the file chooser first, and only that")
	}
}

func TestEscapeAsksBeforeSomethingIsLost(t *testing.T) {
	b := open(t, kit.Light)
	d := b.add()
	b.Canvas().Focus(d.name)
	test.Type(d.name, "Stage")
	b.key(fyne.KeyEscape)
	if !d.Open() || d.Told.Shown.Title != textLoseQuestion.String() || b.Canvas().Focused() != fyne.Focusable(d.stay) {
		t.Fatalf("shown is %v, and it says %q", d.Open(), d.Told.Shown.Title)
	}
	b.key(fyne.KeyEscape) // goes on editing
	if !d.Open() || d.Told.Visible() || d.name.Text != "Stage" {
		t.Error("the question stays")
	}
	b.key(fyne.KeyEscape)
	b.tap(d.lose)
	if d.Open() {
		t.Error("the form stays")
	}
	// What was typed and taken back is nothing to lose.
	d = b.add()
	d.name.SetText("x")
	d.name.SetText("")
	d.close()
	if d.Open() {
		t.Error("it asks without need")
	}
}

func TestTheEnvironmentIsChosenWithTheArrowKeys(t *testing.T) {
	b := open(t, kit.Light)
	d := b.add()
	if b.Canvas().Focused() != fyne.Focusable(d.environment) {
		t.Fatal("the form begins elsewhere")
	}
	for _, row := range []struct {
		key  fyne.KeyName
		want tenant.Environment
	}{
		{fyne.KeyLeft, tenant.Development}, {fyne.KeyRight, tenant.Stage}, {fyne.KeyDown, tenant.Production}, {fyne.KeyRight, tenant.Custom},
		{fyne.KeyRight, tenant.Custom}, {fyne.KeyUp, tenant.Production}, {fyne.KeyReturn, tenant.Production},
	} {
		b.key(row.key)
		if d.environment.chosen != row.want || d.address.Visible() != (row.want == tenant.Custom) {
			t.Errorf("after %s it is %s", row.key, d.environment.chosen)
		}
	}
	b.tap(d.environment.cards[0])
	if d.environment.chosen != tenant.Development || b.Canvas().Focused() != fyne.Focusable(d.environment) {
		t.Errorf("after a click it is %s", d.environment.chosen)
	}
}

func TestTabGoesThroughTheFormInItsOrder(t *testing.T) {
	b := open(t, kit.Light)
	d := b.add()
	b.tap(d.guide.fold)
	b.Canvas().Focus(d.environment)
	for i, want := range []fyne.Focusable{d.guide.fold, d.guide.open, d.name, d.id, d.secret, d.key.file.buttons[0], d.key.file.buttons[1],
		d.redirect, d.pattern, d.exchange, d.certificate.buttons[0], d.cancel, d.try, d.store} {
		b.Canvas().(interface{ FocusNext() }).FocusNext()
		if b.Canvas().Focused() != want {
			t.Fatalf("stop %d is %T", i, b.Canvas().Focused())
		}
	}
}

func TestTheFormFitsAndTheFocusStaysInView(t *testing.T) {
	b := open(t, kit.Light)
	b.Resize(fyne.NewSize(900, 600))
	d := b.add()
	d.key.take(testFile(t, "encrypted-key.pem"))
	b.until("the question", d.key.unlock.Visible)
	d.certificate.take(testFile(t, "certificate.crt"))
	d.Tell(kit.NoticeView{Tone: kit.ToneBad, Title: "No.", Lines: []string{"Why.", "What to do."}})
	place := fyne.CurrentApp().Driver().AbsolutePositionForObject
	content, scroll := b.sheet()
	if bottom := place(d.store).Y + d.store.Size().Height; bottom > 600 || place(content).Y < 0 {
		t.Errorf("the form goes from %v to %v", place(content).Y, bottom)
	}
	top, end := place(scroll).Y, place(scroll).Y+scroll.Size().Height
	for _, o := range []fyne.Focusable{d.name, d.pattern, d.exchange, d.certificate.remove, d.key.open, d.environment} {
		b.Canvas().Focus(o)
		object := o.(fyne.CanvasObject)
		if y := place(object).Y; y < top-1 || y+object.Size().Height > end+1 {
			t.Errorf("the focus is at %v to %v, the view from %v to %v", y, y+object.Size().Height, top, end)
		}
	}
}
