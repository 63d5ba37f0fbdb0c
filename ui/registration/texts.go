package registration

import "partnerdesk/ui/words"

// The texts of the registration form.
const (
	textDialogTitle        words.Phrase = "Add a registration"
	textDialogHint         words.Phrase = "What SuperOffice's Developer Portal shows for your app. Secrets are sealed before they are stored."
	textName               words.Phrase = "Name"
	textEnvironment        words.Phrase = "Environment"
	textBaseURL            words.Phrase = "Address"
	textClientID           words.Phrase = "Client id"
	textClientSecret       words.Phrase = "Client secret"
	textPrivateKey         words.Phrase = "Private key"
	textRedirectURI        words.Phrase = "Redirect URI"
	textChooseFile         words.Phrase = "Choose file…"
	textPasteKey           words.Phrase = "Paste"
	textNoKey              words.Phrase = "none (the system user needs one: PEM or XML)"
	textAdd                words.Phrase = "Add"
	textAdding             words.Phrase = "Adding…"
	textRedirectGood       words.Phrase = "This fits what a native app may register. Port 0 means any free port."
	textTakeAway           words.Phrase = "Remove"
	textPassphraseHint     words.Phrase = "the key's passphrase"
	textOpenKey            words.Phrase = "Open the key"
	textOpeningKey         words.Phrase = "Opening…"
	textKeyOpening         words.Phrase = "The private key is still being opened."
	textKeyLocked          words.Phrase = "The private key still needs its passphrase. Open it, or remove it."
	textKeyUnlocked        words.Phrase = "Opened. The passphrase is not kept: what is stored is sealed in another way."
	textKeyWeak            words.Phrase = "Keys under %d bits are weak today; ask SuperOffice for a new one."
	textKeyNeedsPassphrase words.Phrase = "protected by a passphrase"
	textPattern            words.Phrase = "Registered as"
	textPatternHint        words.Phrase = `optional: the pattern or URI in the portal, like ^http://127.0.0.1\:\d{4,10}$`
	textPatternFits        words.Phrase = "The redirect URI fits what is registered."
	textExchange           words.Phrase = "Exchange"
	textCertificate        words.Phrase = "Certificate"
	textNoCertificate      words.Phrase = "none (SuperOffice's published keys are used)"
	textNoClipboardKey     words.Phrase = "The clipboard holds no private key in PEM or XML."
)
