package logview

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

func (d *desk) mouseEvent(pos fyne.Position, m fyne.KeyModifier) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: pos}, Button: desktop.MouseButtonPrimary, Modifier: m}
}

func (d *desk) press(pos fyne.Position) { d.MouseDown(d.mouseEvent(pos, 0)) }

func (d *desk) drag(pos fyne.Position) {
	d.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: pos}})
}

func (d *desk) choose(from, to fyne.Position) {
	d.press(from)
	d.drag(to)
	d.MouseUp(d.mouseEvent(to, 0))
	d.DragEnd()
}

func textDesk(t *testing.T) *desk {
	s := NewStore(0, "desktop")
	s.Append([]Line{
		{Message: "zero"}, {Level: Warn, Message: "Zażółć gęślą jaźń"}, {Message: ""},
		{Level: Error, Message: "株式会社 tenant"}, {Message: "e\u0301te\u0301\tend"},
	})
	return newDesk(t, s)
}

func TestSelectedText(t *testing.T) {
	d := textDesk(t)
	for _, c := range []struct {
		from, to fyne.Position
		want     string
	}{
		{d.at(0, 1), d.at(0, 3), "er"},
		{d.at(0, 3), d.at(0, 1), "er"},
		{d.at(0, 2), d.at(1, 6), "ro\nWARN Zażółć"},
		{d.at(1, 7), d.at(3, 4), "gęślą jaźń\nDEBUG \nERROR 株式"},
		{d.at(3, 8), d.at(3, 99), " tenant"},
		{d.at(4, 0), d.at(4, 2), "e\u0301t"},
		{d.at(4, 1), d.at(4, 4), "te\u0301\t"},
		{d.at(4, 4), d.at(9, 0), "end"},
		{d.at(0, 0).AddXY(-1000, 0), d.at(0, 4), "DEBUG zero"},
		{d.at(1, 1), d.at(1, 1), ""},
	} {
		d.choose(c.from, c.to)
		equal(t, "selected", d.SelectedText(), c.want)
	}
	equal(t, "following", d.Following(), false)
}

func TestSelectionDoesNotSlip(t *testing.T) {
	d := newDesk(t, filled(1600, 1600))
	row, cell := 4, 5
	want := numbered(1600-d.fullRows()+row, 1600-d.fullRows()+row+1)[0].Message
	d.press(d.at(row, cell))
	d.arrive(numbered(1600, 1900)...)
	d.drag(d.at(row, 12))
	d.arrive(numbered(1900, 2200)...)
	d.MouseUp(d.mouseEvent(d.at(row, 12), 0))
	equal(t, "selected", d.SelectedText(), want[5:12])

	d.MouseDown(d.mouseEvent(d.at(row+1, 4), fyne.KeyModifierShift))
	equal(t, "extended", d.SelectedText(), want[5:]+"\nERROR Cust0 line")
	d.arrive(numbered(2200, 9000)...)
	equal(t, "selected after it was dropped", d.SelectedText(), "")
	d.key(fyne.KeyEscape)
	equal(t, "empty after Escape", d.sel.empty(), true)
}

func TestSelectionSurvivesAFilter(t *testing.T) {
	d := textDesk(t)
	d.TypedShortcut(&fyne.ShortcutSelectAll{})
	d.swapTo(t, matching(t, Filter{MinLevel: Warn}))
	equal(t, "selected among the lines shown", d.SelectedText(), "WARN Zażółć gęślą jaźń\nERROR 株式会社 tenant")
}

func TestCopy(t *testing.T) {
	d := textDesk(t)
	clipboard := fyne.CurrentApp().Clipboard()
	clipboard.SetContent("before")
	d.TypedShortcut(&fyne.ShortcutCopy{})
	equal(t, "clipboard with nothing selected", clipboard.Content(), "before")
	test.DoubleTap(d.View) // near the corner: the first line
	d.TypedShortcut(&fyne.ShortcutCopy{})
	equal(t, "clipboard after a double click", clipboard.Content(), "DEBUG zero")
	d.TypedShortcut(&fyne.ShortcutSelectAll{})
	d.TypedShortcut(&fyne.ShortcutCopy{})
	equal(t, "clipboard after select all", clipboard.Content()+"\n", d.text())
}

func TestClickOnALine(t *testing.T) {
	d := textDesk(t)
	d.press(d.at(3, 2))
	equal(t, "focused", d.window.Canvas().Focused(), fyne.Focusable(d.View))
	d.MouseUp(d.mouseEvent(d.at(3, 2), 0))
	equal(t, "selected by a click", d.SelectedText(), "")
	d.choose(d.at(1, 2), d.at(1, 4))
	chosen := d.sel
	right := d.mouseEvent(d.at(3, 1), 0)
	right.Button = desktop.MouseButtonSecondary
	d.MouseDown(right)
	d.MouseUp(right)
	equal(t, "selection after a click of the other button", d.sel, chosen)
}

func TestEmptyViewTakesEverything(t *testing.T) {
	d := newDesk(t, NewStore(0, "desktop"))
	d.choose(d.at(0, 0), d.at(5, 5))
	d.press(d.at(1, 1))
	d.MouseUp(d.mouseEvent(d.at(1, 1), 0))
	test.DoubleTap(d.View)
	d.SelectAll()
	d.wheel(30, 30)
	for _, name := range []fyne.KeyName{fyne.KeyHome, fyne.KeyEnd, fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyRight} {
		d.key(name)
	}
	equal(t, "selected", d.SelectedText(), "")
	equal(t, "all", d.text(), "")
	d.window.Canvas().Capture()
}

func TestExportIsOfOneMoment(t *testing.T) {
	d := newDesk(t, filled(16_000, 10_000))
	d.swapTo(t, matching(t, plain("line 00099")))
	e := d.Export()
	d.arrive(numbered(9900, 10_000)...)
	var out bytes.Buffer
	n, err := e.WriteTo(&out)
	equal(t, "bytes", int(n), out.Len())
	equal(t, "error", err, nil)
	equal(t, "lines", strings.Count(out.String(), "\n"), 100)
	equal(t, "now", strings.Count(d.text(), "\n"), 200)
	d.arrive(numbered(0, 20_000)...)
	out.Reset()
	if _, err := e.WriteTo(&out); err != nil || out.Len() > 0 {
		t.Errorf("dropped lines are written: %d bytes, %v", out.Len(), err)
	}
	filter(t, d.View, Filter{})
	full := errors.New("disk full")
	if _, err := d.Export().WriteTo(writerFunc(func([]byte) (int, error) { return 0, full })); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
