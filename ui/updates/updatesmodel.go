package updates

import (
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// newer tells of a version that is newer than this one.
func newer(c workbench.UpdateCheck) kit.NoticeView {
	return kit.NoticeView{Title: textNewer.With(c.Newest), Lines: []string{textNewerWhat.With(c.Version)}}
}

// nothingNew tells a person who asked that there is nothing newer, or that nobody can say.
func nothingNew(c workbench.UpdateCheck) kit.NoticeView {
	if !c.Comparable {
		return kit.NoticeView{Title: textNewest.With(c.Newest), Lines: []string{textIncomparable.With(c.Version)}}
	}
	return kit.NoticeView{Tone: kit.ToneGood, Title: textNothingNew.With(c.Version), Lines: []string{textNewest.With(c.Newest)}}
}

// Line is what is known of the newest version at a time, for About.
func (u *Updates) Line(now time.Time) string {
	switch {
	case u.address == "":
		return textOff.String()
	case u.trouble != nil:
		return textNotKnown.With(words.Ago(u.asked, now), words.Of(tenant.Explain(u.trouble).Why))
	case u.last.Newest == "":
		return textNotYet.String()
	}
	return textKnown.With(u.last.Newest, words.Ago(u.asked, now))
}
