package settings

import "partnerdesk/ui/words"

// The texts of the protection.
const (
	textProtectTitle        words.Phrase = "Protection of the data file"
	textProtectByKeyring    words.Phrase = "The operating system's secret store"
	textProtectByPassphrase words.Phrase = "A passphrase"
	textProtectByKeyFile    words.Phrase = "A key file"
	textProtectKind         words.Phrase = "Guarded by"
	textProtectPassphrase   words.Phrase = "Passphrase"
	textProtectAgain        words.Phrase = "Once more"
	textProtectMinimum      words.Phrase = "at least %d characters, like four words"
	textProtectOldBackups   words.Phrase = "Backups that were made before open only with what guarded them: a key in the secret store or in a file is removed by the change, a passphrase you have to remember. A backup with the new protection is made at once."
	textProtectRotateHint   words.Phrase = "A new data key seals every secret anew. What guards it stays of its kind, and a passphrase stays the same."
	textProtectChange       words.Phrase = "Change"
	textProtectRotate       words.Phrase = "Make a new data key"
	textProtectChanging     words.Phrase = "Changing the protection…"
	textProtectRotating     words.Phrase = "Sealing every secret anew…"
	textProtectKeyring      words.Phrase = "The operating system's secret store keeps the key, and opens it when you log in. Nothing is asked at the start."
	textProtectAsks         words.Phrase = "The passphrase is asked for at each start, in this window and by the console. Nobody can restore it for you."
	textProtectKeyFile      words.Phrase = "The key lies in a file beside the data, readable by you only. Nothing is asked at the start, but whoever copies the whole directory has the secrets."
)
