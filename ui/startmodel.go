package ui

import (
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
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
func passphraseNotice(attempt int, typed bool) kit.NoticeView {
	switch {
	case attempt <= 1:
		return kit.NoticeView{}
	case !typed:
		return kit.NoticeView{Tone: kit.ToneWarning, Title: textGivenPassphraseWrong.String()}
	}
	return kit.NoticeView{Tone: kit.ToneWarning, Title: textPassphraseWrong.String(), Lines: []string{textPassphraseMind.String()}}
}

// startFailure says why the program cannot start. With a backup, what to do next is to take it: the file's own
// advice is for a person without this window.
func startFailure(e tenant.Explanation, offer *Backup, zone *time.Location) kit.NoticeView {
	if offer != nil {
		e.Next = ""
	}
	v := kit.Explain(e)
	if offer != nil {
		at := words.Moment(offer.At, zone)
		v.Lines = append(v.Lines, textBackupOffer.With(offer.Name, at), textBackupLoss.With(at))
	}
	return v
}
