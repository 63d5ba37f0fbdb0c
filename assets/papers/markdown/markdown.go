// Package markdown reads the project's papers as GitHub does, so that a link leads to the same heading there, in the
// HTML that is packed with the programs, and for the test that follows every link.
package markdown

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// New is what reads and draws GitHub's Markdown: with tables, and with bare addresses as links.
func New() goldmark.Markdown {
	return goldmark.New(goldmark.WithExtensions(extension.GFM))
}

// Parse reads a page.
func Parse(source []byte) ast.Node {
	return New().Parser().Parse(text.NewReader(source))
}

// Headings are those of a page, in its order.
func Headings(document ast.Node) []*ast.Heading {
	var found []*ast.Heading
	for child := document.FirstChild(); child != nil; child = child.NextSibling() {
		if heading, is := child.(*ast.Heading); is {
			found = append(found, heading)
		} else if child.Type() == ast.TypeBlock {
			found = append(found, Headings(child)...)
		}
	}
	return found
}

// Anchors names headings by GitHub's rule: small letters, blanks as hyphens, no other punctuation, and a number behind
// what is there already.
func Anchors(headings []*ast.Heading, source []byte) []string {
	anchors, taken := make([]string, 0, len(headings)), map[string]bool{}
	for _, heading := range headings {
		anchor := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
				return unicode.ToLower(r)
			}
			return -1
		}, Text(heading, source))
		free := anchor
		for n := 1; taken[free]; n++ {
			free = anchor + "-" + strconv.Itoa(n)
		}
		taken[free] = true
		anchors = append(anchors, free)
	}
	return anchors
}

// Text is the plain text within a node.
func Text(n ast.Node, source []byte) string {
	var b strings.Builder
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		switch child := child.(type) {
		case *ast.Text:
			b.Write(child.Value(source))
		case *ast.String:
			b.Write(child.Value)
		default:
			b.WriteString(Text(child, source))
		}
	}
	return b.String()
}
