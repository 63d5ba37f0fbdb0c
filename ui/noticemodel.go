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

// placeSentence is the footer: where the data lies, and what guards it, once that is known.
func placeSentence(dir string, p tenant.Protection) string {
	if p.Sentence == "" {
		return textData.With(dir)
	}
	return textDataGuarded.With(dir, words.Of(p.Sentence))
}
