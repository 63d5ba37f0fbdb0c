//go:build unix

// Package release has no program: it tests the scripts in .ci that name a version, make a release of it and pack it, in
// small repositories of their own.
package release

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// root is where the scripts are, seen from here.
const root = "../.."

// repository is a checkout that has of Partnerdesk only what the scripts read.
type repository struct {
	t   *testing.T
	dir string
}

// unpacked is what a source archive holds: the files, and no repository.
func unpacked(t *testing.T) *repository {
	t.Helper()
	for _, program := range []string{"bash", "git"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("the scripts need it: %v", err)
		}
	}
	r := &repository{t: t, dir: t.TempDir()}
	for _, script := range []string{"version", "release"} {
		content, err := os.ReadFile(filepath.Join(root, ".ci", script))
		if err != nil {
			t.Fatal(err)
		}
		r.write(".ci/"+script, string(content))
	}
	r.write("FyneApp.toml", "[Details]\nName = \"Partnerdesk\"\nVersion = \"0.1.0\"\nBuild = 7\n")
	r.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n- Tea is served.\n\n## 0.1.0 - 2026-01-02\n\n- The beginning.\n")
	return r
}

// cloned is the same under git, with one commit on main.
func cloned(t *testing.T) *repository {
	t.Helper()
	r := unpacked(t)
	r.git("init", "--quiet", "--initial-branch=main")
	r.commit("The beginning")
	return r
}

func (r *repository) write(name, content string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
		r.t.Fatal(err)
	}
}

func (r *repository) read(name string) string {
	r.t.Helper()
	content, err := os.ReadFile(filepath.Join(r.dir, name))
	if err != nil {
		r.t.Fatal(err)
	}
	return string(content)
}

// try runs a program in the repository, with a git that knows nobody's settings.
func (r *repository) try(name string, args ...string) (string, error) {
	command := exec.CommandContext(r.t.Context(), name, args...)
	command.Dir = r.dir
	command.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + r.dir, "LC_ALL=C", "GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.com", "GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.com",
	}
	said, err := command.CombinedOutput()
	return strings.TrimSpace(string(said)), err
}

func (r *repository) git(args ...string) string {
	r.t.Helper()
	said, err := r.try("git", args...)
	if err != nil {
		r.t.Fatalf("git %v: %v\n%s", args, err, said)
	}
	return said
}

func (r *repository) commit(subject string) {
	r.t.Helper()
	r.git("add", "--all")
	r.git("commit", "--quiet", "--allow-empty", "--message", subject)
}

// version is what .ci/version prints.
func (r *repository) version() string {
	r.t.Helper()
	said, err := r.try(".ci/version")
	if err != nil {
		r.t.Fatalf(".ci/version: %v\n%s", err, said)
	}
	return said
}

// head is the commit as a version names it.
func (r *repository) head() string { return "g" + r.git("rev-parse", "HEAD")[:7] }
