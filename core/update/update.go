// Package update asks an address that a person has chosen for the newest release of Partnerdesk. It asks when it is
// told to, and never by itself; it downloads and installs nothing.
//
// # What is asked for
//
// The address answers a GET with status 200 and a JSON object of at most 1 MB, in which two members count:
//
//	{
//	  "tag_name": "v0.2.0",
//	  "html_url": "https://example.com/partnerdesk/0.2.0"
//	}
//
// tag_name is a semantic version (semver.org), with or without the v in front; where it is missing, version says the
// same. html_url is the https address of the page about the release. GitHub's "Get the latest release" answers so
// (https://api.github.com/repos/OWNER/NAME/releases/latest), and so does a file with these two lines on any web server.
//
// # What is sent
//
// A GET of the address, with the program's name and version as User-Agent: no cookie, no identifier, and nothing about
// the person or the tenants. A redirect is followed within the same server only, as the person has agreed to no other.
// Where this machine reaches the outside through a proxy (HTTPS_PROXY and NO_PROXY), the question goes that way.
package update

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/mod/semver"

	"partnerdesk/core/tenant"
)

const (
	// maxAnswer bounds the answer; the largest honest one, GitHub's with its notes and files, has some ten KB.
	maxAnswer    = 1 << 20
	maxHeader    = 64 << 10
	maxRedirects = 3
	// askWithin is how long a server may take for all of its answer.
	askWithin = 15 * time.Second
	// maxPage bounds the address of a release's page, in bytes.
	maxPage = 1000
)

var (
	// ErrNoRelease marks an answer that does not name a release.
	ErrNoRelease = errors.New("the answer names no release")

	errTooLarge = errors.New("the answer is larger than 1 MB")
	errRedirect = errors.New("redirected to another server")
)

// Options are the parts of a [Client].
type Options struct {
	// Version is the program's own, for the User-Agent.
	Version string
	// Within is how long a server may take for all of its answer; zero means 15 seconds.
	Within time.Duration
	// Transport makes the requests; nil means one over the network that keeps no connection.
	Transport http.RoundTripper
}

// Client asks for releases. It is safe for many goroutines.
type Client struct {
	agent string
	http  *http.Client
}

// New makes a client.
func New(o Options) *Client {
	if o.Within == 0 {
		o.Within = askWithin
	}
	if o.Transport == nil {
		o.Transport = &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, ForceAttemptHTTP2: true, MaxResponseHeaderBytes: maxHeader}
	}
	return &Client{agent: "Partnerdesk/" + strings.Join(strings.Fields(o.Version), "-"),
		http: &http.Client{Transport: o.Transport, Timeout: o.Within, CheckRedirect: stayOnServer}}
}

// stayOnServer follows a redirect within one origin, and does not tell where it came from.
func stayOnServer(next *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects || next.URL.Scheme != via[0].URL.Scheme || next.URL.Host != via[0].URL.Host {
		return errRedirect
	}
	next.Header.Del("Referer")
	return nil
}

// Release is a release of Partnerdesk.
type Release struct {
	// Version is its semantic version without the v and without build metadata: "0.2.0".
	Version string
	// Page is the https address of the page about it.
	Page string
}

// Newest asks an address, which must be one and such that [tenant.CheckUpdateAddress] accepts it, for the newest
// release.
func (c *Client) Newest(ctx context.Context, address string) (Release, error) {
	if err := tenant.CheckUpdateAddress(address); err != nil {
		return Release{}, unusable("", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Release{}, unusable("", fmt.Errorf("read the address: %w", err))
	}
	r.Header.Set("User-Agent", c.agent)
	r.Header.Set("Accept", "application/json")
	resp, err := c.http.Do(r)
	if err != nil {
		return Release{}, noAnswer(ctx, r.URL.Host, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return Release{}, refused(resp, r.URL.Host)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return Release{}, noAnswer(ctx, r.URL.Host, err)
	case len(body) > maxAnswer:
		return Release{}, unusable(r.URL.Host, errTooLarge)
	}
	release, err := read(body)
	if err != nil {
		return Release{}, unusable(r.URL.Host, err)
	}
	return release, nil
}

// answer is what counts of an answer.
type answer struct {
	TagName string `json:"tag_name"`
	Version string `json:"version"`
	HTMLURL string `json:"html_url"`
}

func read(body []byte) (Release, error) {
	var a answer
	if err := json.Unmarshal(body, &a); err != nil {
		return Release{}, fmt.Errorf("%w: it is not the JSON that was expected", ErrNoRelease)
	}
	if a.TagName == "" {
		a.TagName = a.Version
	}
	version := canonical(a.TagName)
	if version == "" {
		return Release{}, fmt.Errorf("%w: tag_name is no semantic version", ErrNoRelease)
	}
	page, err := url.Parse(a.HTMLURL)
	if err != nil || page.Scheme != "https" || page.Hostname() == "" || page.User != nil || len(a.HTMLURL) > maxPage {
		return Release{}, fmt.Errorf("%w: html_url is no https address", ErrNoRelease)
	}
	return Release{Version: strings.TrimPrefix(version, "v"), Page: page.String()}, nil
}

// maxVersion bounds a version, in bytes: it is shown on one line.
const maxVersion = 64

// canonical is a version as package semver compares it, without build metadata; "" for what is no semantic version.
func canonical(version string) string {
	if len(version) > maxVersion {
		return ""
	}
	return semver.Canonical("v" + strings.TrimPrefix(version, "v"))
}

// Comparable reports whether a version is one that can be older than another. That of a build that nobody gave a
// number is none.
func Comparable(version string) bool { return canonical(version) != "" }

// Newer reports whether a release is news for who runs the version ours: it comes after it by semantic version, build
// metadata left out, and is no pre-release, unless ours is one too. Nothing is news for a version that is not
// [Comparable].
func Newer(r Release, ours string) bool {
	have, theirs := canonical(ours), canonical(r.Version)
	if have == "" || theirs == "" || semver.Prerelease(theirs) != "" && semver.Prerelease(have) == "" {
		return false
	}
	return semver.Compare(theirs, have) > 0
}
