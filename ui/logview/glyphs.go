package logview

import (
	"image"
	"image/color"
	"image/draw"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// maxGlyphs bounds the atlas against text that uses every rune there is.
const maxGlyphs = 8192

// glyph is the mask of one rune: how much of each pixel its shape covers.
type glyph struct {
	mask     []uint8
	w, h     int
	left, up int // of the mask's corner, from the cell's left edge and the baseline
}

// atlas holds one mask for each rune that has been drawn in one size.
type atlas struct {
	px     float64
	fonts  []*sfnt.Font    // tried in this order
	faces  []font.Face     // of the same fonts, made when first needed
	later  []fyne.Resource // fonts that were not needed yet: a font file may be large
	buffer sfnt.Buffer

	cellW, cellH, ascent int
	ascii                [128]*glyph
	others               map[rune]*glyph
}

// newAtlas prepares an atlas of the given size in pixels. The first resource
// gives the cell its size; the others are asked for runes that it lacks, and
// read only then. Broken fonts are passed over.
func newAtlas(px float64, lineGap int, resources []fyne.Resource) *atlas {
	a := &atlas{px: px, others: make(map[rune]*glyph), later: resources}
	a.cellW, a.cellH, a.ascent = int(px*0.6)+1, int(px*1.3)+1, int(px)
	if a.nextFont() {
		face := a.face(0)
		m := face.Metrics()
		a.ascent = m.Ascent.Ceil() + lineGap/2
		a.cellH = (m.Ascent + m.Descent).Ceil() + lineGap
		if advance, ok := face.GlyphAdvance('0'); ok {
			a.cellW = max(1, advance.Round())
		}
	}
	return a
}

// nextFont reads the next font that can be read, and reports whether there was one.
func (a *atlas) nextFont() bool {
	for len(a.later) > 0 {
		resource := a.later[0]
		a.later = a.later[1:]
		if resource == nil {
			continue
		}
		if f, err := parseFont(resource.Content()); err == nil {
			a.fonts, a.faces = append(a.fonts, f), append(a.faces, nil)
			return true
		}
	}
	return false
}

// parseFont reads a font file, or the first font of a collection.
func parseFont(data []byte) (*sfnt.Font, error) {
	collection, err := opentype.ParseCollection(data)
	if err != nil {
		return nil, err
	}
	return collection.Font(0)
}

// get returns the mask of a rune, which is nil for one that leaves no mark.
func (a *atlas) get(r rune, cells int) *glyph {
	if r >= 0 && r < 128 {
		if a.ascii[r] == nil {
			a.ascii[r] = a.make(r, cells)
		}
		return a.ascii[r]
	}
	g, ok := a.others[r]
	if !ok {
		if len(a.others) >= maxGlyphs {
			clear(a.others)
		}
		g = a.make(r, cells)
		a.others[r] = g
	}
	return g
}

func (a *atlas) make(r rune, cells int) *glyph {
	switch {
	case r == ' ' || r == '\t' || r == 0xa0 || isJoiner(r):
		return &glyph{}
	case isControl(r):
		return a.pair('^', r^0x40)
	}
	for i := 0; i < len(a.fonts) || a.nextFont(); i++ {
		index, err := a.fonts[i].GlyphIndex(&a.buffer, r)
		if err != nil || index == 0 {
			continue
		}
		return a.rasterize(i, r, cells)
	}
	return a.box(cells)
}

// pair makes one mask of two runes, side by side.
func (a *atlas) pair(first, second rune) *glyph {
	both := image.NewRGBA(image.Rect(0, 0, 2*a.cellW, a.cellH))
	for i, r := range []rune{first, second} {
		blit(both, a.get(r, 1), i*a.cellW, a.ascent, both.Rect, color.NRGBA{R: 0xff})
	}
	g := &glyph{mask: make([]uint8, 2*a.cellW*a.cellH), w: 2 * a.cellW, h: a.cellH, up: -a.ascent}
	for i := range g.mask {
		g.mask[i] = both.Pix[4*i]
	}
	return g
}

// rasterize draws a rune's mask. A rune of another font than the first one is
// made smaller if it is too wide, and stands in the middle of its cells.
func (a *atlas) rasterize(at int, r rune, cells int) *glyph {
	face := a.face(at)
	if face == nil {
		return a.box(max(1, cells))
	}
	shift := 0
	if at > 0 && cells > 0 {
		room := a.cellW * cells
		advance, _ := face.GlyphAdvance(r)
		if advance.Ceil() > room {
			smaller := a.px * float64(room) / float64(advance.Ceil())
			if f, err := newFace(a.fonts[at], smaller); err == nil {
				face = f
				advance, _ = face.GlyphAdvance(r)
			}
		}
		shift = max(0, room-advance.Round()) / 2
	}
	bounds, mask, from, _, ok := face.Glyph(fixed.Point26_6{}, r)
	if !ok || bounds.Empty() || mask == nil {
		return &glyph{}
	}
	alpha := image.NewAlpha(image.Rect(0, 0, bounds.Dx(), bounds.Dy()))
	draw.Draw(alpha, alpha.Rect, mask, from, draw.Src)
	return &glyph{mask: alpha.Pix, w: bounds.Dx(), h: bounds.Dy(), left: bounds.Min.X + shift, up: bounds.Min.Y}
}

// box is what a rune looks like that no font has.
func (a *atlas) box(cells int) *glyph {
	if cells == 0 {
		return &glyph{}
	}
	w, h := max(3, a.cellW*cells-2), max(3, a.ascent-2)
	g := &glyph{mask: make([]uint8, w*h), w: w, h: h, left: 1, up: 1 - h}
	for x := range w {
		g.mask[x], g.mask[(h-1)*w+x] = 0xa0, 0xa0
	}
	for y := range h {
		g.mask[y*w], g.mask[y*w+w-1] = 0xa0, 0xa0
	}
	return g
}

func (a *atlas) face(at int) font.Face {
	if a.faces[at] == nil {
		if f, err := newFace(a.fonts[at], a.px); err == nil {
			a.faces[at] = f
		}
	}
	return a.faces[at]
}

func newFace(f *sfnt.Font, px float64) (font.Face, error) {
	return opentype.NewFace(f, &opentype.FaceOptions{Size: px, DPI: 72, Hinting: font.HintingFull})
}

// fallbackFonts are the fonts that come with Fyne, for runes that the monospace
// font lacks. A program may be built without the one for emoji.
func fallbackFonts() []fyne.Resource {
	fonts := []fyne.Resource{
		theme.DefaultTextMonospaceFont(), theme.DefaultTextFont(), theme.DefaultSymbolFont(),
	}
	if emoji := theme.DefaultEmojiFont(); emoji != nil {
		fonts = append(fonts, emoji)
	}
	return fonts
}

// blit draws a glyph in a colour onto an opaque image.
func blit(dst *image.RGBA, g *glyph, x, y int, clip image.Rectangle, c color.NRGBA) {
	x, y = x+g.left, y+g.up
	r := image.Rect(x, y, x+g.w, y+g.h).Intersect(clip)
	if r.Empty() {
		return
	}
	red, green, blue := uint32(c.R), uint32(c.G), uint32(c.B)
	for row := r.Min.Y; row < r.Max.Y; row++ {
		from := (row-y)*g.w - x
		mask := g.mask[from+r.Min.X : from+r.Max.X]
		at := dst.PixOffset(r.Min.X, row)
		pix := dst.Pix[at : at+4*len(mask)]
		for _, m := range mask {
			if m != 0 {
				a, rest := uint32(m), 255-uint32(m)
				pix[0] = uint8((red*a + uint32(pix[0])*rest + 127) / 255)
				pix[1] = uint8((green*a + uint32(pix[1])*rest + 127) / 255)
				pix[2] = uint8((blue*a + uint32(pix[2])*rest + 127) / 255)
			}
			pix = pix[4:]
		}
	}
}

// fill paints a rectangle in an opaque colour.
func fill(dst *image.RGBA, r image.Rectangle, c color.NRGBA) {
	r = r.Intersect(dst.Rect)
	if r.Empty() {
		return
	}
	first := dst.Pix[dst.PixOffset(r.Min.X, r.Min.Y):][:4*r.Dx()]
	for i := 0; i < len(first); i += 4 {
		first[i], first[i+1], first[i+2], first[i+3] = c.R, c.G, c.B, 0xff
	}
	for y := r.Min.Y + 1; y < r.Max.Y; y++ {
		copy(dst.Pix[dst.PixOffset(r.Min.X, y):], first)
	}
}
