package main

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"partnerdesk/app"
)

// TestThePapersShowCommandsThatAre parses each command of this program that the papers show: those in blocks as a
// person would type them, and those within lines as far as they go.
func TestThePapersShowCommandsThatAre(t *testing.T) {
	// It stands at the beginning, or behind variables. “pd” is the function of the shell by which SERVICE.md calls it.
	call := regexp.MustCompile(`(?:^\s*|=\S+\s+)(?:partnerdesk-console(?:\.exe)?|\.?/?build/partnerdesk-console|go run \./app/console|pd)\s+(.+)`)
	found := 0
	for name, text := range readTexts(t, ".md") {
		blocks, inline := codeIn(text)
		for _, line := range blocks {
			if match := call.FindStringSubmatch(line); match != nil && !strings.Contains(line, "$@") {
				found++
				args := append([]string{"--data", t.TempDir()}, typed(match[1])...)
				_, _, err := parse(args, strings.NewReader(""), io.Discard, io.Discard)
				if strings.Contains(line, "$") { // what the shell puts there is not known
					err = startsACommand(t, args)
				}
				if err != nil {
					t.Errorf("%s: %s: %v", name, strings.TrimSpace(line), err)
				}
			}
		}
		for _, code := range inline {
			if match := call.FindStringSubmatch(code); match != nil {
				found++
				if err := startsACommand(t, typed(match[1])); err != nil {
					t.Errorf("%s: %s: %v", name, code, err)
				}
			}
		}
	}
	if found < 50 {
		t.Errorf("the papers show %d commands only", found)
	}
}

// startsACommand reports what is wrong with the beginning of a command line: there may be more to come.
func startsACommand(t *testing.T, args []string) error {
	t.Helper()
	parser, err := kong.New(&commandLine{}, kong.Exit(func(int) {}), kong.Writers(io.Discard, io.Discard), kong.Vars{"data_variable": app.DataVariable})
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := kong.Trace(parser, args)
	if err != nil {
		return err
	}
	return parsed.Error
}

// typed are the arguments of a command as the shell hands them over: up to a comment, a redirection or the next
// command, without quotes.
func typed(line string) []string {
	word := regexp.MustCompile(`"([^"]*)"|'([^']*)'|(\S+)`)
	var args []string
	for _, match := range word.FindAllStringSubmatch(line, -1) {
		if plain := match[3]; strings.HasPrefix(plain, "#") || strings.ContainsAny(plain, "|<>&;") {
			break
		}
		arg := match[1] + match[2] + match[3]
		if arg == "CTX" {
			arg = "Cust10001"
		}
		args = append(args, arg)
	}
	return args
}

// codeIn returns the lines of a page's blocks of the shell, joined where one goes on, and the code within its text.
// The program's own words have commands in quotes.
func codeIn(text string) (blocks, inline []string) {
	block := regexp.MustCompile("(?ms)^ *```(\\w*)\n(.*?)^ *```")
	for _, match := range block.FindAllStringSubmatch(text, -1) {
		if match[1] == "sh" {
			blocks = append(blocks, strings.Split(strings.ReplaceAll(match[2], "\\\n", " "), "\n")...)
		}
	}
	for _, match := range regexp.MustCompile("`([^`]+)`|“(partnerdesk-console [^”]+)”").FindAllStringSubmatch(block.ReplaceAllString(text, ""), -1) {
		inline = append(inline, strings.ReplaceAll(match[1]+match[2], "\n", " "))
	}
	return blocks, inline
}

// TestNoTextNamesTheCommandByHalf looks for “console sign-in” and the like in all that people read, and in the sources
// that make it: who types that is told that there is no such command. “The console” is the program, and may poll.
func TestNoTextNamesTheCommandByHalf(t *testing.T) {
	model, err := kong.New(&commandLine{}, kong.Vars{"data_variable": app.DataVariable})
	if err != nil {
		t.Fatal(err)
	}
	next := []string{"--[a-z]", "COMMAND"}
	for _, command := range model.Model.Children {
		next = append(next, command.Name+`\b`)
	}
	half := regexp.MustCompile(`(\b[Tt]he\s|[\w./-])?\bconsole\s+(?:` + strings.Join(next, "|") + `)`)
	found := 0
	for name, text := range readTexts(t, ".md", ".json", ".go", ".roff", ".txt", ".1", ".service", ".nsi") {
		for _, match := range half.FindAllStringSubmatch(text, -1) {
			if match[1] == "" {
				t.Errorf("%s: %q is not how the command is called", name, match[0])
			}
			found++
		}
	}
	if found < 100 {
		t.Errorf("only %d commands are found", found)
	}
}

// readTexts reads the files of the project that have one of the extensions, tests left out.
func readTexts(t *testing.T, extensions ...string) map[string]string {
	t.Helper()
	const root = "../.."
	all := map[string]string{}
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && file != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata" || entry.Name() == "build"):
			return filepath.SkipDir
		case entry.IsDir(), !slices.Contains(extensions, filepath.Ext(file)), strings.HasSuffix(file, "_test.go"):
			return nil
		}
		content, err := os.ReadFile(file)
		all[filepath.ToSlash(file)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
