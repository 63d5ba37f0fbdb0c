package main

import (
	"bytes"
	_ "embed" // for the manual page
	"fmt"
	"strings"
	"text/template"

	"github.com/alecthomas/kong"

	"partnerdesk/app"
)

// manual is the manual page but for what the command line itself says of its commands and flags.
//
//go:embed manpage.roff
var manual string

// manFlag answers --man without a command.
type manFlag bool

// BeforeReset prints the page as soon as the flag is seen, like kong's own --help.
func (manFlag) BeforeReset(k *kong.Kong) error {
	page, err := manPage(k.Model)
	if err != nil {
		return err
	}
	if _, err := k.Stdout.Write(page); err != nil {
		return fmt.Errorf("print the manual page: %w", err)
	}
	k.Exit(exitDone)
	return nil
}

// manPage writes the manual page of a command line, in the language of man(7). Its date is empty: a package fills in its own.
func manPage(model *kong.Application) ([]byte, error) {
	t, err := template.New("manual").Funcs(template.FuncMap{
		"roff": roff, "usage": commandUsage, "flag": flagSynopsis, "commands": func() []*kong.Node { return model.Leaves(true) },
	}).Parse(manual)
	if err != nil {
		return nil, fmt.Errorf("read the manual page: %w", err)
	}
	var page bytes.Buffer
	if err := t.Execute(&page, struct {
		Version string
		Model   *kong.Application
	}{app.Version(), model}); err != nil {
		return nil, fmt.Errorf("write the manual page: %w", err)
	}
	return page.Bytes(), nil
}

// commandUsage is a command with its arguments: "tenants show <ctx>".
func commandUsage(command *kong.Node) string {
	usage := command.Path()
	for _, p := range command.Positional {
		usage += " " + p.Summary()
	}
	return usage
}

// flagSynopsis is a flag as it is typed: "-h, --help" or "--data=DIR".
func flagSynopsis(f *kong.Flag) string {
	s := "--" + f.Name
	if f.Tag.Negatable != "" {
		s = "--[no-]" + f.Name
	}
	if f.Short != 0 {
		s = "-" + string(f.Short) + ", " + s
	}
	if !f.IsBool() && !f.IsCounter() {
		s += "=" + f.FormatPlaceHolder()
	}
	return s
}

// roff keeps text from being read as man(7)'s commands: a backslash, a hyphen that is to be copied as one, and a dot or
// an apostrophe at the beginning of a line.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(strings.TrimSpace(text))
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
