// Package ui is the window of Partnerdesk: regions, view models and theme.
//
// It asks the workbench through the small interfaces of options.go and knows no protocol, no database and
// no program. Each region of the window has a file of its own: signinbar.go (top), steps.go (the ten
// steps), tenants.go (left), tenantpanel.go and company.go (middle), logpanel.go (bottom). What they show
// is worked out by plain functions in the files that end in "model.go", in format.go and in texts.go.
//
// One rule keeps the window alive: nothing that may wait runs on the user interface's goroutine. All work
// goes through the runner of hop.go, which owns the goroutines, and every result comes back through it.
package ui
