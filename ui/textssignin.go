package ui

import "partnerdesk/ui/words"

// The texts of sign-in, steps and poller.
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
	textTakeOver           words.Phrase = "Take over"
	textTakingOver         words.Phrase = "Asking…"
	textTakeOverTip        words.Phrase = "Asks the other process to finish what is under way and to let this window poll; it then stands by"
	textDemonstration      words.Phrase = "Demonstration"
	textDemonstrationTip   words.Phrase = "As the tutorial's console does: exchange the token and log on for every active tenant at every tick"
	textOpenPage           words.Phrase = "Open again"
	textShowApproval       words.Phrase = "Show the approval page"
	textShowApprovalTip    words.Phrase = "Signs in once more; an administrator can then approve the system user"
	textShowChecks         words.Phrase = "Show all checks"
	textHideChecks         words.Phrase = "Hide the checks"
)
