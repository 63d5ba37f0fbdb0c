package app

import "runtime/debug"

// number is the version; FyneApp.toml says the same.
const number = "0.1.0"

// Version is the program's version: the number, and the commit where the build knows it.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return number
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 7 {
			return number + " (" + s.Value[:7] + ")"
		}
	}
	return number
}
