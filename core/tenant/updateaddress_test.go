package tenant_test

import (
	"strings"
	"testing"

	"partnerdesk/core/tenant"
)

func TestTheAddressForUpdateNoticesIsSafeToAsk(t *testing.T) {
	for address, want := range map[string]string{
		"": "", "https://api.github.com/repos/owner/name/releases/latest": "", "https://example.com:8443/newest.json?channel=stable": "",
		"http://127.0.0.1:8000/newest.json": "", "http://[::1]/newest.json": "",
		"http://example.com/newest.json": "must begin with https://", "http://localhost/newest.json": "must begin with https://",
		"file:///etc/newest.json": "must be a web address", "ftp://example.com/newest.json": "must begin with https://",
		"example.com/newest.json": "must be a web address", "https://": "must be a web address", "https://example.com:99999/": "must be a web address",
		"https://example.com/\x00": "must be a web address", "https://example.com/" + strings.Repeat("x", 1000): "must be a web address",
		"https://ada:canary@example.com/": "no user", "https://example.com/#newest": "no fragment",
	} {
		s := tenant.DefaultSettings()
		s.UpdateAddress = address
		switch err := s.Check(); {
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%.60s: %v", address, err)
		case err != nil && strings.Contains(err.Error(), "canary"):
			t.Errorf("the password stands in %v", err)
		}
	}
	if tenant.DefaultSettings().UpdateAddress != "" {
		t.Error("somebody is asked whom nobody has chosen")
	}
}
