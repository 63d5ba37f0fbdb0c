package updates

import "partnerdesk/ui/words"

// The texts of the update notice.
const (
	textNewer        words.Phrase = "There is a newer version: Partnerdesk %s."
	textNewerWhat    words.Phrase = "This is %s. The page says what is new, and how to update."
	textOpenPage     words.Phrase = "Open the page"
	textDismissTip   words.Phrase = "Do not tell of this version again"
	textAsking       words.Phrase = "Asking for the newest version…"
	textNothingNew   words.Phrase = "There is nothing newer than Partnerdesk %s."
	textNewest       words.Phrase = "The newest version is %s."
	textIncomparable words.Phrase = "This build, %s, has no version number that could be compared."

	textOff      words.Phrase = "Not asked for: off in the settings"
	textNotYet   words.Phrase = "Not known yet"
	textKnown    words.Phrase = "%s, asked %s"
	textNotKnown words.Phrase = "Not known, asked %s. %s"
)
