// Command papers makes pages of HTML of the project's papers, for whoever has the programs and neither the source nor a
// program that shows Markdown. It takes README.md and whatever can be reached from it by links. All pages and pictures
// lie in one folder and lead to each other; index.html is the guide. What a page needs is in it, but for its pictures:
// nothing is loaded from elsewhere. The same papers give the same bytes.
//
//	go run ./assets/papers FOLDER
package main

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: papers FOLDER")
		os.Exit(2)
	}
	if err := write(os.DirFS("."), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "make the papers:", err)
		os.Exit(1)
	}
}

// write makes the pages of a project's papers in a folder, and copies the pictures that they show.
func write(project fs.FS, folder string) error {
	s, err := gather(project)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, p := range s.papers {
		page, err := s.draw(p)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, p.page), page, 0o644); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.pictures)) {
		picture, err := fs.ReadFile(project, s.pictures[name])
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, name), picture, 0o644); err != nil {
			return err
		}
	}
	return nil
}
