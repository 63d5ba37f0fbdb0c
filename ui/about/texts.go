package about

import "partnerdesk/ui/words"

// The texts of About.
const (
	textTitle             words.Phrase = "About Partnerdesk"
	textName              words.Phrase = "Partnerdesk"
	textWhatItIs          words.Phrase = "For partner administrators of SuperOffice CRM Online: all tenants of all your apps."
	textVersion           words.Phrase = "Version"
	textNewestVersion     words.Phrase = "Newest version"
	textMadeWith          words.Phrase = "Made with"
	textDataDir           words.Phrase = "Data directory"
	textJournal           words.Phrase = "Journal"
	textSecrets           words.Phrase = "Secrets"
	textOpen              words.Phrase = "Open"
	textOpenTip           words.Phrase = "Open the folder in the file manager"
	textCopyPath          words.Phrase = "Copy path"
	textPathCopied        words.Phrase = "The path is on the clipboard."
	textOwnership         words.Phrase = "Partnerdesk is not made by SuperOffice AS. SuperOffice and SuperID are names of its products."
	textLicences          words.Phrase = "Licences…"
	textLicencesTitle     words.Phrase = "Licences"
	textLicencesHint      words.Phrase = "Partnerdesk, and the work of others that is in it, with the terms under which it is given."
	textDiagnostics       words.Phrase = "Copy diagnostics"
	textDiagnosticsTip    words.Phrase = "Versions, system and counts, to send along with a question"
	textDiagnosticsCopied words.Phrase = "The diagnostics are on the clipboard."
	textDiagnosticsWhat   words.Phrase = "They hold versions, the system and numbers of tenants: no secret, and no name."

	textBuiltWith words.Phrase = "Go %s   ·   Fyne %s   ·   %s"
)

// The lines of the diagnostics.
const (
	textBuildOf    words.Phrase = "Partnerdesk: %s"
	textBuildGo    words.Phrase = "Go: %s"
	textBuildFyne  words.Phrase = "Fyne: %s"
	textSystem     words.Phrase = "System: %s"
	textDriver     words.Phrase = "Driver: %s"
	textLookLight  words.Phrase = "Window: scale %.2g, light, language %s"
	textLookDark   words.Phrase = "Window: scale %.2g, dark, language %s"
	textProtection words.Phrase = "Protection: %s, data key number %s"
	textCounts     words.Phrase = "%s: %s, %s"
	textAttention  words.Phrase = "Needs attention: %s"
	textDamaged    words.Phrase = "Damaged records: %s"
)

var (
	textRegistrations = words.Plural{One: "%s registration", Other: "%s registrations"}
	textTenants       = words.Plural{One: "%s tenant", Other: "%s tenants"}
)
