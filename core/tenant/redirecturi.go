package tenant

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// CheckRedirectURI accepts what a native app may register (RFC 8252 section 7.3): http, a literal
// loopback address, a port (0 for any), an optional path.
func CheckRedirectURI(s string) error {
	u, err := url.Parse(s)
	if err != nil {
		return errors.New("the redirect URI cannot be read as a URL")
	}
	port, err := strconv.Atoi(u.Port())
	switch {
	case u.Scheme != "http" || !IsLoopback(u.Hostname()):
		return errors.New("the redirect URI must begin with http://127.0.0.1: or http://[::1]: (the name localhost is not accepted)")
	case err != nil || port < 0 || port > 65535:
		return errors.New("the redirect URI must name a port, or 0 for any free one")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(s, "?#"):
		return errors.New("the redirect URI must have no query and no fragment")
	}
	return nil
}

// samplePorts stand for all that the system may choose where any port will do: the lowest and the highest
// that it may, both sides of five digits, and where Linux, Windows and macOS begin.
var samplePorts = [...]string{"1024", "9999", "10000", "32768", "49152", "65535"}

// maxRedirectPattern bounds a pattern; the Developer Portal's own has 31 characters.
const maxRedirectPattern = 1000

// RedirectURIFits says why a redirect URI is not one that the Developer Portal would accept for an app, and
// is nil where it is. pattern is what the portal knows: a URI, which must be the same to the last character
// (RFC 6749 section 3.1.2.3), or a regular expression such as ^http://127.0.0.1\:\d{4,10}$. Where the URI
// leaves the port open (0), every port that the system may choose must fit.
func RedirectURIFits(pattern, uri string) error {
	if err := CheckRedirectURI(uri); err != nil {
		return err
	}
	fits, err := redirectMatcher(pattern)
	if err != nil {
		return err
	}
	for _, sent := range possibleURIs(uri) {
		if !fits(sent) {
			return fmt.Errorf("the redirect URI would be %s, which does not fit what is registered: %s", sent, pattern)
		}
	}
	return nil
}

// redirectMatcher tells a URI from a regular expression: what can be a redirect URI of a native app is one.
func redirectMatcher(pattern string) (func(uri string) bool, error) {
	if CheckRedirectURI(pattern) == nil {
		return func(uri string) bool { return uri == pattern }, nil
	}
	if pattern == "" || len(pattern) > maxRedirectPattern {
		return nil, fmt.Errorf("the registered pattern must have 1 to %d characters", maxRedirectPattern)
	}
	expression, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("the registered pattern is neither a redirect URI nor a regular expression that can be read here: %w", err)
	}
	return expression.MatchString, nil
}

// possibleURIs are the URIs that a sign-in might send.
func possibleURIs(uri string) []string {
	u, err := url.Parse(uri)
	if err != nil {
		return nil
	}
	if port, err := strconv.Atoi(u.Port()); err != nil || port != 0 {
		return []string{uri}
	}
	uris := make([]string, 0, len(samplePorts))
	for _, port := range samplePorts {
		uris = append(uris, strings.Replace(uri, u.Host, net.JoinHostPort(u.Hostname(), port), 1))
	}
	return uris
}
