package ui

import (
	"fmt"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// mostDamage is how many damaged things a notice names: it must leave room for the work.
const mostDamage = 3

// damageNotice names what cannot be trusted, and what to do; the zero view where all is well.
func damageNotice(damaged []workbench.DamageView) kit.NoticeView {
	switch len(damaged) {
	case 0:
		return kit.NoticeView{}
	case 1:
		return kit.Explain(damaged[0].Trouble)
	}
	v := kit.NoticeView{Tone: kit.ToneBad, Title: fmt.Sprintf("Some of the data file cannot be trusted, at %s.", tenant.Plural(len(damaged), "place")),
		Lines: []string{damaged[0].Trouble.Why}}
	for _, d := range damaged[:min(len(damaged), mostDamage)] {
		v.Lines = append(v.Lines, "• "+words.Of(d.Trouble.What)+" "+kit.WhatToDo(d.Trouble.Next))
	}
	if more := len(damaged) - mostDamage; more > 0 {
		v.Lines = append(v.Lines, "• And "+tenant.Thousands(more)+" more, which “console tenants list” names.")
	}
	return v
}

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
	place := "Data: " + dir
	if p.Sentence != "" {
		place += "   ·   " + p.Sentence
	}
	return place
}
