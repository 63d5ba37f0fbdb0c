package app

import "runtime/debug"

// Version is the program's version: the git tag of a released build, or what the Go toolchain knows.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return developmentVersion
	}
	return info.Main.Version
}

// developmentVersion is what a build from a plain checkout calls itself; it is FyneApp.toml's Version.
const developmentVersion = "0.1.0"
