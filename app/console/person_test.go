package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// person does in the browser what an administrator would: a user agent that follows redirects and submits
// forms, and knows no more of the pages than their buttons.
type person struct{ user, ctx, decision string }

// firstAddress reads the address on the first line: alone, or as a JSON value's url. The line is part of
// what is left to read.
func firstAddress(r io.Reader) (string, io.Reader, error) {
	buffered := bufio.NewReader(r)
	line, err := buffered.ReadString('\n')
	if err != nil {
		return "", nil, fmt.Errorf("read the address: %w after %q", err, line)
	}
	address := strings.TrimSpace(line)
	if strings.HasPrefix(address, "{") {
		var first struct{ URL string }
		if err := json.Unmarshal([]byte(address), &first); err != nil {
			return "", nil, err
		}
		address = first.URL
	}
	return address, io.MultiReader(strings.NewReader(line), buffered), nil
}

// maxPages is more than any sign-in has.
const maxPages = 10

// signIn goes from page to page until none has a button to press, and returns the text of the last.
func (p person) signIn(address string) (string, error) {
	client := &http.Client{Timeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	response, err := client.Get(address)
	for range maxPages {
		if err != nil {
			return "", err
		}
		page, parseErr := html.Parse(response.Body)
		_ = response.Body.Close()
		if parseErr != nil {
			return "", parseErr
		}
		here := response.Request.URL
		form, values := p.choose(page)
		if form == nil {
			return text(page), nil
		}
		action, parseErr := here.Parse(attribute(form, "action"))
		if parseErr != nil {
			return "", parseErr
		}
		response, err = client.PostForm(action.String(), values)
	}
	return "", fmt.Errorf("after %d pages there is still a button to press", maxPages)
}

// choose finds the first form with a button that the person would press, and what it sends.
func (p person) choose(page *html.Node) (*html.Node, url.Values) {
	wanted := map[string]string{"user": p.user, "tenant": p.ctx, "decision": p.decision}
	for form := range page.Descendants() {
		if form.Type != html.ElementNode || form.Data != "form" {
			continue
		}
		values, pressed := url.Values{}, false
		for n := range form.Descendants() {
			name, value := attribute(n, "name"), attribute(n, "value")
			switch {
			case n.Type != html.ElementNode || name == "":
			case n.Data == "input":
				values.Set(name, value)
			case n.Data == "button" && wanted[name] == value && !pressed:
				values.Set(name, value)
				pressed = true
			}
		}
		if pressed {
			return form, values
		}
	}
	return nil, nil
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func text(page *html.Node) string {
	var words []string
	for n := range page.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "script" {
			words = append(words, strings.Fields(n.Data)...)
		}
	}
	return strings.Join(words, " ")
}
