package main

import (
	"os"
	"path/filepath"
)

// softwareFolder is where the packages for Windows have a copy of the program, for computers without OpenGL.
const softwareFolder = "software-opengl"

// guidePage is the first page of the guide that came with a program, "" where none did, as with one that was built from
// source. The packages for Windows have the guide beside the program, those for Linux where such things lie there.
func guidePage(program string) string {
	folder := filepath.Dir(program)
	places := []string{
		filepath.Join(folder, "guide"),
		filepath.Join(folder, "..", "share", "doc", "partnerdesk", "guide"),
	}
	if filepath.Base(folder) == softwareFolder {
		places = append(places, filepath.Join(folder, "..", "guide"))
	}
	for _, place := range places {
		if page := filepath.Join(place, "index.html"); fileThere(page) {
			return page
		}
	}
	return ""
}

func fileThere(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
