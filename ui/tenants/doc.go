// Package tenants is the window's table of all tenants of all registrations.
//
// Fyne's own table selects cells, and shows what does not fit cut off; this one selects rows, one or many, and lets
// the less important columns give way. What is shown, in which order, is worked out in the files ending model.go
// from a [Roster], which is made off the user interface's goroutine; [Table] draws only the rows that are seen.
package tenants
