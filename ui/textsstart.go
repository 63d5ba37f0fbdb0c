package ui

import "partnerdesk/ui/words"

// The texts of the start.
const (
	textStartHint            words.Phrase = "The data file is protected by a passphrase."
	textStartPassphrase      words.Phrase = "Passphrase"
	textStartOpen            words.Phrase = "Open"
	textStartQuit            words.Phrase = "Quit"
	textStartAgain           words.Phrase = "Try again"
	textStartRecover         words.Phrase = "Put the backup in its place"
	textStartOpening         words.Phrase = "Opening the data file…"
	textStartRecovering      words.Phrase = "Putting the backup in its place…"
	textPassphraseWrong      words.Phrase = "That was not the passphrase."
	textPassphraseMind       words.Phrase = "Mind the keyboard's layout and capital letters."
	textGivenPassphraseWrong words.Phrase = "The passphrase that this program was given at its start is not the one of the data file."
)
