package assets

import _ "embed" // for the icon

// Icon is the program's icon as SVG: a desk's list of tenants, each with its state.
//
//go:embed icon.svg
var Icon []byte
