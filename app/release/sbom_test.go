//go:build unix

package release

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// bill is what the tests read of CycloneDX 1.6, https://cyclonedx.org/docs/1.6/json.
type bill struct {
	Format       string `json:"bomFormat"`
	Spec         string `json:"specVersion"`
	SerialNumber string `json:"serialNumber"`
	Metadata     struct {
		Timestamp string
		Component component
	}
	Components   []component
	Dependencies []struct{ Ref string }
}

type component struct {
	Type, Name, Version string
	Ref                 string `json:"bom-ref"`
	URL                 string `json:"purl"`
	Hashes              []struct{ Alg, Content string }
	Evidence            struct {
		Licenses []struct{ License struct{ ID string } }
	}
}

// build makes a program of this checkout, and returns its file.
func build(t *testing.T, room string, flags ...string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), filepath.Base(room))
	args := slices.Concat([]string{"build"}, flags, []string{"-o", program, "partnerdesk/" + room})
	if said, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput(); err != nil {
		t.Fatalf("go %v: %v\n%s", args, err, said)
	}
	return program
}

// materials lets .ci/sbom write a program's bill.
func materials(t *testing.T, program string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "bill.cdx.json")
	command := exec.CommandContext(t.Context(), filepath.Join(root, ".ci", "sbom"), program, file)
	command.Env = append(os.Environ(), "VERSION=0.2.0+3.gfc0d7e1")
	if said, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestABillOfMaterialsNamesWhatIsLinked(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	required, err := modfile.Parse("go.mod", content, nil)
	if err != nil {
		t.Fatal(err)
	}
	versions := map[string]string{}
	for _, r := range required.Require {
		versions[r.Mod.Path] = r.Mod.Version
	}
	const window = "fyne.io/fyne/v2"
	both := []string{"go.etcd.io/bbolt", "github.com/golang-jwt/jwt/v5", "golang.org/x/oauth2", "golang.org/x/crypto"}
	for _, c := range []struct {
		room       string
		flags      []string
		has, lacks []string
	}{
		{"app/console", nil, append(both, "github.com/alecthomas/kong"), []string{window, "github.com/chromedp/chromedp"}},
		{"app/desktop", []string{"-tags", "migrated_fynedo"}, append(both, window), []string{"github.com/alecthomas/kong", "github.com/chromedp/chromedp"}},
	} {
		t.Run(c.room, func(t *testing.T) {
			program := build(t, c.room, c.flags...)
			written := materials(t, program)
			var b bill
			if err := json.Unmarshal(written, &b); err != nil {
				t.Fatal(err)
			}
			main := b.Metadata.Component
			if b.Format != "CycloneDX" || b.Spec != "1.6" || main.Type != "application" || main.Name != "partnerdesk" || main.Version != "0.2.0+3.gfc0d7e1" {
				t.Errorf("%s %s of %+v", b.Format, b.Spec, main)
			}
			linked := map[string]string{}
			for _, m := range b.Components {
				linked[m.Name] = m.Version
				m.complete(t)
				if want := versions[m.Name]; m.Name != "std" && m.Version != want {
					t.Errorf("%s is %s, go.mod requires %s", m.Name, m.Version, want)
				}
				if !slices.ContainsFunc(b.Dependencies, func(d struct{ Ref string }) bool { return d.Ref == m.Ref }) {
					t.Errorf("nobody says what %s depends on", m.Ref)
				}
			}
			for _, name := range append(c.has, "std") {
				if linked[name] == "" {
					t.Errorf("%s is linked, and not named", name)
				}
			}
			for _, name := range c.lacks {
				if linked[name] != "" {
					t.Errorf("%s is named, and not linked", name)
				}
			}
			if b.SerialNumber != "" || b.Metadata.Timestamp != "" || !bytes.Equal(written, materials(t, program)) {
				t.Error("the same program has another bill each time")
			}
		})
	}
}

// complete reports what a module's entry lacks that a scanner for vulnerabilities, or a lawyer, looks for.
func (c component) complete(t *testing.T) {
	t.Helper()
	if !strings.HasPrefix(c.URL, "pkg:golang/"+c.Name+"@"+c.Version) {
		t.Errorf("%s %s has the package URL %q", c.Name, c.Version, c.URL)
	}
	if c.Name == "std" { // comes with the compiler, not as a module
		return
	}
	if len(c.Hashes) != 1 || c.Hashes[0].Alg != "SHA-256" || len(c.Hashes[0].Content) != 64 {
		t.Errorf("%s has the checksums %v", c.Name, c.Hashes)
	}
	if len(c.Evidence.Licenses) == 0 {
		t.Errorf("%s has no licence", c.Name)
	}
}
