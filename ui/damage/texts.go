package damage

import "partnerdesk/ui/words"

// The texts of damaged records.
const (
	textRecover             words.Phrase = "Or close Partnerdesk, and put a backup in the place of the whole data file: “partnerdesk-console recover --list” names the backups, “partnerdesk-console recover --backup NAME” takes one."
	textOneByOne            words.Phrase = "They can be removed one by one, and added again."
	textRemoveThe           words.Phrase = "Remove %s…"
	textRemoveAnyway        words.Phrase = "Remove anyway"
	textRemoveAnywayTip     words.Phrase = "Deletes it here, whatever lives on at SuperOffice"
	textResetSettings       words.Phrase = "Usual settings…"
	textReset               words.Phrase = "Use them"
	textAskTenant           words.Phrase = "Remove the damaged tenant %s of %s?"
	textAskTenantWhat       words.Phrase = "SuperOffice is asked to end its login where that can be read, and all that is stored here about it is deleted. Sign in again to have it back."
	textAskRegistration     words.Phrase = "Remove the damaged registration “%s”?"
	textAskRegistrationWhat words.Phrase = "What is left of its client secret and private key is deleted here. The app at SuperOffice stays as it is. Tenants that belong to it must be removed before."
	textAskSettings         words.Phrase = "Put the usual settings in the place of the damaged ones?"
	textAskSettingsWhat     words.Phrase = "Poll interval, request budget, maintenance and demonstration become what they are at the first start. Tenants and registrations stay."
	textWorking             words.Phrase = "Removing what is damaged…"
)

// The texts with numbers.
var (
	textPlaces = words.Plural{One: "Some of the data file cannot be trusted, at %s place.", Other: "Some of the data file cannot be trusted, at %s places."}
	textMore   = words.Plural{One: "And %s more.", Other: "And %s more."}
)
