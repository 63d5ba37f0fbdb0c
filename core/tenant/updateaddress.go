package tenant

import (
	"errors"
	"net/url"
)

// maxUpdateAddress bounds the address of the update notice, in bytes.
const maxUpdateAddress = 1000

// CheckUpdateAddress says what is wrong with the address of [Settings.UpdateAddress]. None is fine: nothing is asked
// then. Any other must be https, so that nobody on the way can tell of a release that is none; plain http is for a
// server on this computer.
func CheckUpdateAddress(s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Hostname() == "" || len(s) > maxUpdateAddress || Plain(s) != s || u.Port() != "" && !isPort(u.Port()):
		return errors.New("the address for update notices must be a web address like https://example.com/newest.json")
	case u.Scheme != "https" && (u.Scheme != "http" || !IsLoopback(u.Hostname())):
		return errors.New("the address for update notices must begin with https://")
	case u.User != nil || u.Fragment != "":
		return errors.New("the address for update notices must have no user and no fragment")
	}
	return nil
}
