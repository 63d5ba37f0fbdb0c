package app

import (
	"strings"
	"testing"

	"partnerdesk/core/tenant"
)

// TestOpenBrowserRefuses keeps everything but web addresses from the system, which would run a file.
func TestOpenBrowserRefuses(t *testing.T) {
	for _, address := range []string{"", "file:///etc/passwd", "calc.exe", "javascript:alert(1)", "http://", "-flag", "http://a b/", "mailto:a@b.example"} {
		err := OpenBrowser(address)
		if err == nil {
			t.Fatalf("%q was opened", address)
		}
		e := tenant.Explain(err)
		if e.What != "No browser could be opened." || !strings.Contains(e.Next, "Copy the link") {
			t.Errorf("%q: %+v", address, e)
		}
		if address != "" && strings.Contains(err.Error(), address) {
			t.Errorf("the address stands in the error: %v", err)
		}
	}
}
