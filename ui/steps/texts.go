package steps

import "partnerdesk/ui/words"

// The state of a step, after its name.
const (
	textPending words.Phrase = "%s: not yet"
	textRunning words.Phrase = "%s: under way"
	textDone    words.Phrase = "%s: done"
	textWarned  words.Phrase = "%s: done with a warning"
	textFailed  words.Phrase = "%s: failed"
)
