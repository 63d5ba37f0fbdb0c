package main

import (
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"

	"partnerdesk/app"
)

// fyne's own tool packages the program by FyneApp.toml, and the program describes itself in code: a system that sees
// both must see one program.
func TestTheProgramDescribesItselfAsFyneAppTomlDoes(t *testing.T) {
	type details struct{ Name, ID string }
	var file struct {
		Details    details
		Migrations map[string]bool
	}
	if _, err := toml.DecodeFile("../../FyneApp.toml", &file); err != nil {
		t.Fatal(err)
	}
	said := metadata()
	if diff := cmp.Diff(file.Details, details{said.Name, said.ID}); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(file.Migrations, said.Migrations); diff != "" {
		t.Error(diff)
	}
	if said.Version != app.Version() || said.Version == "" {
		t.Errorf("the window's version is %q, About's %q", said.Version, app.Version())
	}
	if len(said.Icon.Content()) == 0 {
		t.Error("no icon")
	}
}
