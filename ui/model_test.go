package ui

import (
	"testing"
	"time"

	"golang.org/x/text/language"

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

func TestTheSceneIsSortedByName(t *testing.T) {
	s := newScene(kittest.StoreOf(kittest.Nordlys(), kittest.Blomster()), language.English, kittest.Noon)
	if s.overview.Tenants[0].CompanyName != "Blomster & Sønn" {
		t.Errorf("%+v", s.overview.Tenants)
	}
	if v, there := s.tenant(kittest.Nordlys().Key); !there || v.CompanyName != kittest.Nordlys().CompanyName {
		t.Errorf("found %+v, %t", v, there)
	}
}
