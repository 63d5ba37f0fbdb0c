package ui

import (
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// warningNotice says what is wrong with the room that the journal takes; the zero view where nothing is.
func warningNotice(err error) kit.NoticeView {
	if err == nil {
		return kit.NoticeView{}
	}
	v := kit.Explain(tenant.Explain(err))
	v.Tone = kit.ToneWarning
	return v
}

// placeSentence is the footer: where the data lies, and what guards it, once that is known. It is short enough to be
// read in full in an ordinary window; what the kind of protection means in whole sentences is in its tool tip.
func placeSentence(dir string, p tenant.Protection) (sentence, tip string) {
	guarded := words.Phrase("")
	switch p.Kind {
	case tenant.ByKeyring:
		guarded = textByKeyring
	case tenant.ByPassphrase:
		guarded = textByPassphrase
	case tenant.ByKeyFile:
		guarded = textByKeyFile
	default:
		return textData.With(dir), ""
	}
	return textDataGuarded.With(dir, guarded), textData.With(dir) + "\n" + words.Of(p.Sentence)
}
