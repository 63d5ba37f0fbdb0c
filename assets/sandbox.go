package assets

import "embed"

// SandboxPages are the HTML templates and the style sheet of the sandbox, below the folder sandbox.
//
//go:embed sandbox
var SandboxPages embed.FS
