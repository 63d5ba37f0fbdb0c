package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestTextFitsItsRoom(t *testing.T) {
	test.NewTempApp(t)
	size, style := float32(13), fyne.TextStyle{}
	width := fyne.MeasureText("twelve letters", size, style).Width
	if got := Elide("twelve letters and more", width, size, style); fyne.MeasureText(got, size, style).Width > width+1 || got == "…" {
		t.Errorf("cut to %q", got)
	}
	for _, text := range []string{"", "one two three four five six seven", "averyveryveryveryveryverylongwordwithoutanyspace", "a\nb"} {
		for _, l := range wrap(text, width, size, style) {
			if fyne.MeasureText(l, size, style).Width > width+1 {
				t.Errorf("line %q of %q is too wide", l, text)
			}
		}
	}
	if got := wrap("ab", 0, size, style); len(got) == 0 {
		t.Error("no room at all must still end")
	}
}
