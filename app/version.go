package app

import (
	"runtime/debug"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// version is what .ci/version says of the checkout that this program was built from. The build stamps it:
//
//	go build -ldflags "-X partnerdesk/app.version=$(.ci/version)"
var version string

// Version is the program's version as Semantic Versioning writes it: 0.2.0 for a release, 0.2.0+12.gfc0d7e1 for what
// was built twelve commits after it. A program that was built without the stamp tells what Go knows of its commit.
func Version() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return unknown
	}
	return versionOf(info)
}

// unknown is the version where nobody knows anything. It is older than each release.
const unknown = "0.0.0+unknown"

// shortCommit is how many digits of a commit .ci/version shows.
const shortCommit = 7

// versionOf makes of Go's build information what .ci/version would say. Go does not tell how many commits lie between
// the tag and the build, so that number is missing. See https://go.dev/ref/mod#pseudo-versions.
func versionOf(info *debug.BuildInfo) string {
	commit, dirty := "", false
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			commit = s.Value
		case "vcs.modified":
			dirty = s.Value == "true"
		}
	}
	base, _, _ := strings.Cut(info.Main.Version, "+") // Go's own +dirty
	tagged := semver.IsValid(base) && !module.IsPseudoVersion(base)
	switch {
	case tagged && !dirty:
		return strings.TrimPrefix(base, "v")
	case len(commit) < shortCommit:
		return unknown
	case !tagged:
		var err error
		if base, err = module.PseudoVersionBase(base); err != nil || base == "" {
			base = "v0.0.0" // no tag is known
		}
	}
	build := "+g" + commit[:shortCommit]
	if tagged {
		build = "+0.g" + commit[:shortCommit]
	}
	if dirty {
		build += ".dirty"
	}
	return strings.TrimPrefix(base, "v") + build
}
