package sandbox

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// registeredRedirects are the redirect URIs of the app: the portal's template for native apps, the same
// with a path, and both for IPv6. What begins with ^ is a regular expression, anything else is exact.
func registeredRedirects() []string {
	return []string{
		`^http://127.0.0.1\:\d{4,10}$`,
		`^http://127.0.0.1\:\d{4,10}/callback$`,
		`^http://\[::1\]\:\d{4,10}$`,
		`^http://\[::1\]\:\d{4,10}/callback$`,
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
