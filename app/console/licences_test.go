package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"partnerdesk/assets"
)

// Whoever has only the console must be able to read under which terms they have it.
func TestTheConsolePrintsTheLicencesOfAllThatIsInIt(t *testing.T) {
	all, err := assets.Licences()
	if err != nil {
		t.Fatal(err)
	}
	var text, complaints bytes.Buffer
	if status := run([]string{"licences"}, strings.NewReader(""), &text, &complaints); status != exitDone || complaints.Len() != 0 {
		t.Fatalf("status %d, %s", status, &complaints)
	}
	for _, l := range all {
		if !strings.Contains(text.String(), "== "+strings.TrimSpace(l.Module+" "+l.Version)+" ("+l.Kind+")\n") || !strings.Contains(text.String(), strings.TrimSpace(l.Text)) {
			t.Errorf("%s is missing", l.Module)
		}
	}
	text.Reset()
	var told []assets.Licence
	if status := run([]string{"--json", "licences"}, strings.NewReader(""), &text, &complaints); status != exitDone {
		t.Fatalf("status %d, %s", status, &complaints)
	}
	if err := json.Unmarshal(text.Bytes(), &told); err != nil || len(told) != len(all) || told[0] != all[0] {
		t.Errorf("as JSON there are %d, %v", len(told), err)
	}
}
