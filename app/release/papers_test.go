//go:build unix

package release

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// FyneApp.toml, the CHANGELOG and the tag name the same release: .ci/release writes all three, and nobody by hand.
func TestThePapersNameTheNewestRelease(t *testing.T) {
	var file struct {
		Details struct {
			Version string
			Build   int
		}
	}
	if _, err := toml.DecodeFile(filepath.Join(root, "FyneApp.toml"), &file); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(file.Details.Version) || file.Details.Build < 1 {
		t.Errorf("FyneApp.toml has version %q and build %d", file.Details.Version, file.Details.Build)
	}
	changelog, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	sections := regexp.MustCompile(`(?m)^## (.*)$`).FindAllStringSubmatch(string(changelog), -1)
	if len(sections) == 0 || sections[0][1] != "Unreleased" {
		t.Fatalf("the CHANGELOG begins with %q, not with what is unreleased", sections)
	}
	if len(sections) > 1 { // else nothing was released yet
		newest, date, dated := strings.Cut(sections[1][1], " - ")
		if newest != file.Details.Version || !dated || !regexp.MustCompile(`^\d{4}-\d\d-\d\d$`).MatchString(date) {
			t.Errorf("the CHANGELOG's newest release is %q, FyneApp.toml's %s", sections[1][1], file.Details.Version)
		}
	}
	here, err := exec.CommandContext(t.Context(), filepath.Join(root, ".ci", "version")).Output()
	if err != nil {
		t.Fatal(err)
	}
	if released, _, _ := strings.Cut(strings.TrimSpace(string(here)), "+"); released != file.Details.Version {
		t.Errorf("the tag says %s, FyneApp.toml %s", released, file.Details.Version)
	}
}
