package app

import "runtime/debug"

// number is the version of a build that carries no git tag; FyneApp.toml says the same.
const number = "0.1.0"

// Version is the program's version: the git tag of a released build, else the number and the commit.
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
