package sandbox_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// screen is a page as the user agent of the tests sees it, or the callback that ended the visit.
type screen struct {
	w        *world
	status   int
	header   http.Header
	address  *url.URL
	doc      *html.Node
	text     string
	callback url.Values // not nil when the browser was sent to the app
	typed    map[string]string
}

func (w *world) browse(address string) screen {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.follow(r)
}

// follow sends the request and goes after redirects as long as they stay in the sandbox.
func (w *world) follow(r *http.Request) screen {
	w.t.Helper()
	r.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	client := &http.Client{
		Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(next *http.Request, _ []*http.Request) error {
			if next.URL.Host != r.URL.Host {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}
	response, err := client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	p := screen{w: w, status: response.StatusCode, header: response.Header, address: response.Request.URL,
		typed: map[string]string{}}
	if to := response.Header.Get("Location"); to != "" {
		u, err := url.Parse(to)
		if err != nil {
			w.t.Fatal(err)
		}
		p.address, p.callback = u, u.Query()
		return p
	}
	if p.doc, err = html.Parse(bytes.NewReader(b)); err != nil {
		w.t.Fatal(err)
	}
	p.text = words(p.doc)
	if response.Header.Get("Content-Security-Policy") == "" || !strings.Contains(p.text, "This is not SuperOffice") {
		w.t.Errorf("%s: a page without a policy or without the notice", p.address.Path)
	}
	return p
}

// click presses the button with the id and sends its form, as a browser without scripts does.
func (p screen) click(id string) screen {
	p.w.t.Helper()
	button := find(p.doc, func(n *html.Node) bool { return n.Data == "button" && attribute(n, "id") == id })
	if button == nil {
		p.w.t.Fatalf("no button %s on the page: %s", id, p.text)
	}
	form := button.Parent
	for form.Data != "form" {
		form = form.Parent
	}
	fields := url.Values{}
	each(form, func(n *html.Node) {
		if n.Data != "input" && n.Data != "select" {
			return
		}
		value := attribute(n, "value")
		if typed, ok := p.typed[attribute(n, "id")]; ok && attribute(n, "id") != "" {
			value = typed
		}
		fields.Add(attribute(n, "name"), value)
	})
	if name := attribute(button, "name"); name != "" {
		fields.Add(name, attribute(button, "value"))
	}
	action, err := p.address.Parse(attribute(form, "action"))
	if err != nil {
		p.w.t.Fatal(err)
	}
	if action.Host != p.address.Host {
		return screen{w: p.w, address: action, callback: fields}
	}
	r, err := http.NewRequestWithContext(p.w.t.Context(), http.MethodPost, action.String(), strings.NewReader(fields.Encode()))
	if err != nil {
		p.w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", p.address.Scheme+"://"+p.address.Host)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return p.w.follow(r)
}

func (p screen) fill(id, value string) screen { p.typed[id] = value; return p }

func (p screen) has(id string) bool { return p.element(id) != nil }

func (p screen) element(id string) *html.Node {
	return find(p.doc, func(n *html.Node) bool { return attribute(n, "id") == id })
}

func (p screen) shows(t *testing.T, want ...string) {
	t.Helper()
	for _, s := range want {
		if !strings.Contains(p.text, s) {
			t.Errorf("the page does not say %q: %s", s, p.text)
		}
	}
}

func find(n *html.Node, match func(*html.Node) bool) *html.Node {
	if n == nil {
		return nil
	}
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && match(d) {
			return d
		}
	}
	return nil
}

func each(n *html.Node, do func(*html.Node)) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode {
			do(d)
		}
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func words(n *html.Node) string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			out.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}
