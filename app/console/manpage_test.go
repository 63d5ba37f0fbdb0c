package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// printedManual is the page as --man prints it, with the hyphens as a reader sees them.
func printedManual(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	command, _, err := parse([]string{"--man"}, strings.NewReader(""), &out, io.Discard)
	if err != nil || command != nil {
		t.Fatalf("--man is answered with %T, %v", command, err)
	}
	return strings.ReplaceAll(out.String(), `\-`, "-")
}

// A page that leaves a command or a variable out would be worse than none: nobody looks further.
func TestTheManualPageTellsEverything(t *testing.T) {
	page := printedManual(t)
	for _, want := range []string{
		".SS tenants show <ctx>", ".SS registration add <name>", ".SS poll\n", ".B --metrics=ADDR", ".B -h, --help", ".B --data=DIR",
		".SH EXIT STATUS", ".SH ENVIRONMENT", ".SH FILES", ".SH EXAMPLES",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not tell of %q", want)
		}
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	variables := 0
	for _, file := range sources {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range regexp.MustCompile(`= "(PARTNERDESK_[A-Z_]+)"`).FindAllStringSubmatch(string(source), -1) {
			variables++
			if !regexp.MustCompile(`(?m)^\.B ` + v[1] + `$`).MatchString(page) {
				t.Errorf("the page does not tell of %s", v[1])
			}
		}
	}
	if variables < 5 {
		t.Errorf("only %d variables are found", variables)
	}
}

func TestTheExamplesOfTheManualPageAreTaken(t *testing.T) {
	lines := regexp.MustCompile(`(?m)^    partnerdesk-console (.*)$`).FindAllStringSubmatch(printedManual(t), -1)
	if len(lines) < 6 {
		t.Errorf("only %d examples are found", len(lines))
	}
	for _, line := range lines {
		if _, _, err := parse(words(line[1]), strings.NewReader(""), io.Discard, io.Discard); err != nil {
			t.Errorf("%s: %v", line[1], err)
		}
	}
}

func TestNoTextOfTheManualPageIsTakenForACommandOfIt(t *testing.T) {
	for text, want := range map[string]string{
		"in C:\\data": `in C:\edata`, "read --json": `read \-\-json`, ".5 or\n'so'": "\\&.5 or\n\\&'so'",
	} {
		if got := roff(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
