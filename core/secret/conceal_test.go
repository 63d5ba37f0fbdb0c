package secret_test

import (
	"testing"

	"partnerdesk/core/secret"
)

func TestASecretIsConcealedInEveryFormInWhichServersRepeatIt(t *testing.T) {
	signed, token := secret.New("My App-0123456789.202602230900.canary+a/b=="), secret.New("My App-0123456789")
	for name, words := range map[string]string{
		"as it is":               "My App-0123456789.202602230900.canary+a/b==",
		"in a form":              "My+App-0123456789.202602230900.canary%2Ba%2Fb%3D%3D",
		"in a form by .NET":      "My+App-0123456789.202602230900.canary%2ba%2fb%3d%3d",
		"in a path":              "My%20App-0123456789.202602230900.canary+a%2Fb==",
		"on a page":              "My App-0123456789.202602230900.canary&#43;a/b==",
		"on a page by .NET":      "My App-0123456789.202602230900.canary&#x2B;a/b==",
		"in JSON by .NET":        `My App-0123456789.202602230900.canary\u002Ba/b==`,
		"in JSON":                `My App-0123456789.202602230900.canary+a\/b==`,
		"in base64":              "TXkgQXBwLTAxMjM0NTY3ODkuMjAyNjAyMjMwOTAwLmNhbmFyeSthL2I9PQ",
		"what it begins with":    "My App-0123456789",
		"that one in base64":     "TXkgQXBwLTAxMjM0NTY3ODk",
		"that one in an address": "My+App-0123456789",
	} {
		if got := secret.Conceal("token «"+words+"» refused", signed, token, secret.Text{}, secret.New("refused"[:3])); got != "token «"+secret.Mask+"» refused" {
			t.Errorf("%s: %s", name, got)
		}
	}
	const other = "My App is not approved: see AuthorizeErrorCode 5 (NeedsReapproval)"
	if got := secret.Conceal(other, signed, token); got != other {
		t.Errorf("words without a secret became %q", got)
	}
}
