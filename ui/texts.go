package ui

import "partnerdesk/ui/words"

// The texts of the window itself. Those that several regions share are in ui/kit.
const (
	textTitle             words.Phrase = "Partnerdesk"
	textProtect           words.Phrase = "Change protection…"
	textProtectTip        words.Phrase = "Choose what guards the key that seals the secrets, or make a new key"
	textRemoveQuestion    words.Phrase = "Remove the registration “%s”?"
	textRemoveConsequence words.Phrase = "Its client secret and private key are forgotten here. The app at SuperOffice stays as it is."
	textData              words.Phrase = "Data: %s"
	textDataGuarded       words.Phrase = "Data: %s   ·   %s"
	textByKeyring         words.Phrase = "Secrets are sealed with a key from the system's secret store."
	textByPassphrase      words.Phrase = "Secrets are sealed with a key that takes your passphrase."
	textByKeyFile         words.Phrase = "The key to the secrets lies there too: whoever copies the folder has them."
)
