package tenant

// Cause is an entry in the taxonomy of failures: why something did not work, as far as whoever must act
// needs to tell it apart. Every step of Partnerdesk maps its failures to one of these, and the entry says
// who is at fault, whether it heals by itself, and what to do next. The names are stable: they stand in the
// journal, in the store and in the command line's JSON.
type Cause string

// The causes, by whose fault they are.
const (
	// The person in front of the program.
	CauseCancelled    Cause = "cancelled"
	CauseInput        Cause = "input-refused"
	CauseNotThere     Cause = "not-there"
	CauseNoAnswer     Cause = "browser-did-not-return"
	CauseOtherTenant  Cause = "other-tenant-chosen"
	CauseSignInAgain  Cause = "sign-in-again"
	CauseNotSignedIn  Cause = "not-signed-in"
	CauseRightMissing Cause = "right-missing"
	CauseElsewhere    Cause = "done-elsewhere"

	// This machine.
	CauseClock       Cause = "clock-off"
	CausePort        Cause = "port-in-use"
	CauseBrowser     Cause = "no-browser"
	CauseFiles       Cause = "files-unusable"
	CauseFilesBusy   Cause = "files-busy"
	CauseFilesBroken Cause = "files-damaged"
	CauseSecretStore Cause = "secret-store-locked"
	CauseDataKey     Cause = "data-key-missing"
	CauseSandbox     Cause = "sandbox-not-served"
	CauseUnexpected  Cause = "unexpected"

	// The app's registration in the Developer Portal, or the copy of it that is kept here.
	CauseIncomplete       Cause = "registration-incomplete"
	CauseAddress          Cause = "wrong-address"
	CauseClientRefused    Cause = "client-refused"
	CauseRedirectURI      Cause = "redirect-uri-not-registered"
	CauseSigningKey       Cause = "wrong-private-key"
	CauseKeyUnusable      Cause = "private-key-unusable"
	CauseRequestRefused   Cause = "request-refused"
	CauseExchangeRefused  Cause = "exchange-refused"
	CauseOptionMissing    Cause = "system-user-option-missing"
	CauseOtherApp         Cause = "token-for-another-app"
	CauseCertificateStale Cause = "pinned-certificate-does-not-fit"

	// The customer's consent.
	CauseRevoked           Cause = "consent-revoked"
	CauseExpired           Cause = "consent-expired"
	CauseDenied            Cause = "consent-denied"
	CauseReapproval        Cause = "consent-needs-reapproval"
	CauseNotApproved       Cause = "consent-not-given"
	CauseNotAdministrator  Cause = "not-an-administrator"
	CauseLoginEnded        Cause = "login-ended"
	CauseCredentialRefused Cause = "credential-refused"

	// The tenant.
	CauseTenantGone      Cause = "tenant-gone"
	CauseTenantSuspended Cause = "tenant-suspended"
	CauseMaintenance     Cause = "tenant-not-running"
	CauseTenantMoved     Cause = "tenant-moved"
	CauseThrottled       Cause = "too-many-requests"
	CauseTenantFailed    Cause = "tenant-failed"
	CauseTenantRefused   Cause = "tenant-refused"
	CauseVisitsFailed    Cause = "visits-failed"

	// SuperOffice's own services.
	CauseProviderFailed Cause = "provider-failed"
	CauseAnswerUnusable Cause = "answer-unusable"
	CauseTokenRefused   Cause = "token-not-valid"
	CauseKeyUnknown     Cause = "signing-key-unknown"
	CauseTokenTimes     Cause = "token-times-wrong"
	CauseWrongTenant    Cause = "another-tenant-answered"

	// The network.
	CauseUnreachable  Cause = "unreachable"
	CauseNameUnknown  Cause = "name-not-resolved"
	CauseTimedOut     Cause = "timed-out"
	CauseUntrustedTLS Cause = "certificate-not-trusted"
	CauseUnclear      Cause = "outcome-unclear"
)

// CauseEntry is what the taxonomy says of a cause.
type CauseEntry struct {
	Cause Cause
	Fault Fault
	// Heals is true where waiting may cure it, and false where somebody must act.
	Heals bool
	// Why and Next are the words for a place that knows no better ones.
	Why, Next string
}

const (
	nextApprove = "Let an administrator of the tenant sign in again and click “I approve”."
	nextPortal  = "Compare the registration with the Developer Portal; each environment has its own values."
	nextSignIn  = "Sign in to the tenant again."
	nextReport  = "Try again. If it stays so, report it to SuperOffice with the log."
)

// Causes returns the taxonomy, grouped by fault, in the order in which a person would look through it.
func Causes() []CauseEntry {
	return []CauseEntry{
		{CauseCancelled, FaultPerson, true, "Somebody cancelled it.", "Start again whenever you like."},
		{CauseInput, FaultPerson, false, "What was entered cannot be used.", "Change it and try again."},
		{CauseNotThere, FaultPerson, false, "It was never added, or has been removed.", "Look at the list for what there is."},
		{CauseNoAnswer, FaultPerson, true, "The browser did not come back in time.", "Try again, and finish the pages in the browser."},
		{CauseOtherTenant, FaultPerson, false, "The answer is about another tenant than the one that was asked for.", "Sign in again, and choose the tenant that you mean."},
		{CauseSignInAgain, FaultPerson, true, "SuperOffice needs a person to sign in once more.", "Sign in again, and follow the pages in the browser."},
		{CauseNotSignedIn, FaultPerson, false, "There is no access token that could be used or renewed.", nextSignIn},
		{CauseRightMissing, FaultPerson, false, "The user lacks the right to do this.", "Ask the tenant's administrator for the right, or act as the other user."},
		{CauseElsewhere, FaultPerson, true, "Another process does it already.", "Use that one, or end it first."},

		{CauseClock, FaultMachine, true, "This machine's clock is wrong.", "Set this machine's clock; it will then work by itself."},
		{CausePort, FaultMachine, true, "The port to which the browser must return cannot be used.", "Close the program that uses it, or choose another redirect URI that is registered for the app."},
		{CauseBrowser, FaultMachine, false, "The operating system offers no browser that works.", "Copy the link and open it in a browser on this computer."},
		{CauseFiles, FaultMachine, false, "A file or folder cannot be read or written.", "Check that the disk has room, and that the folder is yours."},
		{CauseFilesBusy, FaultMachine, true, "The other program keeps a file locked.", "Wait until it has finished, or close it, and try again."},
		{CauseFilesBroken, FaultMachine, false, "A file does not hold together.", "Put a backup in its place."},
		{CauseSecretStore, FaultMachine, true, "The operating system's secret store does not hand out the key to the data file.", "Unlock the secret store and try again."},
		{CauseDataKey, FaultMachine, false, "The key to the data file is missing or does not fit.", "Put the key back, or a backup of both."},
		{CauseSandbox, FaultMachine, true, "The sandbox's folder or address cannot be used.", "The log has the cause. Real environments work without it."},
		{CauseUnexpected, FaultMachine, true, "Nobody has foreseen this.", "The log has the details."},

		{CauseIncomplete, FaultRegistration, false, "The registration lacks what this step needs.", "Add it to the registration."},
		{CauseAddress, FaultRegistration, false, "What answers at the registration's address is not SuperOffice as it describes itself.", "Check the registration's address."},
		{CauseClientRefused, FaultRegistration, false, "SuperOffice does not accept this app's client id or client secret.", "Compare both with the Developer Portal; each environment has its own."},
		{CauseRedirectURI, FaultRegistration, false, "The redirect URI is not registered for the app.", "Add the redirect URI in the Developer Portal, or use one that is registered there."},
		{CauseSigningKey, FaultRegistration, false, "The signature was made with another private key than the app's in this environment.", "Give the registration the private key of this app and environment."},
		{CauseKeyUnusable, FaultRegistration, false, "The private key is neither RSAKeyValue XML nor PEM, or it is damaged.", "Give the private key file as the Developer Portal handed it out."},
		{CauseRequestRefused, FaultRegistration, false, "SuperOffice did not accept what this app asked for.", nextPortal},
		{CauseExchangeRefused, FaultRegistration, false, "SuperOffice refused, and gave no reason that Partnerdesk knows.", "Compare client secret, private key and environment of the registration with the Developer Portal."},
		{CauseOptionMissing, FaultRegistration, false, "The app does not have the system user option.", "Switch the system user option on in the Developer Portal for this environment, then sign in again and approve."},
		{CauseOtherApp, FaultRegistration, false, "The token is meant for another app.", "Compare the registration's client id and environment with the Developer Portal."},
		{CauseCertificateStale, FaultRegistration, false, "The token was not signed with the key of the pinned certificate.", "Ask SuperOffice whether the certificate has changed, then pin the new one or none."},

		{CauseRevoked, FaultConsent, false, "The customer has withdrawn the approval of the app.", nextApprove},
		{CauseExpired, FaultConsent, false, "The approval of the app has expired.", nextApprove},
		{CauseDenied, FaultConsent, false, "The customer has denied the app access.", nextApprove},
		{CauseReapproval, FaultConsent, false, "The app's rights have changed, and the customer must approve them anew.", nextApprove},
		{CauseNotApproved, FaultConsent, false, "Nobody has approved the app for this tenant.", nextApprove},
		{CauseNotAdministrator, FaultConsent, false, "Only an administrator of the tenant can approve the app.", "Ask an administrator of the tenant to sign in here and click “I approve”."},
		{CauseLoginEnded, FaultConsent, false, "SuperOffice no longer accepts this login: it has ended, or the approval was withdrawn.", "Sign in again."},
		{CauseCredentialRefused, FaultConsent, false, "The tenant did not accept the credential, not even a new one.", nextSignIn},

		{CauseTenantGone, FaultTenant, false, "It has been deleted, or belongs to another environment.", "Remove it here if the customer has left."},
		{CauseTenantSuspended, FaultTenant, true, "SuperOffice has suspended the tenant.", "Ask the customer, who may have to settle it with SuperOffice. It is asked again by itself."},
		{CauseMaintenance, FaultTenant, true, "The tenant does not run at the moment.", "Wait; it is asked again by itself."},
		{CauseTenantMoved, FaultTenant, true, "The tenant has moved to another address.", "Try again in a moment."},
		{CauseThrottled, FaultTenant, true, "It receives too many requests.", "Wait a little; polling slows down by itself."},
		{CauseTenantFailed, FaultTenant, true, "Its web services answered with an error of their own.", "Try again later; the app is not the cause."},
		{CauseTenantRefused, FaultTenant, false, "It did not accept what was sent.", "Read what the server says; the log has the request."},
		{CauseVisitsFailed, FaultTenant, true, "Each tenant has a reason of its own.", "“partnerdesk-console tenants show CTX” says why, for each."},

		{CauseProviderFailed, FaultSuperOffice, true, "SuperOffice has trouble of its own.", "Try again in a while; the poller does so by itself."},
		{CauseAnswerUnusable, FaultSuperOffice, true, "The answer is not what SuperOffice documents.", nextReport},
		{CauseTokenRefused, FaultSuperOffice, false, "The token that SuperOffice sent did not pass its checks.", nextReport},
		{CauseKeyUnknown, FaultSuperOffice, true, "SuperOffice's key set does not hold the key that the token names.", "SuperOffice may just have changed its keys: try again in a minute."},
		{CauseTokenTimes, FaultSuperOffice, true, "The token is not valid at this time.", nextReport},
		{CauseWrongTenant, FaultSuperOffice, true, "Another tenant answered.", nextReport},

		{CauseUnreachable, FaultNetwork, true, "The connection failed.", "Check the network connection and the registration's address, then try again."},
		{CauseNameUnknown, FaultNetwork, true, "The server's name cannot be resolved.", "Check the network connection and the registration's address, then try again."},
		{CauseTimedOut, FaultNetwork, true, "No answer came in time.", "Try again."},
		{CauseUntrustedTLS, FaultNetwork, true, "The server's certificate could not be verified, so nothing was sent.", "Check this machine's clock, and whether a proxy stands between this machine and SuperOffice."},
		{CauseUnclear, FaultNetwork, true, "The answer to a save was lost, so nobody knows whether it was carried out.", "Search in SuperOffice before you try again."},
	}
}

// Entry returns what the taxonomy says of c. A name that it does not know, from the store of a newer
// version perhaps, is unexpected.
func (c Cause) Entry() CauseEntry {
	unexpected := CauseEntry{}
	for _, e := range Causes() {
		if e.Cause == c {
			return e
		}
		if e.Cause == CauseUnexpected {
			unexpected = e
		}
	}
	return unexpected
}

// Explain makes the words for a failure of this cause. what says what failed; why and next replace the
// taxonomy's own words where a place knows better ones, and are empty where it does not.
func (c Cause) Explain(what, why, next string) Explanation {
	entry := c.Entry()
	if why == "" {
		why = entry.Why
	}
	if next == "" {
		next = entry.Next
	}
	return Explanation{What: what, Why: why, Next: next, Cause: c, Fault: entry.Fault, Temporary: entry.Heals}
}
