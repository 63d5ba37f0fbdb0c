package registration

import "partnerdesk/ui/words"

// The texts around the form.
const (
	textAddTitle     words.Phrase = "Add a registration"
	textEditTitle    words.Phrase = "Edit the registration “%s”"
	textPortalPart   words.Phrase = "In SuperOffice's Developer Portal"
	textShownPart    words.Phrase = "What the portal shows"
	textShownHint    words.Phrase = "Each environment has its own values. Secrets are sealed before they are stored."
	textCheck        words.Phrase = "Check"
	textCheckTip     words.Phrase = "Asks SuperOffice about what was entered. Nothing is stored, and no token is exchanged."
	textStop         words.Phrase = "Stop"
	textSave         words.Phrase = "Save"
	textSaveAnyway   words.Phrase = "Save without check"
	textSaving       words.Phrase = "Saving…"
	textLoseQuestion words.Phrase = "Close without saving?"
	textLoseHint     words.Phrase = "What was entered is forgotten."
	textLose         words.Phrase = "Close without saving"
	textKeepEditing  words.Phrase = "Keep editing"
)

// The texts of the environments.
const (
	textDevelopment    words.Phrase = "Development"
	textStage          words.Phrase = "Stage"
	textProduction     words.Phrase = "Production"
	textCustom         words.Phrase = "Another address"
	textCustomHost     words.Phrase = "a sandbox, a proxy"
	textProductionHint words.Phrase = "Production: this app acts in customers' real tenants."
	textTenantsStay    words.Phrase = "It stays this app in this environment: tenants belong to it."
)

// The texts of what is entered in the Developer Portal. What stands in the portal is called as it is there.
const (
	textOpenPortal     words.Phrase = "Open the portal"
	textShowGuide      words.Phrase = "Show what to enter there"
	textHideGuide      words.Phrase = "Hide"
	textCopied         words.Phrase = "Copied"
	textGuideTemplate  words.Phrase = "Create application with this template: it has both the sign-in and the system user."
	textGuideNative    words.Phrase = "Configuration, Authentication: switch on “Is native or mobile app”, as the browser returns to this computer."
	textGuideRedirect  words.Phrase = "Configuration, Authentication, “Allowed redirect URLs”, one per line. It fits the redirect URI below."
	textGuidePattern   words.Phrase = "Configuration, Authentication, “Allowed redirect URLs”, one per line. It fits any port, as in %s."
	textGuideSecret    words.Phrase = "Configuration, Secrets and Certificates: add a client secret, and a new certificate for the system user. The portal shows the secret and the private key once: enter both below before you leave it."
	textGuideSave      words.Phrase = "Save the settings."
	textGuidePublish   words.Phrase = "Save the settings, and request to publish the new configuration. After that, redirect URLs change with a new version of the app only."
	textCaptionCreate  words.Phrase = "Template"
	textCaptionNative  words.Phrase = "App type"
	textCaptionURLs    words.Phrase = "Redirect URLs"
	textCaptionSecrets words.Phrase = "Secrets"
	textCaptionSave    words.Phrase = "Save"
)

// The texts of the fields.
const (
	textName             words.Phrase = "Name"
	textNameExample      words.Phrase = "what to call it here, such as: my app in stage"
	textNameTaken        words.Phrase = "There is a registration of this name already."
	textBaseURL          words.Phrase = "Address"
	textClientID         words.Phrase = "Client id"
	textClientIDExample  words.Phrase = "32 hexadecimal digits"
	textClientIDHint     words.Phrase = "“Client ID” on the portal's page Configuration, for this environment."
	textClientSecret     words.Phrase = "Client secret"
	textSecretExample    words.Phrase = "the application token; empty if the app has none"
	textSecretKept       words.Phrase = "kept, fingerprint %s"
	textSecretHint       words.Phrase = "“Client secret” under Secrets and Certificates. The system user needs it."
	textSecretKeptHint   words.Phrase = "Leave it empty to keep the one that is stored."
	textSecretOneWord    words.Phrase = "The client secret must be one word, without spaces or line breaks."
	textRedirectURI      words.Phrase = "Redirect URI"
	textRedirectGood     words.Phrase = "This fits what a native app may register. Port 0 means any free port."
	textPattern          words.Phrase = "Registered as"
	textPatternHint      words.Phrase = "optional: what the portal has, to test whether the redirect URI fits"
	textPatternFits      words.Phrase = "The redirect URI fits what is registered."
	textExchange         words.Phrase = "Exchange"
	textExchangeREST     words.Phrase = "REST (recommended)"
	textCertificate      words.Phrase = "Certificate"
	textNoCertificate    words.Phrase = "none (SuperOffice's published keys are used)"
	textCertificateKept  words.Phrase = "kept: %s"
	textCertificateUntil words.Phrase = "Valid until %s, thumbprint %s"
)

// The texts of the private key.
const (
	textPrivateKey         words.Phrase = "Private key"
	textNoKey              words.Phrase = "none: drop the file here, PEM or XML"
	textKeyKept            words.Phrase = "kept, fingerprint %s"
	textKeyState           words.Phrase = "%s, %d bits, fingerprint %s"
	textKeyHint            words.Phrase = "The portal shows it once, with a new certificate. It signs the system user token."
	textChooseFile         words.Phrase = "Choose file…"
	textPasteKey           words.Phrase = "Paste"
	textCopyPublic         words.Phrase = "Copy the public key as XML, the form in which the portal lists it: hold the two against each other"
	textTakeAway           words.Phrase = "Remove"
	textPassphraseHint     words.Phrase = "the key's passphrase"
	textOpenKey            words.Phrase = "Open the key"
	textOpeningKey         words.Phrase = "Opening…"
	textKeyOpening         words.Phrase = "The private key is still being opened."
	textKeyLocked          words.Phrase = "The private key still needs its passphrase. Open it, or remove it."
	textKeyUnlocked        words.Phrase = "Opened. The passphrase is not kept: what is stored is sealed in another way."
	textKeyWeak            words.Phrase = "Keys under %d bits are weak today; make a new certificate in the portal."
	textKeyNeedsPassphrase words.Phrase = "protected by a passphrase"
	textNoClipboardKey     words.Phrase = "The clipboard holds no private key in PEM or XML."
	textDroppedNothing     words.Phrase = "The file that was dropped is neither a private key nor a certificate."
)

// The texts of the check.
const (
	textNotChecked     words.Phrase = "Not checked."
	textChecking       words.Phrase = "Checking with SuperOffice…"
	textCheckStopped   words.Phrase = "The check was stopped."
	textCheckPassed    words.Phrase = "Checked: all is well."
	textCheckPartly    words.Phrase = "Checked: sign-in works. The system user needs a client secret and a private key."
	textCheckUnproven  words.Phrase = "Checked, but the client secret could not be proven."
	textCheckWarned    words.Phrase = "Checked: it works, with a word of warning."
	textCheckFailed    words.Phrase = "The check found a fault."
	textChangedSince   words.Phrase = "Changed since the check."
	textStepNotReached words.Phrase = "not reached"
)
