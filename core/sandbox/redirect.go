package sandbox

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// registeredRedirects are the redirect URIs of the app: the portal's template for native apps, the same
// with a path, both for IPv6, and one of a fixed port. What begins with ^ is a regular expression, as loose
// in its dots as the portal's own; anything else is exact.
func registeredRedirects() []string {
	return []string{
		`^http://127.0.0.1\:\d{4,10}$`,
		`^http://127.0.0.1\:\d{4,10}/callback$`,
		`^http://\[::1\]\:\d{4,10}$`,
		`^http://\[::1\]\:\d{4,10}/callback$`,
		"http://127.0.0.1:53682/oauth/signed-in",
	}
}

// redirectRegistered reports whether uri is one that the app may be answered at.
func redirectRegistered(uri string) bool {
	u, err := url.Parse(uri)
	if err != nil || u.Fragment != "" || u.Host == "" {
		return false
	}
	return slices.ContainsFunc(registeredRedirects(), func(registered string) bool {
		if !strings.HasPrefix(registered, "^") {
			return registered == uri
		}
		matched, err := regexp.MatchString(registered, uri)
		return err == nil && matched
	})
}
