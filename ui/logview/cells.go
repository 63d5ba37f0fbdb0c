package logview

import (
	"math"
	"unicode"
)

// A line is a row of cells of one width. Most runes take one, wide ones two, and
// marks that sit on the rune before them take none.

const (
	tabCells = 4
	allCells = math.MaxInt32 // to the end of any line
)

// place is where a rune of a line stands.
type place struct {
	r           rune
	off         int // in bytes
	cell, width int // width 0: drawn over the cell before
	col         column
}

func runeCells(r rune, cell int) int {
	switch {
	case r == '\t':
		return tabCells - cell%tabCells
	case isControl(r):
		return 2
	case r < 0x300:
		return 1
	case isMark(r):
		return 0
	case isWide(r):
		return 2
	default:
		return 1
	}
}

// isControl reports whether r could control a terminal. It is shown as a caret
// and a letter, ^[ for escape, so that text from outside cannot hide in a line.
func isControl(r rune) bool {
	return r >= 0 && r < ' ' && r != '\t' || r == 0x7f
}

// isMark reports whether r is drawn over the rune before it. Other format
// characters, such as those that turn the direction of text, are not among them:
// they would hide, so they take a cell and are drawn as a box.
func isMark(r rune) bool {
	switch {
	case r < 0x300:
		return false
	case isJoiner(r):
		return true
	}
	return unicode.In(r, unicode.Mn, unicode.Me)
}

// isJoiner reports whether r only says how the runes beside it go together.
func isJoiner(r rune) bool {
	return r >= 0x200b && r <= 0x200d || r == 0x2060 || r == 0xfeff || r >= 0xfe00 && r <= 0xfe0f
}

// isWide reports whether r takes two cells: East Asian scripts, full-width
// forms and emoji (Unicode's East_Asian_Width W and F, in whole blocks).
func isWide(r rune) bool {
	switch {
	case r < 0x1100:
		return false
	case r <= 0x115f, // Hangul Jamo
		r >= 0x2e80 && r <= 0x303e,   // CJK radicals, punctuation
		r >= 0x3041 && r <= 0xa4cf,   // Kana to Yi
		r >= 0xa960 && r <= 0xa97f,   // Hangul Jamo extended
		r >= 0xac00 && r <= 0xd7a3,   // Hangul
		r >= 0xf900 && r <= 0xfaff,   // CJK compatibility
		r >= 0xfe30 && r <= 0xfe6f,   // CJK compatibility forms
		r >= 0xff01 && r <= 0xff60,   // full-width forms
		r >= 0xffe0 && r <= 0xffe6,   // full-width signs
		r >= 0x1f300 && r <= 0x1f64f, // emoji
		r >= 0x1f680 && r <= 0x1f6ff,
		r >= 0x1f900 && r <= 0x1f9ff,
		r >= 0x1fa70 && r <= 0x1faff,
		r >= 0x20000 && r <= 0x3fffd: // CJK extensions
		return true
	}
	return false
}
