package company

import "partnerdesk/ui/words"

// The texts of the creation of companies.
const (
	textSeeSandbox          words.Phrase = "See the companies in the sandbox"
	textCreateHeading       words.Phrase = "Create a company"
	textCompanyPlaceholder  words.Phrase = "SuperId-<Unix seconds>"
	textCreateAsLogin       words.Phrase = "Create company as login user"
	textCreateAsSystem      words.Phrase = "Create company as system user"
	textCreating            words.Phrase = "Creating…"
	textCreateInProduction  words.Phrase = "Create in production"
	textDoNotCreate         words.Phrase = "Do not create"
	textCopyResult          words.Phrase = "Copy this result as text"
	textEmptyAsLogin        words.Phrase = "Calls the tenant with the access token of the administrator who signed in (Authorization: Bearer)."
	textEmptyAsSystem       words.Phrase = "Exchanges the system user token for a ticket and calls the tenant with it (SOTicket and SO-AppToken)."
	textNoSystemUserYet     words.Phrase = "There is no system user token for this tenant: its administrator has not approved the system user, or the app has none."
	textNoSystemUserNext    words.Phrase = "Sign in again and approve."
	textNobodySignedInYet   words.Phrase = "Nobody is signed in to this tenant here."
	textNobodySignedInNext  words.Phrase = "Sign in again."
	textRequests            words.Phrase = "Requests"
	textCouldNotTellHeading words.Phrase = "Could not tell"
)
