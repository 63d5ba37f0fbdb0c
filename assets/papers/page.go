package main

import (
	"bytes"
	_ "embed" // for the frame of a page
	"fmt"
	"html/template"

	"partnerdesk/assets/papers/markdown"
)

//go:embed page.html
var frame string

//go:embed style.css
var style string

// entry is a line of the list of all papers.
type entry struct {
	Title, Page string
	Here        bool // it is this page
}

// draw makes the page of a paper.
func (s *shelf) draw(p *paper) ([]byte, error) {
	around, err := template.New("page").Parse(frame)
	if err != nil {
		return nil, fmt.Errorf("read the frame of a page: %w", err)
	}
	var body, page bytes.Buffer
	if err := markdown.New().Renderer().Render(&body, p.source, p.document); err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	all := make([]entry, 0, len(s.papers))
	for _, other := range s.papers {
		all = append(all, entry{Title: other.title, Page: other.page, Here: other == p})
	}
	err = around.Execute(&page, struct {
		Title string
		Style template.CSS
		Body  template.HTML // goldmark leaves out HTML that stands in a paper
		First entry
		All   []entry
	}{p.title, template.CSS(style), template.HTML(body.String()), all[0], all})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	return page.Bytes(), nil
}
