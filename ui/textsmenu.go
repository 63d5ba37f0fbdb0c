package ui

import "partnerdesk/ui/words"

// The texts of the main menu, of the shortcuts, and of the tray.
const (
	textFile    words.Phrase = "File"
	textTenant  words.Phrase = "Tenant"
	textPoller  words.Phrase = "Poller"
	textLogMenu words.Phrase = "Log"
	textView    words.Phrase = "View"
	textHelp    words.Phrase = "Help"

	textSignIn               words.Phrase = "Sign in with SuperID"
	textAddRegistration      words.Phrase = "Add registration…"
	textEditRegistration     words.Phrase = "Edit this registration…"
	textRemoveRegistration   words.Phrase = "Remove this registration…"
	textQuit                 words.Phrase = "Quit"
	textImport               words.Phrase = "Import customers…"
	textExportCustomers      words.Phrase = "Export customers…"
	textBackup               words.Phrase = "Make a backup…"
	textRestore              words.Phrase = "Restore a backup…"
	textSettings             words.Phrase = "Settings…"
	textLogOnNowCommand      words.Phrase = "Log on now"
	textActiveCommand        words.Phrase = "Active"
	textSignInAgainCommand   words.Phrase = "Sign in again"
	textCopyTenantCommand    words.Phrase = "Copy tenant"
	textCreateAsLoginUser    words.Phrase = "Create company as login user"
	textCreateAsSystemUser   words.Phrase = "Create company as system user"
	textCheckCommand         words.Phrase = "Check this tenant"
	textSignOutCommand       words.Phrase = "Sign out…"
	textRemoveCommand        words.Phrase = "Remove tenant…"
	textPollCommand          words.Phrase = "Poll"
	textDemonstrationCommand words.Phrase = "Demonstration"
	textTakeOverCommand      words.Phrase = "Take polling over"
	textFindInLog            words.Phrase = "Find in the log"
	textClearFilters         words.Phrase = "Clear the filters"
	textFollowCommand        words.Phrase = "Follow"
	textCopyLinesCommand     words.Phrase = "Copy selected lines"
	textExportCommand        words.Phrase = "Export…"
	textFilterTenantsCommand words.Phrase = "Filter the tenants"
	textNextRegion           words.Phrase = "Next region"
	textPreviousRegion       words.Phrase = "Previous region"
	textShowSteps            words.Phrase = "The ten steps"
	textAbout                words.Phrase = "About Partnerdesk"
	textLicences             words.Phrase = "Licences"
	textEditBarred           words.Phrase = "the sandbox's is made anew at each start"
	textShortcuts            words.Phrase = "Keyboard shortcuts"

	textUnavailable       words.Phrase = "%s (%s)"
	textNoTenantChosen    words.Phrase = "No tenant is chosen"
	textNothingToTakeOver words.Phrase = "no other process polls"

	textEverywhere    words.Phrase = "Everywhere"
	textKeyTab        words.Phrase = "Tab"
	textKeyReturn     words.Phrase = "Return"
	textKeyEscape     words.Phrase = "Escape"
	textKeyCtrl       words.Phrase = "Ctrl"
	textKeyShift      words.Phrase = "Shift"
	textKeyAlt        words.Phrase = "Alt"
	textTabMoves      words.Phrase = "Next control"
	textReturnPresses words.Phrase = "Press the control in focus"
	textEscapeCloses  words.Phrase = "Close a notice, a form or a menu"
	textAltOpens      words.Phrase = "Open the menu"
	textClose         words.Phrase = "Close"

	textOpenWindow     words.Phrase = "Open Partnerdesk"
	textNoneAttention  words.Phrase = "No tenant needs attention"
	textKeepPolling    words.Phrase = "Keep polling in the background?"
	textKeepPollingWhy words.Phrase = "The window closes and the poller goes on; the icon in the tray opens the window again. Your answer is remembered."
	textKeepYes        words.Phrase = "Keep polling"
	textKeepNo         words.Phrase = "Quit"

	textAttentionOne   words.Phrase = "%s needs attention"
	textAttentionMore  words.Phrase = "and %s more"
	textAttentionPlain words.Phrase = "The poller cannot log on to it."
)

// textSaved takes the file after the number.
var textSaved = words.Plural{One: "Saved %s line of the log to %s.", Other: "Saved %s lines of the log to %s."}

var textAttention = words.Plural{One: "%s tenant needs attention", Other: "%s tenants need attention"}
