package main

import (
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// A desktop takes the size from the folder's name and looks no further.
func TestEachIconHasTheSizeOfItsFolder(t *testing.T) {
	folder := t.TempDir()
	if err := write(folder, "name"); err != nil {
		t.Fatal(err)
	}
	pictures, err := filepath.Glob(filepath.Join(folder, "hicolor", "*", "apps", "name.png"))
	if err != nil || len(pictures) != 5 {
		t.Fatalf("%d pictures, %v", len(pictures), err)
	}
	for _, file := range pictures {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		picture, err := png.Decode(f)
		if err != nil {
			t.Fatal(err)
		}
		width, _, _ := strings.Cut(filepath.Base(filepath.Dir(filepath.Dir(file))), "x")
		if size := picture.Bounds().Size(); strconv.Itoa(size.X) != width || size.X != size.Y {
			t.Errorf("%s is %v", file, size)
		}
		// The corners are round, and the middle of the icon's left side is its blue.
		half := picture.Bounds().Dy() / 2
		_, _, _, corner := picture.At(0, 0).RGBA()
		r, _, b, side := picture.At(picture.Bounds().Dx()/16, half).RGBA()
		if corner != 0 || side != 0xffff || b <= r {
			t.Errorf("%s: its corner has the opacity %d, its side %d, red %d, blue %d", file, corner, side, r, b)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "hicolor", "scalable", "apps", "name.svg")); err != nil {
		t.Error(err)
	}
}
