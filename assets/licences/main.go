// Command licences gathers the licences of all that is linked into the two programs, for About, the console's command
// licences and the packages: run "go generate ./assets" after a library was added or changed. The texts come from the
// modules themselves.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// programs are the two that are given away.
func programs() []string { return []string{"partnerdesk/app/desktop", "partnerdesk/app/console"} }

// systems are those that the programs are built for: each links modules of its own.
func systems() []string { return []string{"linux", "windows", "darwin"} }

// module is what the go command says of one.
type module struct{ Path, Version, Dir string }

// licence is an entry of the file; package assets reads it.
type licence struct {
	Module  string `json:"module"`
	Version string `json:"version"`
	Kind    string `json:"kind"`
	Text    string `json:"text"`
}

func main() {
	if err := write("licences/licences.json.gz"); err != nil {
		fmt.Fprintln(os.Stderr, "gather licences:", err)
		os.Exit(1)
	}
}

// write makes the file anew.
func write(file string) error {
	all, err := gather()
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if err := errors.Join(json.NewEncoder(z).Encode(all), z.Close()); err != nil {
		return err
	}
	return os.WriteFile(file, packed.Bytes(), 0o644)
}

// gather reads every licence: ours, that of Go, whose library is linked too, and those of the modules.
func gather() ([]licence, error) {
	modules, err := linked()
	if err != nil {
		return nil, err
	}
	root, err := goCommand("", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	ours, err := goCommand("", "list", "-m", "-f", "{{.Dir}}", "partnerdesk")
	if err != nil {
		return nil, err
	}
	all := []licence{{Module: "partnerdesk"}, {Module: "Go"}}
	dirs := []string{ours, root}
	for _, m := range modules {
		all, dirs = append(all, licence{Module: m.Path, Version: m.Version}), append(dirs, m.Dir)
	}
	for i := range all {
		texts, err := textsIn(dirs[i], i > 1)
		if err != nil {
			return nil, fmt.Errorf("look for the licence of %s: %w", all[i].Module, err)
		}
		if len(texts) == 0 {
			return nil, fmt.Errorf("%s has no licence that can be found", all[i].Module)
		}
		all[i].Kind, all[i].Text = kindOf(texts[0]), strings.Join(texts, "\n\n"+strings.Repeat("-", 60)+"\n\n")
	}
	return all, nil
}

// linked are the modules of all packages that the programs are made of on any system, by their paths.
func linked() ([]module, error) {
	seen := map[module]bool{}
	for _, system := range systems() {
		out, err := goCommand(system, append([]string{"list", "-deps", "-tags", "migrated_fynedo", "-f",
			"{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}"}, programs()...)...)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(out) {
			if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 3 {
				seen[module{f[0], f[1], f[2]}] = true
			}
		}
	}
	all := make([]module, 0, len(seen))
	for m := range seen {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	return all, nil
}

// goCommand runs the go command for a system, empty for this one.
func goCommand(system string, args ...string) (string, error) {
	c := exec.Command("go", args...)
	c.Env = os.Environ()
	if system != "" {
		arch := runtime.GOARCH
		c.Env = append(c.Env, "GOOS="+system, "GOARCH="+arch, "CGO_ENABLED=1")
	}
	c.Stderr = os.Stderr
	out, err := c.Output()
	return strings.TrimSpace(string(out)), err
}

// textsIn are the different licences in a directory, and where deep is set below it: C sources and fonts that come
// with a module have their own.
func textsIn(dir string, deep bool) ([]string, error) {
	is := regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([-._].*)?$`)
	apart := regexp.MustCompile(`^(testdata|cmd|\..*|example.*)$`)
	var texts []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != dir && (!deep || apart.MatchString(entry.Name())):
			return filepath.SkipDir
		case !entry.Type().IsRegular() || !is.MatchString(entry.Name()) || strings.HasSuffix(entry.Name(), ".go"):
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text := strings.TrimSpace(strings.ReplaceAll(string(content), "\r\n", "\n"))
		if slices.Contains(texts, text) {
			return nil
		}
		if filepath.Dir(path) == dir && strings.HasPrefix(strings.ToLower(entry.Name()), "l") {
			texts = append([]string{text}, texts...) // that of the whole comes first
			return nil
		}
		texts = append(texts, text)
		return nil
	})
	return texts, err
}

// kindOf is the usual name of a licence, by words that only it has.
func kindOf(text string) string {
	words := strings.Join(strings.Fields(text), " ")
	has := func(s string) bool { return strings.Contains(strings.ToLower(words), s) }
	switch {
	case has("apache license") && has("version 2.0"):
		return "Apache-2.0"
	case has("mozilla public license") && has("2.0"):
		return "MPL-2.0"
	case has("permission is hereby granted, free of charge"):
		return "MIT"
	case has("permission to use, copy, modify, and"):
		return "ISC"
	case has("redistribution and use in source and binary forms") && has("neither the name"):
		return "BSD-3-Clause"
	case has("redistribution and use in source and binary forms"):
		return "BSD-2-Clause"
	case has("this software is provided 'as-is'"):
		return "Zlib"
	}
	return "own terms"
}
