package ui

import (
	"time"

	"partnerdesk/core/tenant"
)

// signInPhase is where a sign-in stands.
type signInPhase int

const (
	signInIdle signInPhase = iota
	signInStarting
	signInWaiting
	signInReturned
	signInFailed
	// signInWithout is a sign-in that worked, without a system user token.
	signInWithout
)

// signInState is all that the banner shows of a sign-in.
type signInState struct {
	phase       signInPhase
	until       time.Time
	browserLost bool
	linkCopied  bool
	explanation tenant.Explanation
}

// busy reports whether a sign-in is under way.
func (s signInState) busy() bool {
	return s.phase == signInStarting || s.phase == signInWaiting || s.phase == signInReturned
}

// banner is what the window says about the sign-in; the zero view is nothing.
func (s signInState) banner(now time.Time) noticeView {
	switch s.phase {
	case signInStarting:
		return noticeView{Tone: toneAccent, Title: "Preparing the sign-in…"}
	case signInWaiting:
		return s.waitingBanner(now)
	case signInReturned:
		return noticeView{Tone: toneAccent, Title: "The browser is back. Checking the answer…"}
	case signInFailed:
		return explain(s.explanation)
	case signInWithout:
		v := explain(s.explanation)
		v.Tone = toneWarning
		return v
	}
	return noticeView{}
}

func (s signInState) waitingBanner(now time.Time) noticeView {
	v := noticeView{Tone: toneAccent, Title: "Waiting for your approval in the browser… " + countdown(s.until, now) + " left"}
	switch {
	case s.browserLost:
		v.Tone = toneWarning
		v.Lines = []string{"The browser could not be opened from here. Copy the link and open it yourself."}
	case s.linkCopied:
		v.Lines = []string{"The link is on the clipboard. It is good for this sign-in only."}
	}
	return v
}
