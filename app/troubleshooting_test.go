package app_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/template"

	"partnerdesk/core/tenant"
)

const (
	troubleshootingFile     = "../assets/guide/troubleshooting.md"
	troubleshootingTemplate = "testdata/troubleshooting.md.tmpl"
)

// TestTroubleshooting makes the page for a person in trouble from the taxonomy, and from the fault matrix, which knows
// how to bring a cause about. What no program can know is in the template. A difference fails; -update writes the page.
func TestTroubleshooting(t *testing.T) {
	page, err := template.New(filepath.Base(troubleshootingTemplate)).
		Funcs(template.FuncMap{"title": causeTitle, "anchor": anchorOf}).ParseFiles(troubleshootingTemplate)
	if err != nil {
		t.Fatal(err)
	}
	matrix := readMatrix(t)
	var got bytes.Buffer
	if err := page.Execute(&got, map[string]any{
		"Causes": tenant.Causes(), "Faults": faultSections(t, matrix),
		"Deeds": deedsWithCauses(matrix), "Elsewhere": causesElsewhere(matrix),
	}); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(troubleshootingFile, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(troubleshootingFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%s is stale: go test ./app -run TestTroubleshooting -update", troubleshootingFile)
	}
}

// faultSection is one side on which a problem can lie.
type faultSection struct {
	Fault         tenant.Fault
	Heading, Talk string
	Causes        []causeSection
}

// causeSection is a cause with ways to see it.
type causeSection struct {
	tenant.CauseEntry
	Switches []seen
}

// faultSections are all sides with their causes, in the taxonomy's order.
func faultSections(t *testing.T, matrix []sight) []faultSection {
	t.Helper()
	talk := map[tenant.Fault][2]string{
		tenant.FaultPerson:       {"You, at the program", "Nobody else: whoever sits at the program can put it right, or knows whom to ask."},
		tenant.FaultMachine:      {"This machine", "Whoever looks after this computer: files, ports, clock, browser, secret store."},
		tenant.FaultRegistration: {"The app's registration", "Whoever has access to your company's Developer Portal: client id, secret, key, redirect URI."},
		tenant.FaultConsent:      {"The customer's approval", "The customer's administrator, who must approve the app or sign in."},
		tenant.FaultTenant:       {"The tenant", "The customer, or SuperOffice on the customer's behalf: it is about their installation."},
		tenant.FaultSuperOffice:  {"SuperOffice", "SuperOffice, if it lasts: its identity provider or its platform does not do what it should."},
		tenant.FaultNetwork:      {"The network", "Whoever looks after the network between here and SuperOffice: name resolution, firewall, proxy."},
	}
	var sections []faultSection
	for _, entry := range tenant.Causes() {
		if n := len(sections); n == 0 || sections[n-1].Fault != entry.Fault {
			words, known := talk[entry.Fault]
			if !known {
				t.Fatalf("the page does not know whom to talk to about the fault %q", entry.Fault)
			}
			sections = append(sections, faultSection{Fault: entry.Fault, Heading: words[0], Talk: words[1]})
		}
		last := &sections[len(sections)-1]
		last.Causes = append(last.Causes, causeSection{entry, waysToSee(matrix, entry.Cause)})
	}
	return sections
}

// causeTitle is a cause's name as a heading, of which the name is the anchor.
func causeTitle(c tenant.Cause) string {
	words := strings.NewReplacer("-uri-", " URI ", "-", " ").Replace(string(c))
	return strings.ToUpper(words[:1]) + words[1:]
}

// anchorOf is a heading's anchor, where the heading is of letters, blanks, commas and apostrophes.
func anchorOf(heading string) string {
	return strings.NewReplacer(" ", "-", ",", "", "'", "").Replace(strings.ToLower(heading))
}

// sight is one cell of the fault matrix: a cause that was seen.
type sight struct {
	name  string // of the switch
	deed  string
	cause tenant.Cause
	soap  bool
}

// readMatrix reads the matrix as [writeMatrix] has written it.
func readMatrix(t *testing.T) []sight {
	t.Helper()
	content, err := os.ReadFile(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	var sights []sight
	soap := false
	for line := range strings.Lines(string(content)) {
		if heading, is := strings.CutPrefix(line, "## "); is {
			soap = strings.HasSuffix(strings.TrimSpace(heading), "by SOAP")
		}
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		line = strings.ReplaceAll(line, `\|`, "/") // a bar within a description
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if len(cells) != 2+len(deeds()) {
			t.Fatalf("the matrix has a row of %d cells: %s", len(cells), line)
		}
		for i, d := range deeds() {
			outcome, _, _ := strings.Cut(strings.TrimSpace(cells[2+i]), " · ")
			if cause, is := causeIn(outcome); is {
				sights = append(sights, sight{strings.Trim(cells[0], " `"), d.name, cause, soap})
			}
		}
	}
	if len(sights) < 100 {
		t.Fatalf("the matrix shows a cause %d times only", len(sights))
	}
	return sights
}

// causeIn finds the cause at the end of an outcome, such as "not created: consent-revoked".
func causeIn(outcome string) (tenant.Cause, bool) {
	words := strings.Fields(outcome)
	if len(words) == 0 {
		return "", false
	}
	c := tenant.Cause(words[len(words)-1])
	return c, slices.ContainsFunc(tenant.Causes(), func(e tenant.CauseEntry) bool { return e.Cause == c })
}

// seen is a switch of the sandbox that brings a cause about.
type seen struct {
	Name  string
	SOAP  bool
	deeds []string
}

// Deeds are what shows the cause while the switch is on.
func (s seen) Deeds() string {
	if n := len(s.deeds); n > 1 {
		return strings.Join(s.deeds[:n-1], ", ") + " or " + s.deeds[n-1]
	}
	return s.deeds[0]
}

// waysToSee are the first switches with which each deed shows the cause that shows it at all. SOAP, which a
// registration must have chosen, is named for what REST does not show.
func waysToSee(matrix []sight, c tenant.Cause) []seen {
	var ways []seen
	covered := map[string]bool{}
	for _, soap := range []bool{false, true} {
		for _, s := range matrix {
			if s.cause != c || s.soap != soap || covered[s.deed] {
				continue
			}
			covered[s.deed] = true
			if n := len(ways); n == 0 || ways[n-1].Name != s.name || ways[n-1].SOAP != soap {
				ways = append(ways, seen{Name: s.name, SOAP: soap})
			}
			last := &ways[len(ways)-1]
			last.deeds = append(last.deeds, s.deed)
		}
	}
	return ways
}

// deedWithCauses is something that people do, and how it can fail.
type deedWithCauses struct {
	Name   string
	Causes []tenant.Cause
}

func deedsWithCauses(matrix []sight) []deedWithCauses {
	var list []deedWithCauses
	for _, d := range deeds() {
		list = append(list, deedWithCauses{
			strings.ToUpper(d.name[:1]) + d.name[1:],
			causesWhere(func(c tenant.Cause) bool {
				return slices.ContainsFunc(matrix, func(s sight) bool { return s.deed == d.name && s.cause == c })
			}),
		})
	}
	return list
}

func causesElsewhere(matrix []sight) []tenant.Cause {
	return causesWhere(func(c tenant.Cause) bool {
		return !slices.ContainsFunc(matrix, func(s sight) bool { return s.cause == c })
	})
}

// causesWhere are those that hold what is asked, in the taxonomy's order.
func causesWhere(holds func(tenant.Cause) bool) []tenant.Cause {
	var causes []tenant.Cause
	for _, e := range tenant.Causes() {
		if holds(e.Cause) {
			causes = append(causes, e.Cause)
		}
	}
	return causes
}
