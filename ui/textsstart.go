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
	textBackupOffer          words.Phrase = "The newest backup, %s, is of %s. It can take the place of the data file; a damaged file is kept aside."
	textBackupLoss           words.Phrase = "What was changed since %s is lost."
	textRecovered            words.Phrase = "The backup of %s is in the place of the data file. What was changed since then is lost."
	textKeptAside            words.Phrase = "The damaged file is kept: %s"
	textStartRecovering      words.Phrase = "Putting the backup in its place…"
	textPassphraseWrong      words.Phrase = "That was not the passphrase."
	textPassphraseMind       words.Phrase = "Mind the keyboard's layout and capital letters."
	textGivenPassphraseWrong words.Phrase = "The passphrase that this program was given at its start is not the one of the data file."
	textBackupThere          words.Phrase = "The newest backup, %s, is of %s. It can take the place of the data file; a damaged file is kept aside."
	textLostSince            words.Phrase = "What was changed since %s is lost."
)
