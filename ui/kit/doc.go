// Package kit is what the window's regions are built of: widgets that the keyboard can work, layouts that know their
// height for a width, inline notices, the theme, and the [Runner], the one place where work leaves the user
// interface's goroutine and where results come back to it.
package kit
