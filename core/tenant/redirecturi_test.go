package tenant

import (
	"strings"
	"testing"
)

func TestARedirectURIFitsWhatThePortalKnows(t *testing.T) {
	const native = `^http://127.0.0.1\:\d{4,10}$` // the portal's template
	for name, row := range map[string]struct {
		pattern, uri, complaint string // no complaint: it fits
	}{
		"the template, any port":             {native, "http://127.0.0.1:0", ""},
		"the template, a fixed port":         {native, "http://127.0.0.1:8080", ""},
		"the template, three digits":         {native, "http://127.0.0.1:808", "would be http://127.0.0.1:808,"},
		"the template, a slash":              {native, "http://127.0.0.1:0/", "would be http://127.0.0.1:1024/,"},
		"the template, a path":               {native, "http://127.0.0.1:8080/callback", "does not fit"},
		"the template, IPv6":                 {native, "http://[::1]:8080", "does not fit"},
		"a pattern of five digits":           {`^http://127.0.0.1:\d{5}$`, "http://127.0.0.1:0", "would be http://127.0.0.1:1024,"},
		"a pattern of four digits":           {`^http://127.0.0.1:\d{4}$`, "http://127.0.0.1:0", "would be http://127.0.0.1:10000,"},
		"a pattern with a path":              {`^http://\[::1\]:[0-9]+/callback$`, "http://[::1]:0/callback", ""},
		"a pattern without an end":           {`^http://127\.0\.0\.1:`, "http://127.0.0.1:0/anything", ""},
		"exactly":                            {"http://127.0.0.1:5000/callback", "http://127.0.0.1:5000/callback", ""},
		"exactly, IPv6":                      {"http://[::1]:5000/callback", "http://[::1]:5000/callback", ""},
		"exactly, another case":              {"http://127.0.0.1:5000/callback", "http://127.0.0.1:5000/Callback", "does not fit"},
		"exactly, a slash more":              {"http://127.0.0.1:5000", "http://127.0.0.1:5000/", "does not fit"},
		"an exact one is no pattern":         {"http://127.0.0.1:5000", "http://127x0.0.1:5000", "must begin with"},
		"dots of an exact one are no jokers": {"http://127.0.0.1:5000/a.b", "http://127.0.0.1:5000/axb", "does not fit"},
		"one port of any":                    {"http://127.0.0.1:5000", "http://127.0.0.1:0", "does not fit"},
		"any port of no pattern":             {"http://127.0.0.1:0", "http://127.0.0.1:0", "does not fit"},
		"a web app's":                        {"https://app.example.com/callback", "http://127.0.0.1:0", "does not fit"},
		"no loopback":                        {".*", "http://app.example.com:80", "must begin with"},
		"nothing registered":                 {"", "http://127.0.0.1:0", "1 to 1000 characters"},
		"too much registered":                {strings.Repeat("x", 1001), "http://127.0.0.1:0", "1 to 1000 characters"},
		"no regular expression":              {`^http://127.0.0.1:(\d+$`, "http://127.0.0.1:0", "can be read here"},
		"a .NET expression":                  {`^http://127.0.0.1:(?<=:)\d+$`, "http://127.0.0.1:0", "can be read here"},
	} {
		t.Run(name, func(t *testing.T) {
			err := RedirectURIFits(row.pattern, row.uri)
			if (err == nil) != (row.complaint == "") || err != nil && !strings.Contains(err.Error(), row.complaint) {
				t.Errorf("got %v, want %q", err, row.complaint)
			}
		})
	}
}
