package company

import "partnerdesk/ui/words"

// The heading and the buttons.
const (
	textCreateHeading      words.Phrase = "Create a company"
	textCompanyPlaceholder words.Phrase = "SuperId-<Unix seconds>"
	textSeeSandbox         words.Phrase = "Companies in the sandbox"
	textSeeSandboxTip      words.Phrase = "Opens the sandbox's own page, as a person would look into the CRM"
	textCreateAsLogin      words.Phrase = "Create company as login user"
	textCreateAsSystem     words.Phrase = "Create company as system user"
	textCreateLiveAsLogin  words.Phrase = "Create in production as login user"
	textCreateLiveAsSystem words.Phrase = "Create in production as system user"
	textCreateLiveTip      words.Phrase = "Writes to %s (%s), a customer's real tenant. It asks first."
	textCreating           words.Phrase = "Creating…"
	textBeingCreated       words.Phrase = "The company is being created"
	textBeingLookedUp      words.Phrase = "The last one is being looked up"
	textAnswerFirst        words.Phrase = "Answer the question below first"
	textNoSystemUserYet    words.Phrase = "There is no system user token for this tenant: its administrator has not approved the system user, or the app has none."
	textNoSystemUserNext   words.Phrase = "Sign in again and approve."
	textNobodySignedInYet  words.Phrase = "Nobody is signed in to this tenant here."
	textNobodySignedInNext words.Phrase = "Sign in again."
	textCancelTip          words.Phrase = "Stops waiting. A request that is on its way may still be carried out."
	textCreateInProduction words.Phrase = "Create in production"
	textDoNotCreate        words.Phrase = "Do not create"
	textLookAgain          words.Phrase = "Look again"
	textLookAgainTip       words.Phrase = "Searches the tenant for the name once more. Nothing is saved a second time."
	textOpenCRM            words.Phrase = "Open in the CRM"
	textOpenCRMTip         words.Phrase = "Opens the company in the tenant's own web client"
	textOpening            words.Phrase = "The tenant's address is being asked for"
	textCopyResult         words.Phrase = "Copy this result as text"
	textEarlier            words.Phrase = "Earlier results"
)

// What the cards say.
const (
	textTitleAsLogin        words.Phrase = "As the login user"
	textTitleAsSystem       words.Phrase = "As the system user"
	textEmptyAsLogin        words.Phrase = "Calls the tenant with the access token of the administrator who signed in (Authorization: Bearer)."
	textEmptyAsSystem       words.Phrase = "Exchanges the system user token for a ticket and calls the tenant with it (SOTicket and SO-AppToken)."
	textAsksHeading         words.Phrase = "This writes to a production tenant."
	textAsksAsLogin         words.Phrase = "Create %s in %s (%s) as the login user?"
	textAsksAsSystem        words.Phrase = "Create %s in %s (%s) as the system user?"
	textNameQuoted          words.Phrase = "“%s”"
	textCallingAsLogin      words.Phrase = "Calling %s as the login user."
	textCallingAsSystem     words.Phrase = "Calling %s as the system user."
	textStageSearching      words.Phrase = "Looking whether there is a company of this name already."
	textStagePreparing      words.Phrase = "Fetching the tenant's own default for a new company."
	textStageSaving         words.Phrase = "Saving the company."
	textStageLookingUp      words.Phrase = "The answer to the save was lost: looking the company up by its name."
	textStopping            words.Phrase = "Stopping…"
	textStoppingLine        words.Phrase = "Finding out whether the company was created."
	textLookingAgain        words.Phrase = "Looking again…"
	textLookingAgainLine    words.Phrase = "Searching for “%s” in %s. Nothing is saved a second time."
	textCreatedHeading      words.Phrase = "Created"
	textNotCreatedHeading   words.Phrase = "Not created"
	textCouldNotTellHeading words.Phrase = "Could not tell"
	textRequests            words.Phrase = "Requests"
	textNoResponse          words.Phrase = "no answer"
)

// The captions of a result's facts.
const (
	factName       words.Phrase = "Name"
	factID         words.Phrase = "Company id"
	factCreatedBy  words.Phrase = "Created by"
	factOwner      words.Phrase = "Our contact"
	factDate       words.Phrase = "Date"
	factCredential words.Phrase = "Credential"
	factTook       words.Phrase = "Time taken"
	// factDiffers is a caption whose value differs between the two cards.
	factDiffers words.Phrase = "≠ %s"
)

// What the two results prove, side by side.
const (
	textDifferIn       words.Phrase = "The two differ in: %s."
	textDifferProof    words.Phrase = "The two differ in: %s. That is the proof: the tenant knows both users."
	textSameCreator    words.Phrase = "Both were created by %s: the tenant took both credentials for the same user."
	textOnlyLoginUser  words.Phrase = "Only the login user could create a company: the system user's rights or credential fall short."
	textOnlySystemUser words.Phrase = "Only the system user could create a company: the login user's rights or credential fall short."
)

// A result as text.
const (
	textCopyAsLogin      words.Phrase = "Create company as login user in %s (%s, %s): %s"
	textCopyAsSystem     words.Phrase = "Create company as system user in %s (%s, %s): %s"
	textCopyCreated      words.Phrase = "created"
	textCopyNotCreated   words.Phrase = "not created"
	textCopyCouldNotTell words.Phrase = "could not tell"
	textCopyFact         words.Phrase = "%s: %s"
)
