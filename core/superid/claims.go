package superid

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// identity is the prefix of SuperOffice's own claims.
const identity = "http://schemes.superoffice.net/identity/"

// Claims is what a validated token says. Of SuperOffice's own claims each may be absent but ctx.
type Claims struct {
	// Subject is the SuperID user name.
	Subject string
	// ContextID names the tenant, CompanyName is what it calls itself, Serial its database's number.
	ContextID   string
	CompanyName string
	Serial      string
	// AssociateID is the user's number inside the tenant.
	AssociateID string
	// Administrator says whether the user is one, as only an administrator may approve an app; nil where the
	// token does not say.
	Administrator *bool
	// SystemUserToken is there where the app has the system user option and an administrator has
	// approved. A token that differs from the stored one replaces it.
	SystemUserToken secret.Text
	// All is every claim under its full name, those without a field here too, to be shown.
	All []Claim
}

// read fills the fields from the raw claims; the registered ones that have a step of their own are read
// there.
func (c *Claims) read(raw object) error {
	ours := object{}
	for name, v := range raw {
		if short, is := strings.CutPrefix(name, identity); is {
			ours[short] = v
		}
	}
	var errs []error
	text := func(name string) string {
		s, err := ours.text(name)
		errs = append(errs, err)
		return s
	}
	digits := func(name string) string {
		s, err := ours.digits(name)
		errs = append(errs, err)
		return s
	}
	var err error
	c.Subject, err = raw.text("sub")
	errs = append(errs, err)
	c.ContextID, c.CompanyName = text("ctx"), text("company_name")
	c.Serial, c.AssociateID = digits("serial"), digits("associateid")
	c.Administrator, err = ours.boolean("is_administrator")
	errs = append(errs, err)
	token, err := ours.text("system_token")
	errs = append(errs, err)
	c.SystemUserToken = secret.New(token)
	c.All = raw.list()
	if err := errors.Join(errs...); err != nil {
		return oneLine(err)
	}
	if !tenant.IsContextID(c.ContextID) {
		return fmt.Errorf("ctx is %q, and must be Cust and digits", clip(c.ContextID, 40))
	}
	return nil
}

// oneLine makes one line of joined errors.
func oneLine(err error) error { return errors.New(strings.ReplaceAll(err.Error(), "\n", "; ")) }

// typeError is a claim of the wrong JSON type.
type typeError string

// Error says which claim, and what is wrong with it.
func (e typeError) Error() string { return string(e) }

// text returns the member as text; absent and null are "".
func (o object) text(name string) (string, error) {
	switch v := o[name].(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	}
	return "", typeError(name + " is not text")
}

// texts returns the member as a list; one text is a list of one (RFC 7519 section 4.1.3).
func (o object) texts(name string) ([]string, error) {
	elements, many := o[name].([]any)
	if !many {
		one, err := o.text(name)
		if err != nil || one == "" {
			return nil, err
		}
		return []string{one}, nil
	}
	list := make([]string, 0, len(elements))
	for _, e := range elements {
		s, ok := e.(string)
		if !ok {
			return nil, typeError(name + " holds something that is not text")
		}
		list = append(list, s)
	}
	return list, nil
}

// digits returns a number that may come as text or as a JSON number.
func (o object) digits(name string) (string, error) {
	s, err := o.text(name)
	if n, ok := o[name].(json.Number); ok {
		s, err = n.String(), nil
	}
	if err != nil || len(s) > 20 || strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		return "", typeError(name + " is not a number")
	}
	return s, nil
}

// boolean reads SuperOffice's "True" and "False", and JSON's own; nil for what is absent or empty.
func (o object) boolean(name string) (*bool, error) {
	if b, ok := o[name].(bool); ok {
		return &b, nil
	}
	s, err := o.text(name)
	switch {
	case err != nil:
	case s == "":
		return nil, nil
	case strings.EqualFold(s, "true"), strings.EqualFold(s, "false"):
		return new(strings.EqualFold(s, "true")), nil
	}
	return nil, typeError(name + " is neither True nor False")
}

// time returns a NumericDate (RFC 7519 section 2); absent is the zero time.
func (o object) time(name string, quoted bool) (time.Time, error) {
	var digits string
	switch v := o[name].(type) {
	case nil:
		return time.Time{}, nil
	case json.Number:
		digits = v.String()
	case string:
		if !quoted {
			return time.Time{}, typeError(name + " is text instead of a number")
		}
		digits = v
	default:
		return time.Time{}, typeError(name + " is not a number")
	}
	seconds, err := strconv.ParseFloat(digits, 64)
	const lastYear = 253402300800 // 10000-01-01
	if err != nil || math.IsNaN(seconds) || seconds <= 0 || seconds >= lastYear {
		return time.Time{}, fmt.Errorf("%s is no time", name)
	}
	return time.Unix(int64(seconds), 0).UTC(), nil
}
