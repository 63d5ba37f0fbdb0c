package tenant_test

import (
	"strings"
	"testing"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

func TestAPassphraseMustBeLongEnough(t *testing.T) {
	for passphrase, want := range map[string]bool{
		"":                              false,
		"elf letters":                   false, // eleven
		"twelve chars":                  true,
		strings.Repeat("å", 11):         false, // 22 bytes
		strings.Repeat("å", 12):         true,
		"correct horse battery staple!": true,
	} {
		err := tenant.CheckPassphrase(secret.New(passphrase))
		if (err == nil) != want {
			t.Errorf("%q: %v", passphrase, err)
		}
		if err != nil && passphrase != "" && strings.Contains(err.Error(), passphrase) {
			t.Errorf("the error tells the passphrase: %v", err)
		}
	}
}
