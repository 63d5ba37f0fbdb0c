package tenants

import "partnerdesk/ui/words"

// The texts of the table of tenants.
const (
	textTenants     words.Phrase = "Tenants"
	textFilter      words.Phrase = "Filter by name, Cust, verdict…"
	textNoMatch     words.Phrase = "No tenant matches the filter."
	textClearFilter words.Phrase = "Clear the filter"
	textNoTenants   words.Phrase = "No tenant yet. Sign in at the top to add the first one."
	textSelected    words.Phrase = "%s selected"
	textCounts      words.Phrase = "%s · %s"
	textShownOf     words.Phrase = "%s of %s"

	// The columns.
	textVerdict     words.Phrase = "Verdict"
	textName        words.Phrase = "Name"
	textCtx         words.Phrase = "Ctx"
	textEnvironment words.Phrase = "Environment"
	textLogOn       words.Phrase = "Last log-on"
	textTicket      words.Phrase = "Ticket"
	textFailures    words.Phrase = "Failures"

	textVerdictTip     words.Phrase = "How the tenant fares"
	textCtxTip         words.Phrase = "The context identifier: the tenant's name in SuperOffice CRM Online"
	textEnvironmentTip words.Phrase = "Where the tenant lies"
	textLogOnTip       words.Phrase = "When Partnerdesk last logged on as the system user"
	textTicketTip      words.Phrase = "How long the ticket lasts unless it is used before"
	textFailuresTip    words.Phrase = "Visits that failed in a row"
	textSortTip        words.Phrase = "%s. Click to sort."

	// In a cell.
	textAwaited    words.Phrase = "Asked for"
	textAwaitedTip words.Phrase = "A visit is asked for and has not been there yet. Last log-on: %s."
	textProduction words.Phrase = "%s. In production."

	// The menu.
	textLogOnNow   words.Phrase = "Log on now"
	textLogOnBy    words.Phrase = "Log on now: the %s (process %d) does it"
	textActivate   words.Phrase = "Activate"
	textDeactivate words.Phrase = "Deactivate"
	textSignIn     words.Phrase = "Sign in again"
	textDoctor     words.Phrase = "Check this tenant"
	textCopyFacts  words.Phrase = "Copy facts"
	textCopyCtx    words.Phrase = "Copy ctx"
	textCopyTable  words.Phrase = "Copy as a table"
	textSignOut    words.Phrase = "Sign out…"
	textRemove     words.Phrase = "Remove…"
	textSortBy     words.Phrase = "Sort by"
	textLogOnMany  words.Phrase = "Log on to %s tenants now"
	textSelectAll  words.Phrase = "Select all"
	textBarred     words.Phrase = "%s (%s)"

	textOneOnly    words.Phrase = "for one tenant at a time"
	textStillBusy  words.Phrase = "another change is under way"
	textNoneActive words.Phrase = "none is active"
	textNotActive  words.Phrase = "it is not active"
	textPollerOff  words.Phrase = "the poller is off"
	textAllActive  words.Phrase = "they are active"

	textRegistration words.Phrase = "Registration"
	textSerial       words.Phrase = "Serial number"

	// What became of a change.
	textUndo       words.Phrase = "Undo"
	textProgress   words.Phrase = "%s of %s tenants…"
	textUnfinished words.Phrase = "It was cancelled before the other %s."
)

// Texts for one tenant, and for many.
const (
	textActivateOne    words.Phrase = "Activate %s tenant"
	textActivateMany   words.Phrase = "Activate %s tenants"
	textDeactivateOne  words.Phrase = "Deactivate %s tenant"
	textDeactivateMany words.Phrase = "Deactivate %s tenants"
	textOneOn          words.Phrase = "%s tenant activated."
	textManyOn         words.Phrase = "%s tenants activated."
	textOneOff         words.Phrase = "%s tenant deactivated."
	textManyOff        words.Phrase = "%s tenants deactivated."
	textOneAsked       words.Phrase = "A visit to %s tenant is asked for."
	textManyAsked      words.Phrase = "Visits to %s tenants are asked for."
)
