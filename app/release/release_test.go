//go:build unix

package release

import (
	"regexp"
	"strings"
	"testing"
)

func TestAReleaseIsWrittenCommittedAndTagged(t *testing.T) {
	r := cloned(t)
	r.git("tag", "v0.1.0")
	r.commit("Tea is served")
	said, err := r.try(".ci/release", "0.2.0")
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if got, want := r.read("FyneApp.toml"), "[Details]\nName = \"Partnerdesk\"\nVersion = \"0.2.0\"\nBuild = 8\n"; got != want {
		t.Errorf("FyneApp.toml is %q", got)
	}
	changelog := regexp.MustCompile(`^# Changelog\n\n## Unreleased\n\n## 0\.2\.0 - 20\d\d-\d\d-\d\d\n\n- Tea is served\.\n\n## 0\.1\.0 - 2026-01-02\n\n- The beginning\.\n$`)
	if got := r.read("CHANGELOG.md"); !changelog.MatchString(got) {
		t.Errorf("the CHANGELOG is %q", got)
	}
	if got := r.version(); got != "0.2.0" {
		t.Errorf("what was released says that it is %s", got)
	}
	if got := r.git("cat-file", "-t", "v0.2.0"); got != "tag" {
		t.Errorf("the tag is a %s, and has neither date nor author", got)
	}
	if got := r.git("log", "-1", "--format=%s%n%b"); got != "Partnerdesk 0.2.0\n- Tea is served." {
		t.Errorf("the commit says %q", got)
	}
	if !strings.Contains(said, "git push origin main v0.2.0\n") {
		t.Errorf("what to do next is not told: %s", said)
	}

	if said, err := r.try(".ci/release", "0.3.0"); err == nil || !strings.Contains(said, "nothing below Unreleased") {
		t.Errorf("a release without changes: %v, %s", err, said)
	}
}

func TestAReleaseThatCannotBeMadeChangesNothing(t *testing.T) {
	for _, c := range []struct {
		name, version string
		prepare       func(r *repository)
		want          string
	}{
		{"no version", "", nil, "must look like 1.2.3"},
		{"a version of two numbers", "0.2", nil, "must look like 1.2.3"},
		{"with the letter of the tag", "v0.2.0", nil, "must look like 1.2.3"},
		{"a leading zero", "0.02.0", nil, "must look like 1.2.3"},
		{"a candidate", "0.2.0-rc.1", nil, "must look like 1.2.3"},
		{"a changed file", "0.2.0", func(r *repository) { r.write("FyneApp.toml", "") }, "not committed"},
		{"a new file", "0.2.0", func(r *repository) { r.write("new.go", "") }, "not committed"},
		{"another branch", "0.2.0", func(r *repository) { r.git("switch", "--quiet", "--create", "try") }, "this is try"},
		{"no branch", "0.2.0", func(r *repository) { r.git("switch", "--quiet", "--detach") }, "no branch"},
		{"made before", "0.2.0", func(r *repository) { r.git("tag", "v0.2.0") }, "v0.2.0 exists already"},
		{"older than the newest", "0.9.0", func(r *repository) { r.git("tag", "v0.9.1"); r.git("tag", "v0.10.0") }, "0.9.0 is older than v0.10.0"},
		{"no changes", "0.2.0", func(r *repository) {
			r.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n## 0.1.0 - 2026-01-02\n\n- The beginning.\n")
			r.commit("Nothing happened")
		}, "nothing below Unreleased"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := cloned(t)
			if c.prepare != nil {
				c.prepare(r)
			}
			before := r.git("status", "--porcelain") + r.git("rev-parse", "HEAD") + r.git("tag")
			var args []string
			if c.version != "" {
				args = []string{c.version}
			}
			said, err := r.try(".ci/release", args...)
			if err == nil || !strings.Contains(said, c.want) {
				t.Errorf("%v: %s", err, said)
			}
			if after := r.git("status", "--porcelain") + r.git("rev-parse", "HEAD") + r.git("tag"); after != before {
				t.Errorf("changed from %s to %s", before, after)
			}
		})
	}
}
