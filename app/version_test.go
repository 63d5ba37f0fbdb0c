package app

import (
	"runtime/debug"
	"testing"
)

// Expectations are what Go 1.26 writes into a program that was built in such a checkout.
func TestWithoutAStampTheVersionIsWhatGoKnowsOfTheCommit(t *testing.T) {
	const commit = "fc0d7e1c9f7a3b5d8e2a4c6b1d9e7f5a3c1b2d4e"
	for _, c := range []struct {
		name, main, commit, modified, want string
	}{
		{"at a tag", "v0.2.0", commit, "false", "0.2.0"},
		{"at a tag, changed since", "v0.2.0+dirty", commit, "true", "0.2.0+0.gfc0d7e1.dirty"},
		{"after a tag", "v0.2.1-0.20261123032146-fc0d7e1c9f7a", commit, "false", "0.2.0+gfc0d7e1"},
		{"after a tag, changed since", "v0.2.1-0.20261123032146-fc0d7e1c9f7a+dirty", commit, "true", "0.2.0+gfc0d7e1.dirty"},
		{"before each tag", "v0.0.0-20261123032146-fc0d7e1c9f7a", commit, "false", "0.0.0+gfc0d7e1"},
		{"no version, but a commit", "(devel)", commit, "false", "0.0.0+gfc0d7e1"},
		{"without a repository", "(devel)", "", "", "0.0.0+unknown"},
		{"a test", "", "", "", "0.0.0+unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			info := &debug.BuildInfo{Main: debug.Module{Path: "partnerdesk", Version: c.main}}
			if c.commit != "" {
				info.Settings = []debug.BuildSetting{{Key: "vcs", Value: "git"}, {Key: "vcs.revision", Value: c.commit}, {Key: "vcs.modified", Value: c.modified}}
			}
			if got := versionOf(info); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
