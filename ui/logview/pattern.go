package logview

import (
	"fmt"
	"iter"
	"regexp"
	"regexp/syntax"
	"strings"
)

// Search is a text to look for in lines as they are shown. The zero value looks for nothing.
type Search struct {
	Text   string
	Regexp bool // Text is a regular expression (package regexp/syntax)
	// MatchCase finds letters in the case of Text only; else a or A is the same.
	MatchCase bool
}

// pattern is a Search made ready.
type pattern struct {
	needle *needle        // occurs in all lines that match; nil if nothing is known to
	exact  *regexp.Regexp // what is looked for; nil if that is the needle
}

// compile returns nil for a search for nothing, and fails for an expression that is none.
func (s Search) compile() (*pattern, error) {
	text := strings.ToValidUTF8(s.Text, "\ufffd")
	switch {
	case text == "":
		return nil, nil
	case !s.Regexp && !s.MatchCase:
		return &pattern{needle: newNeedle(text)}, nil
	case !s.Regexp:
		return &pattern{needle: newNeedle(text), exact: regexp.MustCompile(regexp.QuoteMeta(text))}, nil
	}
	exact, err := regexp.Compile(text) // by itself, so that an error shows what was written
	if err == nil && !s.MatchCase {
		text = "(?i)" + text
		exact, err = regexp.Compile(text)
	}
	if err != nil {
		return nil, fmt.Errorf("search the log: %w", err)
	}
	p := &pattern{exact: exact}
	if tree, err := syntax.Parse(text, syntax.Perl); err == nil {
		if literal := required(tree); literal != "" {
			p.needle = newNeedle(literal)
		}
	}
	return p, nil
}

// required returns the longest text that is known to occur in all that an expression matches. Looking for
// it first makes most expressions as quick as a plain text.
func required(tree *syntax.Regexp) string {
	switch tree.Op {
	case syntax.OpLiteral:
		return string(tree.Rune)
	case syntax.OpCapture, syntax.OpPlus:
		return required(tree.Sub[0])
	case syntax.OpRepeat:
		if tree.Min > 0 {
			return required(tree.Sub[0])
		}
	case syntax.OpConcat:
		longest := ""
		for _, sub := range tree.Sub {
			if text := required(sub); len(text) > len(longest) {
				longest = text
			}
		}
		return longest
	}
	return ""
}

// first returns the first place in s, or -1 and -1.
func (p *pattern) first(s []byte) (start, end int) {
	for start, end = range p.all(s) {
		return start, end
	}
	return -1, -1
}

// maxPlaces is how many places are marked in one line.
const maxPlaces = 200

// all yields the places in s, one after the other.
func (p *pattern) all(s []byte) iter.Seq2[int, int] {
	return func(yield func(start, end int) bool) {
		if !p.match(s) {
			return
		}
		if p.exact != nil {
			for _, place := range p.exact.FindAllIndex(s, maxPlaces) {
				if !yield(place[0], place[1]) {
					return
				}
			}
			return
		}
		for at := 0; at < len(s); {
			start, end := p.needle.find(s[at:])
			if start < 0 || !yield(at+start, at+end) {
				return
			}
			at += end
		}
	}
}

func (p *pattern) match(s []byte) bool {
	if p.needle != nil {
		if start, _ := p.needle.find(s); start < 0 || p.exact == nil {
			return start >= 0
		}
	}
	return p.exact.Match(s)
}
