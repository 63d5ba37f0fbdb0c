// Package person signs in to the sandbox as an administrator with a browser would: for the tests of both
// programs, which need somebody in front of them.
package person

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// Person does in the browser what an administrator would: a user agent that follows redirects and submits
// forms, and knows no more of the pages than their buttons.
type Person struct {
	// User is the SuperID user name, ContextID the tenant to choose.
	User, ContextID string
	// Decision is the button to press on the last page: "approve" or "cancel".
	Decision string
}

const (
	// maxPages is more than any sign-in has.
	maxPages = 10
	// patience bounds the whole sign-in.
	patience = 30 * time.Second
)

// SignIn goes from page to page until none has a button to press, and returns the text of the last.
func (p Person) SignIn(ctx context.Context, address string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	response, err := load(ctx, client, http.MethodGet, address, nil)
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
		response, err = load(ctx, client, http.MethodPost, action.String(), values)
	}
	return "", fmt.Errorf("after %d pages there is still a button to press", maxPages)
}

// load fetches a page, or sends a form.
func load(ctx context.Context, client *http.Client, method, address string, form url.Values) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, errors.New("the address of a page cannot be read") // err quotes it, state included
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return client.Do(r)
}

// choose finds the first form with a button that the person would press, and what it sends.
func (p Person) choose(page *html.Node) (*html.Node, url.Values) {
	wanted := map[string]string{"user": p.User, "tenant": p.ContextID, "decision": p.Decision}
	for form := range page.Descendants() {
		if form.Type != html.ElementNode || form.Data != "form" {
			continue
		}
		// A form that leads out of the page's own site submits itself (form_post).
		values, pressed := url.Values{}, strings.HasPrefix(attribute(form, "action"), "http://")
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
