//go:build unix

package release

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTheVersionComesFromTheTag(t *testing.T) {
	r := cloned(t)
	expect := func(when, want string) {
		t.Helper()
		if got := r.version(); got != want {
			t.Errorf("%s: %s, want %s", when, got, want)
		}
	}
	expect("before each tag", "0.1.0+"+r.head())

	r.git("tag", "--annotate", "--message", "Partnerdesk 0.2.0", "v0.2.0")
	expect("at the tag", "0.2.0")

	r.commit("Coffee too")
	r.commit("And cake")
	expect("two commits after it", "0.2.0+2."+r.head())

	r.git("tag", "v0.3.0-rc.1")
	r.git("tag", "vintage")
	expect("at tags that name no release", "0.2.0+2."+r.head())

	r.git("tag", "v0.10.0")
	expect("at a tag without a message", "0.10.0")
}

func TestWhatIsNotCommittedIsInTheVersion(t *testing.T) {
	r := cloned(t)
	r.write("notes.txt", "not git's")
	if got, want := r.version(), "0.1.0+"+r.head(); got != want {
		t.Errorf("with a file of nobody: %s, want %s", got, want)
	}
	r.write("CHANGELOG.md", "changed")
	if got, want := r.version(), "0.1.0+"+r.head()+".dirty"; got != want {
		t.Errorf("before each tag: %s, want %s", got, want)
	}
	r.git("tag", "v0.2.0")
	if got, want := r.version(), "0.2.0+0."+r.head()+".dirty"; got != want {
		t.Errorf("at a tag: %s, want %s", got, want)
	}
	r.git("add", "CHANGELOG.md")
	if got, want := r.version(), "0.2.0+0."+r.head()+".dirty"; got != want {
		t.Errorf("in the index: %s, want %s", got, want)
	}
}

func TestASourceArchiveHasTheNumberOfItsFile(t *testing.T) {
	r := unpacked(t)
	if got := r.version(); got != "0.1.0" {
		t.Errorf("without a repository: %s", got)
	}
	// Unpacked inside a repository of somebody else, whose tags are not ours.
	other := cloned(t)
	other.git("tag", "v7.0.0")
	inside := &repository{t: t, dir: filepath.Join(other.dir, "vendor")}
	if err := os.CopyFS(inside.dir, os.DirFS(r.dir)); err != nil {
		t.Fatal(err)
	}
	if got := inside.version(); got != "0.1.0" {
		t.Errorf("in somebody else's repository: %s", got)
	}
	other.git("init", "--quiet", "vendor")
	if got := inside.version(); got != "0.1.0" {
		t.Errorf("before the first commit: %s", got)
	}
}

func TestABrokenRepositoryDoesNotPassForARelease(t *testing.T) {
	r := cloned(t)
	r.git("tag", "v0.1.0")
	if err := os.Remove(filepath.Join(r.dir, ".git", "HEAD")); err != nil {
		t.Fatal(err)
	}
	if said, err := r.try(".ci/version"); err == nil {
		t.Errorf("it says %s", said)
	}
}
