// Package logpane is the live log at the bottom of the window: a view of all lines with its filters, a search, the
// fields of one line, and the export. It keeps lines, not events; all fields of a line it reads from the journal.
package logpane
