package assets

import "embed"

// Translations are the window's texts: a file for each part of the window and language, in the form that Fyne's
// lang reads, keyed by the English text. The files named core hold the fixed texts that the core makes.
//
//go:embed translations/*.json
var Translations embed.FS
