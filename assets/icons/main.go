// Command icons draws the program's icon into a folder in the sizes and places that a Linux desktop looks for: below
// hicolor, by their pixels, each under the name given. It needs no program for SVG, and draws the same bytes anywhere.
//
//	go run ./assets/icons FOLDER NAME
package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"

	"partnerdesk/assets"
)

// sizes are in pixels; the SVG itself stands in for all others.
func sizes() []int { return []int{48, 64, 128, 256, 512} }

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: icons FOLDER NAME")
		os.Exit(2)
	}
	if err := write(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "draw the icon:", err)
		os.Exit(1)
	}
}

// write makes the files of all sizes, and that of the SVG.
func write(folder, name string) error {
	for _, pixels := range sizes() {
		picture, err := draw(pixels)
		if err != nil {
			return err
		}
		if err := put(filepath.Join(folder, "hicolor", fmt.Sprintf("%dx%d", pixels, pixels), "apps", name+".png"), picture); err != nil {
			return err
		}
	}
	return put(filepath.Join(folder, "hicolor", "scalable", "apps", name+".svg"), assets.Icon)
}

// draw returns the icon as PNG, so many pixels wide and high.
func draw(pixels int) ([]byte, error) {
	icon, err := oksvg.ReadIconStream(bytes.NewReader(assets.Icon))
	if err != nil {
		return nil, fmt.Errorf("read the SVG: %w", err)
	}
	icon.SetTarget(0, 0, float64(pixels), float64(pixels))
	canvas := image.NewRGBA(image.Rect(0, 0, pixels, pixels))
	icon.Draw(rasterx.NewDasher(pixels, pixels, rasterx.NewScannerGV(pixels, pixels, canvas, canvas.Bounds())), 1)
	var packed bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&packed, canvas); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

func put(file string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o644)
}
