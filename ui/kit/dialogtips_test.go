package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

func TestAButtonInADialogSaysWhyItCannotBePressed(t *testing.T) {
	test.NewTempApp(t)
	w := test.NewTempWindow(t, widget.NewLabel("below"))
	w.Resize(fyne.NewSize(900, 500))
	save := NewButton("Save", nil, "Saves it", func() {})
	d := NewDialog(NewRunner(t.Context(), func(f func()) { f() }), DialogOptions{Window: w, Title: "A form", Escape: func() {}}, NewFoot(nil, save), NewParagraph("A row", Look{}))
	d.Show(save)
	save.Allow("Nothing has changed yet, so that there is nothing to save")

	save.MouseIn(&desktop.MouseEvent{})
	tip := save.tips.root
	driver := fyne.CurrentApp().Driver()
	at, button := driver.AbsolutePositionForObject(tip), driver.AbsolutePositionForObject(save)
	switch {
	case !tip.Visible() || save.tips.text.Text != save.ToolTip():
		t.Fatalf("the tip is %q, shown: %t", save.tips.text.Text, tip.Visible())
	case at.Y < button.Y+save.Size().Height || at.Y+tip.Size().Height > 500 || at.X < 0 || at.X+tip.Size().Width > 900:
		t.Errorf("the tip is at %v with %v, the button at %v", at, tip.Size(), button)
	}
	save.MouseOut()
	if tip.Visible() {
		t.Error("the tip stays when the pointer has gone")
	}
}

func TestABarTakesFromWhatIsPliant(t *testing.T) {
	test.NewTempApp(t)
	field, word := NewPliant(60, 200, NewEntry("")), NewFixed(100, 0, NewEntry(""))
	bar := NewBar(10, word, field, word)
	bar.Resize(fyne.NewSize(230, 40))
	if got := field.Size().Width; got != 120 {
		t.Errorf("a narrow bar leaves %v", got)
	}
	bar.Resize(fyne.NewSize(400, 40))
	if field.Size().Width != 200 || word.Size().Width != 190 {
		t.Errorf("a wide bar gives %v, and %v to what grows", field.Size().Width, word.Size().Width)
	}
	if least := bar.MinSize().Width; least != 170 {
		t.Errorf("the bar asks for %v", least)
	}
}

func TestACutLineHasItsTextInTheToolTip(t *testing.T) {
	test.NewTempApp(t)
	line := NewLine("administrator@a-long-name.example", Look{})
	test.NewTempWindow(t, container.NewWithoutLayout(line))
	line.Resize(fyne.NewSize(90, 20))
	line.MouseIn(&desktop.MouseEvent{})
	line.MouseOut()
	if line.ToolTip() != line.Text {
		t.Errorf("the tool tip is %q", line.ToolTip())
	}
	line.Resize(fyne.NewSize(400, 20))
	line.MouseIn(&desktop.MouseEvent{})
	line.MouseOut()
	if line.ToolTip() != "" {
		t.Errorf("the tool tip of a whole line is %q", line.ToolTip())
	}
}
