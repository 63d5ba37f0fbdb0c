package ui

import (
	"fmt"
	"time"

	"partnerdesk/core/tenant"
)

// Backup is a backup of the data file that can take its place.
type Backup struct {
	// Name is that of its file.
	Name string
	// At is when it was made: what was changed since then is not in it.
	At time.Time
}

// passphraseNotice says what became of the attempt before: typed by the person, or given to the program at its
// start, which the person may know nothing of.
func passphraseNotice(attempt int, typed bool) noticeView {
	switch {
	case attempt <= 1:
		return noticeView{}
	case !typed:
		return noticeView{Tone: toneWarning, Title: textGivenPassphraseWrong}
	}
	return noticeView{Tone: toneWarning, Title: textPassphraseWrong, Lines: []string{textPassphraseMind}}
}

// startFailure says why the program cannot start. With a backup, what to do next is to take it: the file's own
// advice is for a person without this window.
func startFailure(e tenant.Explanation, offer *Backup, zone *time.Location) noticeView {
	if offer != nil {
		e.Next = ""
	}
	v := explain(e)
	if offer != nil {
		at := tenant.Moment(offer.At, zone)
		v.Lines = append(v.Lines, fmt.Sprintf("The newest backup, %s, is of %s. It can take the place of the data file; a damaged file is kept aside.", offer.Name, at),
			fmt.Sprintf("What was changed since %s is lost.", at))
	}
	return v
}
