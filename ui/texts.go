package ui

import (
	"partnerdesk/ui/words"
)

// The texts of the window itself, and those that several regions share.
const (
	textTitle             words.Phrase = "Partnerdesk"
	textStillWorking      words.Phrase = "Still working on it…"
	textDismiss           words.Phrase = "Dismiss"
	textCopyLink          words.Phrase = "Copy link"
	textRemoveNow         words.Phrase = "Remove"
	textKeep              words.Phrase = "Keep"
	textProtect           words.Phrase = "Change protection…"
	textProtectTip        words.Phrase = "Choose what guards the key that seals the secrets, or make a new key"
	textRemoveQuestion    words.Phrase = "Remove the registration “%s”?"
	textRemoveConsequence words.Phrase = "Its client secret and private key are forgotten here. The app at SuperOffice stays as it is."
	textData              words.Phrase = "Data: %s"
	textDataGuarded       words.Phrase = "Data: %s   ·   %s"
)

func textLogSaved() words.Plural {
	return words.Plural{One: "Saved %s line of the log to %s.", Other: "Saved %s lines of the log to %s."}
}
