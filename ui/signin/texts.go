package signin

import "partnerdesk/ui/words"

// TextBusy is why no other sign-in can begin.
const TextBusy words.Phrase = "A sign-in is under way; finish or cancel it first"

const (
	textSignIn             words.Phrase = "Sign in with SuperID"
	textSigningIn          words.Phrase = "Signing in…"
	textSignInTip          words.Phrase = "Opens your browser, where you sign in and approve the app for one tenant"
	textSignInNone         words.Phrase = "Add a registration first"
	textAddRegistration    words.Phrase = "Add registration…"
	textRemoveRegistration words.Phrase = "Remove this registration…"
	textSandboxStays       words.Phrase = "The sandbox registration belongs to the program and stays"
	textPoll               words.Phrase = "Poll"
	textPollTip            words.Phrase = "Exchange tokens and log on to the active tenants in the background"
	textDemonstration      words.Phrase = "Demonstration"
	textDemonstrationTip   words.Phrase = "As the tutorial's console does: exchange the token and log on for every active tenant at every tick"
	textRegistration       words.Phrase = "Registration"
	textProduction         words.Phrase = "PRODUCTION"
	textOpenPage           words.Phrase = "Open again"
	textOpenPageTip        words.Phrase = "Opens the page in the browser once more"
	textCopyLinkTip        words.Phrase = "For another browser on this computer"
	textCancelTip          words.Phrase = "Ends this sign-in; nothing is stored"
	textShowApproval       words.Phrase = "Show the approval page"
	textShowApprovalTip    words.Phrase = "Signs in once more; an administrator can then approve the system user"
	textShowChecks         words.Phrase = "Show all checks"
	textHideChecks         words.Phrase = "Hide the checks"
	textPreparing          words.Phrase = "Preparing the sign-in…"
	textWaiting            words.Phrase = "Waiting for your approval in the browser · %s left"
	textBrowserLost        words.Phrase = "The browser could not be opened from here: copy the link and open it yourself · %s left"
	textLinkCopied         words.Phrase = "The link is on the clipboard, good for this sign-in only · %s left"
	textReturned           words.Phrase = "The browser is back: checking the answer…"
	textCheckFailed        words.Phrase = "Check %d of %d failed: %s."
	textEveryHours         words.Phrase = "every %d h"
	textEveryMinutes       words.Phrase = "every %d min"
	textEverySeconds       words.Phrase = "every %d s"
)
