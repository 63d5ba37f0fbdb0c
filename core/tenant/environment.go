package tenant

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Environment is one of SuperOffice's installations, or an imitation of one. Each has its own identity
// provider, keys, client ids and secrets.
type Environment string

// The environments. Sandbox is Partnerdesk's own, on loopback; Custom is any other address.
const (
	Sandbox     Environment = "sandbox"
	Development Environment = "sod"
	Stage       Environment = "qaonline"
	Production  Environment = "online"
	Custom      Environment = "custom"
)

// Environments lists them in the order in which an app moves through them.
func Environments() []Environment {
	return []Environment{Sandbox, Development, Stage, Production, Custom}
}

// BaseURL returns the fixed address of a SuperOffice environment, and "" for sandbox and custom.
func (e Environment) BaseURL() string {
	switch e {
	case Development, Stage, Production:
		return "https://" + string(e) + ".superoffice.com"
	}
	return ""
}

// Label is the environment's name for people.
func (e Environment) Label() string {
	switch e {
	case Sandbox:
		return "Sandbox"
	case Development:
		return "Development (sod)"
	case Stage:
		return "Stage (qaonline)"
	case Production:
		return "Production (online)"
	case Custom:
		return "Custom"
	}
	return string(e)
}

// ParseEnvironment accepts the names above.
func ParseEnvironment(s string) (Environment, error) {
	for _, e := range Environments() {
		if string(e) == s {
			return e, nil
		}
	}
	return "", fmt.Errorf("environment %q is not one of sandbox, sod, qaonline, online, custom", s)
}

// CheckBaseURL accepts an absolute https address without path, query, fragment or user, and plain http
// only for a literal loopback address, where nothing travels over a network.
func CheckBaseURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return errors.New("the address cannot be read as a URL")
	case u.Host == "" || u.User != nil || strings.ContainsAny(s, "?#") || strings.Trim(u.Path, "/") != "":
		return errors.New("the address must be a scheme and a host only, like https://sod.superoffice.com")
	case u.Port() != "" && !isPort(u.Port()):
		return errors.New("the address's port must lie between 1 and 65535")
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && IsLoopback(u.Hostname()):
		return nil
	}
	return errors.New("the address must begin with https:// (http:// is for 127.0.0.1 and [::1] only)")
}

func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

// IsLoopback reports whether host is a literal loopback address (RFC 8252 section 8.3 advises against
// the name localhost, which may resolve to anything).
func IsLoopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
