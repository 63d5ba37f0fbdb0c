package core_test

import (
	"bytes"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"partnerdesk/assets/papers/markdown"
)

// The pages that the tests below hold to something; all are named from the root, with slashes.
const (
	readme       = "README.md"
	architecture = "assets/guide/architecture.md"
	pictures     = "assets/guide/*.png"
)

// paper is a Markdown file of the project.
type paper struct {
	anchors map[string]bool
	links   []string
	html    bool     // it has HTML that leads somewhere
	parts   []string // what stands in code in the first column of the table of parts
	code    []string // what stands in code, in blocks and within lines
}

func TestLinksOfThePapersLeadSomewhere(t *testing.T) {
	all := papers(t)
	for name, p := range all {
		if p.html {
			t.Errorf("%s: a link or picture in HTML; write it in Markdown, so that it is checked", name)
		}
		for _, link := range p.links {
			if wrong := whatIsWrong(all, name, link); wrong != "" {
				t.Errorf("%s: the link to %s %s", name, link, wrong)
			}
		}
	}
}

func TestTheLinksGuardSeesWhatItShould(t *testing.T) {
	page, err := read([]byte("# The `one` – and, only!\n\n## Twice\n\n## Twice\n\n| a |\n|---|\n| [cell](x.md) <a href=\"y\">z</a> |\n\n![picture](p.png) me@example.org https://example.org\n"))
	if err != nil {
		t.Fatal(err)
	}
	if anchors := slices.Sorted(maps.Keys(page.anchors)); !slices.Equal(anchors, []string{"the-one--and-only", "twice", "twice-1"}) {
		t.Errorf("the anchors are %q", anchors)
	}
	if !slices.Equal(page.links, []string{"x.md", "p.png", "https://example.org"}) || !page.html {
		t.Errorf("the links are %q, with HTML: %t", page.links, page.html)
	}
	all := map[string]paper{readme: page, "core/sandbox/FAULTS.md": page}
	for link, good := range map[string]bool{
		"https://example.org/x#y": true, "http://example.org": false, "https:///x": false, "//example.org": false, "file:///etc": false,
		"#twice-1": true, "#twice-2": false, "core": true, "core/house_test.go": true, "core/house_test.go#L1": false, "no.md": false,
		"core/sandbox/FAULTS.md#twice": true, "core/sandbox/FAULTS.md#once": false, "../x": false, "/core": false,
	} {
		if wrong := whatIsWrong(all, readme, link); (wrong == "") != good {
			t.Errorf("the link to %s: %q", link, wrong)
		}
	}
}

func TestEveryPaperIsReachedFromTheReadme(t *testing.T) {
	all := papers(t)
	reached := map[string]bool{}
	next := []string{readme}
	for len(next) > 0 {
		name := next[0]
		next = next[1:]
		if p, there := all[name]; there && !reached[name] {
			reached[name] = true
			for _, link := range p.links {
				target, _ := splitLink(name, link)
				next = append(next, target)
			}
		}
	}
	for name := range all {
		if !reached[name] {
			t.Errorf("no way of links leads from %s to %s", readme, name)
		}
	}
}

func TestEveryPictureOfTheGuideIsShown(t *testing.T) {
	shown := map[string]bool{}
	for name, p := range papers(t) {
		for _, link := range p.links {
			target, _ := splitLink(name, link)
			shown[target] = true
		}
	}
	files, err := filepath.Glob("../" + pictures)
	if err != nil || len(files) == 0 {
		t.Fatalf("find the pictures: %d, %v", len(files), err)
	}
	for _, file := range files {
		if name := strings.TrimPrefix(filepath.ToSlash(file), "../"); !shown[name] {
			t.Errorf("no page shows %s", name)
		}
	}
}

// TestTheArchitecturePageNamesEveryRoom compares the table of what each part does with what there is.
func TestTheArchitecturePageNamesEveryRoom(t *testing.T) {
	rooms := map[string]bool{}
	for _, room := range goFiles(t) {
		rooms[room] = true
	}
	named := papers(t)[architecture].parts
	for room := range rooms {
		if !slices.Contains(named, room) {
			t.Errorf("%s does not say what %s does", architecture, room)
		}
	}
	for _, name := range named {
		if !rooms[name] {
			t.Errorf("%s says what %s does, which is no room", architecture, name)
		}
	}
}

// TestTheDiagramOfTheHouseIsTrue compares each arrow of the page's diagram with the house rule.
func TestTheDiagramOfTheHouseIsTrue(t *testing.T) {
	room, arrows := map[string]string{}, 0
	node := regexp.MustCompile(`(\w+)\["([^"]+)"\]`)
	for _, code := range papers(t)[architecture].code {
		for line := range strings.Lines(code) {
			for _, named := range node.FindAllStringSubmatch(line, -1) {
				room[named[1]] = named[2]
			}
			from, to, is := strings.Cut(node.ReplaceAllString(strings.TrimSpace(line), "$1"), " --> ")
			if !is {
				continue
			}
			may, known := allowedTo(room[from])
			for other := range strings.SplitSeq(to, " & ") {
				arrows++
				if !known || !may(room[other]) {
					t.Errorf("%s draws an arrow from %q to %q, which the house does not allow", architecture, room[from], room[other])
				}
			}
		}
	}
	if arrows == 0 {
		t.Errorf("%s has no diagram", architecture)
	}
}

// TestThePapersNameTargetsThatAre looks at each make in the papers. The target may be this project's, or one of a
// Makefile that is packed with the programs.
func TestThePapersNameTargetsThatAre(t *testing.T) {
	var makefiles []byte
	eachFile(t, func(file string) bool { return filepath.Base(file) == "Makefile" }, func(_ string, content []byte) error {
		makefiles = append(makefiles, content...)
		return nil
	})
	call, found := regexp.MustCompile(`(?m)^\s*make ([a-z][a-z0-9-]*)`), 0
	for name, p := range papers(t) {
		for _, code := range p.code {
			for _, match := range call.FindAllStringSubmatch(code, -1) {
				found++
				if !regexp.MustCompile(`(?m)^` + match[1] + `:`).Match(makefiles) {
					t.Errorf("%s: there is no make %s", name, match[1])
				}
			}
		}
	}
	if found == 0 {
		t.Error("no page says make")
	}
}

// papers are all Markdown files of the project by their names.
func papers(t *testing.T) map[string]paper {
	t.Helper()
	all := map[string]paper{}
	eachFile(t, func(file string) bool { return filepath.Ext(file) == ".md" }, func(file string, content []byte) (err error) {
		all[strings.TrimPrefix(filepath.ToSlash(file), "../")], err = read(content)
		return err
	})
	if len(all) < 4 {
		t.Fatalf("found %d papers only", len(all))
	}
	return all
}

// eachFile reads those of the project's files that are wanted.
func eachFile(t *testing.T, wanted func(file string) bool, take func(file string, content []byte) error) {
	t.Helper()
	err := filepath.WalkDir("..", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case isHidden(file, entry):
			return filepath.SkipDir
		case entry.IsDir(), !wanted(file):
			return nil
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		return take(file, content)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// isHidden reports whether a folder holds nothing that is read by people.
func isHidden(file string, entry fs.DirEntry) bool {
	return entry.IsDir() && file != ".." && (strings.HasPrefix(entry.Name(), ".") || slices.Contains([]string{"testdata", "build"}, entry.Name()))
}

// read finds what the tests ask for in a page.
func read(content []byte) (paper, error) {
	p := paper{anchors: map[string]bool{}}
	document := markdown.Parse(content)
	for _, anchor := range markdown.Anchors(markdown.Headings(document), content) {
		p.anchors[anchor] = true
	}
	err := ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			p.links = append(p.links, string(n.Destination))
		case *ast.Image:
			p.links = append(p.links, string(n.Destination))
		case *ast.AutoLink:
			if n.AutoLinkType == ast.AutoLinkURL { // the other kind is a name at a server, such as the sandbox's users have
				p.links = append(p.links, string(n.URL(content)))
			}
		case *ast.RawHTML:
			p.html = p.html || leads(n.Segments.Value(content))
		case *ast.HTMLBlock:
			p.html = p.html || leads(n.Lines().Value(content))
		case *ast.CodeSpan:
			p.code = append(p.code, markdown.Text(n, content))
		case *ast.FencedCodeBlock:
			p.code = append(p.code, string(n.Lines().Value(content)))
		case *east.Table:
			if markdown.Text(n.FirstChild().FirstChild(), content) == "part" {
				for row := n.FirstChild().NextSibling(); row != nil; row = row.NextSibling() {
					p.parts = append(p.parts, codeOf(row.FirstChild(), content)...)
				}
			}
		}
		return ast.WalkContinue, nil
	})
	return p, err
}

// leads reports whether HTML has a link or a picture.
func leads(html []byte) bool {
	return bytes.Contains(html, []byte("href=")) || bytes.Contains(html, []byte("src="))
}

// codeOf is what stands in code within a node.
func codeOf(n ast.Node, content []byte) []string {
	var names []string
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		if child.Kind() == ast.KindCodeSpan {
			names = append(names, markdown.Text(child, content))
		}
	}
	return names
}

// whatIsWrong says why a link of a page leads nowhere; "" where it leads somewhere. Nobody asks the network: an address
// elsewhere must only have the form of one.
func whatIsWrong(all map[string]paper, from, link string) string {
	if u, err := url.Parse(link); err != nil || u.Scheme != "" || strings.HasPrefix(link, "//") {
		if err != nil || u.Scheme != "https" || u.Host == "" {
			return "is no https address"
		}
		return ""
	}
	target, anchor := splitLink(from, link)
	if strings.HasPrefix(link, "/") || target == ".." || strings.HasPrefix(target, "../") {
		return "leads out of the project"
	}
	if _, err := os.Stat(filepath.Join("..", filepath.FromSlash(target))); err != nil {
		return "leads to no file"
	}
	if p, is := all[target]; anchor != "" && (!is || !p.anchors[anchor]) {
		return "leads to no heading; there are " + strings.Join(slices.Sorted(maps.Keys(p.anchors)), ", ")
	}
	return ""
}

// splitLink is the file that a relative link of a page leads to, named from the root, and the anchor in it.
func splitLink(from, link string) (target, anchor string) {
	target, anchor, _ = strings.Cut(link, "#")
	if target == "" {
		return from, anchor
	}
	return path.Join(path.Dir(from), target), anchor
}
