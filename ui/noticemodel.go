package ui

import (
	"fmt"
	"slices"
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// tone says how a text is meant; the theme has a colour for each.
type tone int

const (
	tonePlain tone = iota
	toneMuted
	toneGood
	toneWarning
	toneBad
	toneAccent
	toneProduction
)

// noticeView is what a notice says. The zero value is no notice.
type noticeView struct {
	Tone  tone
	Title string
	Lines []string
}

func (v noticeView) empty() bool { return v.Title == "" }

func (v noticeView) equal(other noticeView) bool {
	return v.Tone == other.Tone && v.Title == other.Title && slices.Equal(v.Lines, other.Lines)
}

// explain puts an explanation into a notice: what failed as the title, then why, the server's own words
// and what to do next, each on a line of its own.
func explain(e tenant.Explanation) noticeView {
	v := noticeView{Tone: toneBad, Title: e.What}
	if e.Temporary {
		v.Tone = toneWarning
	}
	if v.Title == "" {
		v.Title = textFailedPlainly
	}
	v.Lines = explanationLines(e)
	return v
}

func explanationLines(e tenant.Explanation) []string {
	var lines []string
	if e.Why != "" {
		lines = append(lines, e.Why)
	}
	if e.Server != "" {
		lines = append(lines, textServerSays+"“"+e.Server+"”")
	}
	if e.Next != "" {
		lines = append(lines, textNext+e.Next)
	}
	return lines
}

// troubleNotice is the notice for why the poller could not visit a tenant, with the time of its next try.
func troubleNotice(trouble *tenant.Explanation, retryAt, now time.Time) noticeView {
	if trouble == nil {
		return noticeView{}
	}
	v := explain(*trouble)
	if retryAt.After(now) {
		v.Lines = append(v.Lines, "The poller tries again "+inTime(retryAt, now)+".")
	}
	return v
}

// mostDamage is how many damaged things a notice names: it must leave room for the work.
const mostDamage = 3

// damageNotice names what cannot be trusted, and what to do; the zero view where all is well.
func damageNotice(damaged []workbench.DamageView) noticeView {
	switch len(damaged) {
	case 0:
		return noticeView{}
	case 1:
		return explain(damaged[0].Trouble)
	}
	v := noticeView{Tone: toneBad, Title: fmt.Sprintf("Some of the data file cannot be trusted, at %s.", tenant.Plural(len(damaged), "place")),
		Lines: []string{damaged[0].Trouble.Why}}
	for _, d := range damaged[:min(len(damaged), mostDamage)] {
		v.Lines = append(v.Lines, "• "+d.Trouble.What+" "+textNext+d.Trouble.Next)
	}
	if more := len(damaged) - mostDamage; more > 0 {
		v.Lines = append(v.Lines, "• And "+tenant.Thousands(more)+" more, which “console tenants list” names.")
	}
	return v
}

// warningNotice says what is wrong with the room that the journal takes; the zero view where nothing is.
func warningNotice(err error) noticeView {
	if err == nil {
		return noticeView{}
	}
	v := explain(tenant.Explain(err))
	v.Tone = toneWarning
	return v
}
