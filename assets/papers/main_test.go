package main

import (
	"bytes"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"
)

// project is the root of the source.
const project = "../.."

// seen is what a browser finds in a page.
type seen struct {
	ids, links, pictures, others []string // others are files of any other kind that it would load
	title, language, text        string
}

// look reads a page.
func look(t *testing.T, page []byte) seen {
	t.Helper()
	document, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var s seen
	for n := range document.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" {
			s.text += n.Data
		}
		if n.Type == html.ElementNode && n.Data == "title" {
			s.title = n.FirstChild.Data
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "id":
				s.ids = append(s.ids, a.Val)
			case n.Data == "html" && a.Key == "lang":
				s.language = a.Val
			case n.Data == "a" && a.Key == "href":
				s.links = append(s.links, a.Val)
			case n.Data == "img" && a.Key == "src":
				s.pictures = append(s.pictures, a.Val)
			case slices.Contains([]string{"href", "src", "srcset", "action", "data", "background"}, a.Key):
				s.others = append(s.others, a.Val)
			}
		}
		if slices.Contains([]string{"script", "iframe", "object", "link"}, n.Data) {
			s.others = append(s.others, n.Data)
		}
	}
	return s
}

// made are the pages that are made of a project, and the names of all files beside them.
func made(t *testing.T, from fs.FS) (pages map[string]seen, files map[string][]byte) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "guide")
	if err := write(from, folder); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	pages, files = map[string]seen{}, map[string][]byte{}
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[entry.Name()] = content
		if filepath.Ext(entry.Name()) == ".html" {
			pages[entry.Name()] = look(t, content)
		}
	}
	return pages, files
}

// Whoever has the packages has neither the source nor, perhaps, a network.
func TestEveryLinkOfThePagesLeadsSomewhere(t *testing.T) {
	pages, files := made(t, os.DirFS(project))
	shown := map[string]bool{}
	for name, page := range pages {
		if page.title == "" || page.language != "en" {
			t.Errorf("%s has the title %q and the language %q", name, page.title, page.language)
		}
		if len(page.others) > 0 {
			t.Errorf("%s would load %q", name, page.others)
		}
		for _, link := range page.links {
			u, err := url.Parse(link)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if u.Scheme == "https" && u.Host != "" {
				continue // a person may follow it
			}
			target := u.Path
			if target == "" {
				target = name
			}
			other, there := pages[target]
			if u.Scheme != "" || u.Host != "" || !there || u.Fragment != "" && !slices.Contains(other.ids, u.Fragment) {
				t.Errorf("%s: the link to %s leads nowhere", name, link)
			}
		}
		for _, picture := range page.pictures {
			shown[picture] = true
			if len(files[picture]) == 0 {
				t.Errorf("%s: there is no picture %s", name, picture)
			}
		}
		ids := slices.Clone(page.ids)
		slices.Sort(ids)
		if len(slices.Compact(ids)) != len(page.ids) {
			t.Errorf("%s names two things alike: %q", name, page.ids)
		}
	}
	for name := range files {
		if _, page := pages[name]; !page && !shown[name] {
			t.Errorf("no page shows %s", name)
		}
	}
}

// A page that nothing leads to could as well not be there.
func TestEveryPaperHasItsPage(t *testing.T) {
	pages, _ := made(t, os.DirFS(project))
	for page, title := range map[string]string{
		"index.html": "Partnerdesk, a short guide", "readme.html": "Partnerdesk", "install.html": "Install, update, uninstall",
		"security.html": "", "service.html": "", "troubleshooting.html": "", "faults.html": "", "changelog.html": "",
		"connect.html": "", "certification.html": "", "architecture.html": "",
	} {
		if _, there := pages[page]; !there || title != "" && pages[page].title != title {
			t.Errorf("%s has the title %q; there are %q", page, pages[page].title, slices.Sorted(maps.Keys(pages)))
		}
		for name, other := range pages {
			if name != page && !slices.Contains(other.links, page) {
				t.Errorf("%s does not lead to %s", name, page)
			}
		}
	}
}

func TestTheSamePapersGiveTheSamePages(t *testing.T) {
	_, one := made(t, os.DirFS(project))
	_, other := made(t, os.DirFS(project))
	if !maps.EqualFunc(one, other, bytes.Equal) {
		t.Error("two runs differ")
	}
}

// small is a project with one of everything, and with something more.
func small(more fstest.MapFS) fstest.MapFS {
	p := fstest.MapFS{
		start: {Data: []byte("# All\n\n[the guide](assets/guide/guide.md#a-b)\n")},
		first: {Data: []byte("# The guide\n\n## A, *b*\n\n[core/x_y.go](../../core/x_y.go), [`x_y.go`](../../core/x_y.go), [the terms](../../LICENSE), " +
			"anna@sandbox.example, [web](https://example.org/), [up](#a-b), [home](../../README.md)\n\n![A](a.png)\n\n<a href=\"http://evil.example\">x</a>\n")},
		"assets/guide/a.png":      {Data: []byte("picture")},
		"assets/guide/unused.png": {Data: []byte("picture")},
		"core/x_y.go":             {Data: []byte("package core")},
		"LICENSE":                 {Data: []byte("MIT")},
	}
	maps.Copy(p, more)
	return p
}

func TestWhatIsNotHandedOutIsOnlyNamed(t *testing.T) {
	pages, files := made(t, small(nil))
	if names := slices.Sorted(maps.Keys(files)); !slices.Equal(names, []string{"a.png", "index.html", "readme.html"}) {
		t.Errorf("the folder has %q", names)
	}
	if links := pages["index.html"].links; !slices.Equal(links, []string{"https://example.org/", "#a-b", "readme.html", "readme.html"}) {
		t.Errorf("the guide leads to %q", links)
	}
	if links := pages["readme.html"].links; !slices.Contains(links, "index.html#a-b") {
		t.Errorf("the README leads to %q", links)
	}
	const said = "<p><code>core/x_y.go</code>, <code>x_y.go</code>, the terms, anna@sandbox.example, <a href=\"https://example.org/\">web</a>"
	if page := string(files["index.html"]); !strings.Contains(page, said) {
		t.Errorf("the guide is\n%s", page)
	}
}

func TestAPaperThatLeadsNowhereIsRefused(t *testing.T) {
	for what, line := range map[string]string{
		"a paper that is not there":   "[x](none.md)",
		"a file that is not there":    "[x](none.go)",
		"a picture that is not there": "![x](none.png)",
		"a way out of the project":    "[x](../../../x.md)",
		"an address without TLS":      "[x](http://example.org/)",
		"a bare address without TLS":  "http://example.org/",
		"a page with a name taken":    "[x](../../core/Guide/README.md)",
		"a picture with a name taken": "![x](a.png) ![x](../a.png)",
		"a page without a title":      "[x](bare.md)",
	} {
		p := small(fstest.MapFS{
			"core/Guide/README.md": {Data: []byte("# Another")},
			"assets/a.png":         {Data: []byte("another")},
			"assets/guide/bare.md": {Data: []byte("Only words.")},
		})
		p[first] = &fstest.MapFile{Data: []byte("# The guide\n\n" + line + "\n")}
		if err := write(p, t.TempDir()); err == nil {
			t.Errorf("%s is taken", what)
		}
	}
}
