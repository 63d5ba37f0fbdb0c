package ui

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
	textFilterLog    words.Phrase = "Find in the log…"
	textFollow       words.Phrase = "Follow"
	textFollowTip    words.Phrase = "Keep the newest line in view; scrolling up turns it off"
	textCopyLines    words.Phrase = "Copy the marked lines"
	textExport       words.Phrase = "Export…"
	textExportTip    words.Phrase = "Write the lines that the filter shows to a file"
	textClearTip     words.Phrase = "Show all lines again"
	textNoFilter     words.Phrase = "No filter is set"
)
