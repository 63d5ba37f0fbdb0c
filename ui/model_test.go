package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
	"partnerdesk/ui/words"
)

func TestTimesInWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{words.Until(kittest.Noon.Add(-time.Second), kittest.Noon), "at once"},
		{words.Until(kittest.Noon.Add(12*time.Second), kittest.Noon), "in 15 s"},
		{words.Until(kittest.Noon.Add(14*time.Minute), kittest.Noon), "in 14 min"},
		{kit.Countdown(kittest.Noon.Add(161*time.Second), kittest.Noon), "2:41"},
		{kit.Countdown(kittest.Noon.Add(-time.Second), kittest.Noon), "0:00"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestTextFitsItsRoom(t *testing.T) {
	test.NewTempApp(t)
	size, style := float32(13), fyne.TextStyle{}
	width := fyne.MeasureText("twelve letters", size, style).Width
	if got := kit.Elide("twelve letters and more", width, size, style); fyne.MeasureText(got, size, style).Width > width+1 || got == "…" {
		t.Errorf("cut to %q", got)
	}
	for _, text := range []string{"", "one two three four five six seven", "averyveryveryveryveryverylongwordwithoutanyspace", "a\nb"} {
		for _, l := range kit.Wrap(text, width, size, style) {
			if fyne.MeasureText(l, size, style).Width > width+1 {
				t.Errorf("line %q of %q is too wide", l, text)
			}
		}
	}
	if got := kit.Wrap("ab", 0, size, style); len(got) == 0 {
		t.Error("no room at all must still end")
	}
}

func TestTheSceneIsSortedByName(t *testing.T) {
	s := newScene(kittest.StoreOf(kittest.Nordlys(), kittest.Blomster()), kittest.Noon)
	if s.overview.Tenants[0].CompanyName != "Blomster & Sønn" {
		t.Errorf("%+v", s.overview.Tenants)
	}
	if v, there := s.tenant(kittest.Nordlys().Key); !there || v.CompanyName != kittest.Nordlys().CompanyName {
		t.Errorf("found %+v, %t", v, there)
	}
}
