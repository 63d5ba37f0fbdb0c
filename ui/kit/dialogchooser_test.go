package kit_test

import (
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

// dialogOver shows a dialog over a window.
func dialogOver(t *testing.T, do func(func())) (*kit.Dialog, fyne.Canvas) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Light))
	run := kit.NewRunner(t.Context(), do)
	t.Cleanup(run.Close)
	w := test.NewTempWindow(t, widget.NewLabel("below"))
	w.Resize(fyne.NewSize(900, 600))
	var d *kit.Dialog
	choose := kit.NewButton("Choose", nil, "", nil)
	d = kit.NewDialog(run, kit.DialogOptions{Window: w, Title: "A form", Escape: func() { d.Hide() }}, kit.NewFoot(nil, choose))
	d.Show(choose)
	return d, w.Canvas()
}

func TestAFolderThatDoesNotAnswerDelaysNobody(t *testing.T) {
	q := kittest.NewQueue()
	d, c := dialogOver(t, q.Do)
	answer := make(chan struct{})
	t.Cleanup(func() { close(answer) })
	var asked atomic.Int32
	hangs := func() string {
		asked.Add(1)
		<-answer
		return "/"
	}
	d.ChooseFolder(hangs, nil)
	d.ChooseFolder(hangs, nil) // a second click while the first is looked for
	if len(c.Overlays().List()) != 1 {
		t.Fatal("the folder was looked for on the user interface's goroutine")
	}
	q.Await(t, "the file dialog", func() bool { return len(c.Overlays().List()) == 2 })
	c.OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if len(c.Overlays().List()) != 1 || !d.Open() {
		t.Error("Escape must close the file dialog, and only that")
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("the folder was asked for %d times", n)
	}
}

func TestNoFileDialogOpensAfterItsFormIsClosed(t *testing.T) {
	q, answered := kittest.NewQueue(), false
	d, c := dialogOver(t, func(f func()) { q.Do(func() { f(); answered = true }) })
	folder := t.TempDir()
	d.ChooseFile(func() string { return folder }, []string{".xml"}, nil)
	d.Hide()
	q.Await(t, "the answer", func() bool { return answered })
	if len(c.Overlays().List()) != 0 {
		t.Error("a file dialog opens for nobody")
	}
}
