package logpane

import "partnerdesk/ui/words"

// The texts of the live log.
const (
	textLog          words.Phrase = "Live log"
	textAllLevels    words.Phrase = "All levels"
	textInfoUp       words.Phrase = "Info and worse"
	textWarningsUp   words.Phrase = "Warnings and errors"
	textErrorsOnly   words.Phrase = "Errors only"
	textAllTenants   words.Phrase = "All tenants"
	textChosenTenant words.Phrase = "Chosen tenant"
	textAllSteps     words.Phrase = "All steps"
	textStep         words.Phrase = "Step %d"
	textBoth         words.Phrase = "Both programs"
	textDesktop      words.Phrase = "This window"
	textConsole      words.Phrase = "Console"
	textCopyField    words.Phrase = "A click copies this field"
	textFieldCopied  words.Phrase = "copied"

	textFilterLog    words.Phrase = "Filter lines…"
	textFindInLog    words.Phrase = "Find in the lines shown…"
	textRegexp       words.Phrase = "Regex"
	textRegexpTip    words.Phrase = "What is filtered by and looked for is a regular expression"
	textFollow       words.Phrase = "Follow"
	textFollowTip    words.Phrase = "Keep the newest line in view; scrolling up turns it off"
	textCopyLines    words.Phrase = "Copy the marked lines"
	textExport       words.Phrase = "Export…"
	textExportTip    words.Phrase = "Write the lines that the filter shows to a file"
	textAsText       words.Phrase = "As text"
	textAsJSON       words.Phrase = "As JSON lines, with all fields"
	textAsCSV        words.Phrase = "As a table (CSV), with all fields"
	textClearTip     words.Phrase = "Show all lines again"
	textNoFilter     words.Phrase = "No filter is set"
	textFindTip      words.Phrase = "Find in the log"
	textPrevious     words.Phrase = "Previous match (Shift+F3)"
	textNext         words.Phrase = "Next match (F3)"
	textCloseFind    words.Phrase = "End the search"
	textMatchOf      words.Phrase = "%s of %s"
	textNoMatches    words.Phrase = "No matches"
	textSearching    words.Phrase = "Searching… %d %%"
	textNewest       words.Phrase = "Jump to newest"
	textBadPattern   words.Phrase = "This is not a regular expression: %s"
	textShownOf      words.Phrase = "%s of %s"
	textDetails      words.Phrase = "All fields of the line"
	textCopyDetails  words.Phrase = "Copy all fields"
	textCloseDetails words.Phrase = "Close (Escape)"
	textNotFound     words.Phrase = "The journal does not have this line any more; this is what the log knows of it."
)

// The captions of a line's fields. Fields that have no place of their own stand under their keys.
const (
	captionTime         words.Phrase = "Time"
	captionLevel        words.Phrase = "Level"
	captionStep         words.Phrase = "Step"
	captionProgram      words.Phrase = "Program"
	captionComponent    words.Phrase = "Component"
	captionRegistration words.Phrase = "Registration"
	captionTenant       words.Phrase = "Tenant"
	captionUser         words.Phrase = "User"
	captionRemote       words.Phrase = "Remote address"
	captionMessage      words.Phrase = "Message"
)

// The texts of an export.
const (
	textExportTitle   words.Phrase = "Export the log"
	textExportHint    words.Phrase = "Writes the lines that the filter shows now. They name customers and users: only you can read the file."
	textFormat        words.Phrase = "Format"
	textExportAct     words.Phrase = "Export"
	textExporting     words.Phrase = "Exporting the log…"
	textExportingDone words.Phrase = "Exporting the log… %d %%"
	textReplaceFile   words.Phrase = "Replace it"
	textExportFailed  words.Phrase = "The log could not be written to %s."
	textExportTaken   words.Phrase = "Choose another name, or replace it."
	nextExportFailed  words.Phrase = "Choose another place and export again."
)

func textLines() words.Plural { return words.Plural{One: "%s line", Other: "%s lines"} }

func textMatches() words.Plural { return words.Plural{One: "%s match", Other: "%s matches"} }

func textNewLines() words.Plural {
	return words.Plural{One: "Jump to newest (%s new)", Other: "Jump to newest (%s new)"}
}

func textLogSaved() words.Plural {
	return words.Plural{One: "Saved %s line of the log to %s.", Other: "Saved %s lines of the log to %s."}
}
