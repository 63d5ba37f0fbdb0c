package assets

import _ "embed" // for the icon

// Icon is the program's icon as SVG: a desk's list of tenants, each with its state.
//
//go:embed icon.svg
var Icon []byte

// IconPicture is the same as PNG, 256 pixels wide: a system wants pixels for a window's icon, and drawing the SVG
// would hold up the window's first frame by a fifth.
//
//go:embed Icon.png
var IconPicture []byte
