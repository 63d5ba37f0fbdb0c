package ui

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"partnerdesk/ui/kit"
	"partnerdesk/ui/kit/kittest"
)

func TestTheGuideTellsTheShortcutsThatAre(t *testing.T) {
	b := open(t, kit.Light, kittest.StoreOf(kittest.Nordlys()))
	var table strings.Builder
	table.WriteString("| keys | what they do |\n|---|---|\n")
	for _, g := range shortcutGroups(b.sections()) {
		fmt.Fprintf(&table, "| **%s** | |\n", g.name)
		for _, r := range g.rows {
			fmt.Fprintf(&table, "| %s | %s |\n", r.Caption, r.Value)
		}
	}
	guide, err := os.ReadFile("../assets/guide/guide.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(guide), "\n"+table.String()+"\n") {
		t.Errorf("assets/guide/guide.md does not have the table of the shortcuts; it should be:\n%s", &table)
	}
}
