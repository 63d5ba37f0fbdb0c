package logview

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"
)

// needle is a text to be found whatever its case. Two texts are the same if
// strings.EqualFold says so.
type needle struct {
	folded string // the text, every rune folded
	runes  []rune // folded, rune by rune
	ascii  bool   // folded is ASCII only
	odd    bool   // ASCII, but has a letter that a rune outside ASCII folds to
	a, b   int    // where in folded its two rarest bytes stand
}

// oddLower are the ASCII letters that have a third form outside ASCII: the
// Kelvin sign is a k, and the long s is an s.
const oddLower = "ks"

func newNeedle(text string) *needle {
	n := &needle{ascii: true}
	for _, r := range text {
		r = foldRune(r)
		n.runes = append(n.runes, r)
		n.ascii = n.ascii && r < utf8.RuneSelf
	}
	n.folded = string(n.runes)
	n.odd = n.ascii && strings.ContainsAny(n.folded, oddLower)
	n.a, n.b = rarest(n.folded)
	return n
}

// find returns the first place of the needle in s, or -1 and -1.
func (n *needle) find(s []byte) (start, end int) {
	if n.ascii && (!n.odd || !hasOddRune(s)) {
		start = n.index(s)
		if start < 0 {
			return -1, -1
		}
		return start, start + len(n.folded)
	}
	return n.findRunes(s)
}

// index finds an ASCII needle among bytes. It looks at eight places at once for
// the two rarest bytes of the needle, and compares only where both stand. The
// quick test takes a few other characters for letters; the comparison does not.
func (n *needle) index(s []byte) int {
	const spaces, ones, highs = 0x2020202020202020, 0x0101010101010101, 0x8080808080808080
	size := len(n.folded)
	wantA := uint64(n.folded[n.a]|0x20) * ones
	wantB := uint64(n.folded[n.b]|0x20) * ones
	places := len(s) - size + 1
	i := 0
	if places >= 8 {
		sa, sb := s[n.a:], s[n.b:]
		for ; i+8 <= places; i += 8 {
			za := (binary.LittleEndian.Uint64(sa[i:]) | spaces) ^ wantA
			zb := (binary.LittleEndian.Uint64(sb[i:]) | spaces) ^ wantB
			z := za | zb
			for hit := (z - ones) &^ z & highs; hit != 0; hit &= hit - 1 {
				if at := i + bits.TrailingZeros64(hit)>>3; equalASCII(s[at:at+size], n.folded) {
					return at
				}
			}
		}
	}
	for ; i < places; i++ {
		if equalASCII(s[i:i+size], n.folded) {
			return i
		}
	}
	return -1
}

// findRunes finds the needle rune by rune.
func (n *needle) findRunes(s []byte) (start, end int) {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRune(s[i:])
		if foldRune(r) == n.runes[0] {
			if length := n.prefix(s[i:]); length > 0 {
				return i, i + length
			}
		}
		i += size
	}
	return -1, -1
}

// prefix returns how many bytes of s the needle takes at its beginning, or 0.
func (n *needle) prefix(s []byte) int {
	at := 0
	for _, want := range n.runes {
		if at >= len(s) {
			return 0
		}
		r, size := utf8.DecodeRune(s[at:])
		if foldRune(r) != want {
			return 0
		}
		at += size
	}
	return at
}

func equalASCII(s []byte, folded string) bool {
	for i := range s {
		if lowerASCII(s[i]) != folded[i] {
			return false
		}
	}
	return true
}

func lowerASCII(c byte) byte {
	if c-'A' < 26 {
		return c | 0x20
	}
	return c
}

// foldRune returns the one rune that stands for all cases of r.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		return rune(lowerASCII(byte(r)))
	}
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	if least < utf8.RuneSelf {
		return rune(lowerASCII(byte(least)))
	}
	return least
}

func hasOddRune(s []byte) bool {
	return bytes.Contains(s, []byte("\u017f")) || bytes.Contains(s, []byte("\u212a"))
}

// rarest returns where the two bytes of s stand that a log has least of.
func rarest(s string) (a, b int) {
	// Roughly by frequency in log lines, most frequent first; what is not
	// here is rare.
	const common = " etaoinsrdlcu0123456789:.mphgk=-bfyvw\"tTISCR/xzqj_"
	rank := func(i int) int {
		if at := strings.IndexByte(common, s[i]); at >= 0 {
			return at
		}
		return len(common)
	}
	for i := 1; i < len(s); i++ {
		if rank(i) > rank(a) {
			a = i
		}
	}
	b = a
	for i := range len(s) {
		if i != a && (b == a || rank(i) > rank(b)) {
			b = i
		}
	}
	return a, b
}
