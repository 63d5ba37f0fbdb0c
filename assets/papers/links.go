package main

import (
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"github.com/yuin/goldmark/ast"

	"partnerdesk/assets/papers/markdown"
)

// lead changes the links of a paper, so that they fit the folder of the pages, and notes the pictures that it shows.
func (s *shelf) lead(p *paper) error {
	for _, picture := range nodes[*ast.Image](p.document) {
		if err := s.show(p, picture); err != nil {
			return err
		}
	}
	for _, link := range linksOf(p.document) {
		if err := s.link(p, link); err != nil {
			return err
		}
	}
	for _, link := range nodes[*ast.AutoLink](p.document) {
		if link.AutoLinkType == ast.AutoLinkEmail { // the sandbox's users look like addresses
			link.Parent().ReplaceChild(link.Parent(), link, ast.NewString(link.Label(p.source)))
			continue
		}
		if u, err := url.Parse(string(link.URL(p.source))); err != nil || !onTheWeb(u) {
			return fmt.Errorf("%s is no https address", link.URL(p.source))
		}
	}
	return nil
}

// show has a picture be taken from the folder of the pages.
func (s *shelf) show(p *paper, picture *ast.Image) error {
	from := path.Join(path.Dir(p.name), string(picture.Destination))
	name := path.Base(from)
	if other, taken := s.pictures[name]; taken && other != from {
		return fmt.Errorf("the pictures %s and %s would both be %s", other, from, name)
	}
	s.pictures[name] = from
	picture.Destination = []byte(name)
	return nil
}

// link has a link lead to a page. What is not handed out with the programs, such as source, is only named.
func (s *shelf) link(p *paper, link *ast.Link) error {
	u, err := url.Parse(string(link.Destination))
	switch {
	case err != nil:
		return err
	case onTheWeb(u), u.Scheme == "" && u.Host == "" && u.Path == "": // the latter leads to a heading of its own page
		return nil
	case u.Scheme != "" || u.Host != "":
		return fmt.Errorf("%s is no https address", u)
	}
	target := path.Join(path.Dir(p.name), u.Path)
	if isPaper(u) {
		link.Destination = []byte((&url.URL{Path: s.paper(target).page, Fragment: u.Fragment}).String())
		return nil
	}
	if _, err := fs.Stat(s.project, target); err != nil {
		return err
	}
	unlink(link, p.source, target)
	return nil
}

// onTheWeb reports whether an address is one that a person may follow.
func onTheWeb(u *url.URL) bool { return u.Scheme == "https" && u.Host != "" }

// unlink puts what a link says in its place, as code where that is the name of the file.
func unlink(link *ast.Link, source []byte, target string) {
	var said []ast.Node
	plain := true // code can hold nothing else
	for n := link.FirstChild(); n != nil; n = n.NextSibling() {
		_, is := n.(*ast.Text)
		said, plain = append(said, n), plain && is
	}
	parent := link.Parent()
	if plain && strings.HasSuffix("/"+target, "/"+markdown.Text(link, source)) {
		code := ast.NewCodeSpan()
		for _, n := range said {
			code.AppendChild(code, n)
		}
		said = []ast.Node{code}
	}
	for _, n := range said {
		parent.InsertBefore(parent, link, n)
	}
	parent.RemoveChild(parent, link)
}
