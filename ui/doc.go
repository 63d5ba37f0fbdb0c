// Package ui is the window of Partnerdesk: it puts the regions together, wires them to each other and to the
// workbench, and draws a scene of the store whenever it has changed.
//
// Each region lies in a package of its own below this one and takes only the interface that it needs; what it
// shows is worked out by plain functions in files that end in "model.go". Regions do not know each other. They
// share ui/kit (widgets, layouts, theme), ui/words (texts in the person's language) and ui/logview (the raster
// that shows a million lines, drawn for ui/logpane). None of them knows a protocol, a database or a program.
//
// One rule keeps the window alive: nothing that may wait runs on the user interface's goroutine. All work
// goes through kit.Runner, which owns the goroutines, and every result comes back through it.
package ui
