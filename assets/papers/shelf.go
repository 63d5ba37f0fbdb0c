package main

import (
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"partnerdesk/assets/papers/markdown"
)

// The paper that all others are found from, and the one that is read first. Both are named from the project's root, as
// all papers are, with slashes.
const (
	start = "README.md"
	first = "assets/guide/guide.md"
)

// paper is a file of Markdown, and the page that is made of it.
type paper struct {
	name     string // in the project
	page     string // in the folder
	title    string
	source   []byte
	document ast.Node
}

// shelf is all papers and pictures that belong together.
type shelf struct {
	project  fs.FS
	papers   []*paper          // the first page first, then in the order in which links lead to them
	pictures map[string]string // from the name in the folder to that in the project
}

// gather reads the papers, from link to link, and has their links lead to where the pages will lie.
func gather(project fs.FS) (*shelf, error) {
	s := &shelf{project: project, pictures: map[string]string{}}
	for next := []string{start}; len(next) > 0; next = next[1:] {
		if s.paper(next[0]) != nil {
			continue
		}
		p, err := s.read(next[0])
		if err != nil {
			return nil, err
		}
		s.papers = append(s.papers, p)
		for _, link := range linksOf(p.document) {
			if u, err := url.Parse(string(link.Destination)); err == nil && isPaper(u) {
				next = append(next, path.Join(path.Dir(p.name), u.Path))
			}
		}
	}
	slices.SortStableFunc(s.papers, func(a, b *paper) int {
		switch first {
		case a.name:
			return -1
		case b.name:
			return 1
		}
		return 0
	})
	for _, p := range s.papers {
		if err := s.lead(p); err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return s, nil
}

// paper finds a paper by its name in the project, nil for none.
func (s *shelf) paper(name string) *paper {
	for _, p := range s.papers {
		if p.name == name {
			return p
		}
	}
	return nil
}

// read reads a paper and names its headings.
func (s *shelf) read(name string) (*paper, error) {
	source, err := fs.ReadFile(s.project, name)
	if err != nil {
		return nil, err
	}
	p := &paper{name: name, page: pageOf(name), source: source, document: markdown.Parse(source)}
	for _, other := range s.papers {
		if other.page == p.page {
			return nil, fmt.Errorf("%s and %s would both be %s", other.name, name, p.page)
		}
	}
	headings := markdown.Headings(p.document)
	if len(headings) == 0 {
		return nil, fmt.Errorf("%s has no heading to be its title", name)
	}
	p.title = markdown.Text(headings[0], source)
	for i, anchor := range markdown.Anchors(headings, source) {
		headings[i].SetAttributeString("id", []byte(anchor))
	}
	return p, nil
}

// pageOf is the name of a paper's page. Windows knows no difference between small and capital letters.
func pageOf(name string) string {
	if name == first {
		return "index.html"
	}
	return strings.ToLower(strings.TrimSuffix(path.Base(name), ".md")) + ".html"
}

// isPaper reports whether a link leads to a paper.
func isPaper(u *url.URL) bool {
	return u.Scheme == "" && u.Host == "" && path.Ext(u.Path) == ".md"
}

// linksOf are the links of a page that are written as such.
func linksOf(document ast.Node) []*ast.Link { return nodes[*ast.Link](document) }

// nodes are all of a kind below a node. They are there before the first of them is changed.
func nodes[T ast.Node](below ast.Node) []T {
	var found []T
	for child := below.FirstChild(); child != nil; child = child.NextSibling() {
		if n, is := child.(T); is {
			found = append(found, n)
		}
		found = append(found, nodes[T](child)...)
	}
	return found
}
