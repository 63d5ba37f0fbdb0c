// Package assets holds the files that are built into the programs.
package assets

import _ "embed" // for the page below

//go:embed callback/page.html
var callbackPage string

// CallbackPage is the page on which a sign-in ends in the browser: an html/template whose data has the
// fields Success and Company, or What, Why, Next and Server of a failure, and Nonce for its own style.
func CallbackPage() string { return callbackPage }
