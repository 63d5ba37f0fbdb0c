//go:build !windows

package main

import (
	"fmt"
	"os"
)

// tell says why the program ends, to whoever started it.
func tell(what string) { fmt.Fprintln(os.Stderr, what) }

// withoutOpenGL says that the window cannot be opened, and returns the exit status.
func withoutOpenGL([]string) int {
	tell(textNoOpenGL.String())
	return exitNoScreen
}
