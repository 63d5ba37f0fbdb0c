package superid

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"partnerdesk/core/secret"
)

// Claim is one claim as the token has it.
type Claim struct {
	Name string
	// Value is a [secret.Text] where the name speaks of a secret, also deep inside.
	Value any
}

// registered are the claims of the specifications, in the order in which a reader looks for them.
var registered = []string{"iss", "aud", "azp", "sub", "exp", "nbf", "iat", "nonce"}

// list puts the claims in one order: those of the specifications, then the others by name.
func (o object) list() []Claim {
	rank := func(name string) int {
		if i := slices.Index(registered, name); i >= 0 {
			return i
		}
		return len(registered)
	}
	names := slices.SortedFunc(maps.Keys(o), func(a, b string) int { return cmp.Or(rank(a)-rank(b), strings.Compare(a, b)) })
	claims := make([]Claim, 0, len(names))
	for _, name := range names {
		claims = append(claims, Claim{name, hide(name, o[name])})
	}
	return claims
}

// hide makes a secret of what goes by a secret's name.
func hide(name string, v any) any {
	if speaksOfSecret(name) {
		if s, ok := v.(string); ok {
			return secret.New(s)
		}
		return secret.New(fmt.Sprint(v))
	}
	switch v := v.(type) {
	case map[string]any:
		hidden := make(map[string]any, len(v))
		for inner, value := range v {
			hidden[inner] = hide(inner, value)
		}
		return hidden
	case []any:
		hidden := make([]any, 0, len(v))
		for _, value := range v {
			hidden = append(hidden, hide(name, value))
		}
		return hidden
	}
	return v
}

func speaksOfSecret(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"token", "ticket", "secret", "password", "nonce", "key"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
