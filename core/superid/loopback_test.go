package superid

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnerdesk/core/tenant"
)

func TestBusyPort(t *testing.T) {
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	f := newFake(t)
	reg := f.registration()
	reg.RedirectURI = "http://" + taken.Addr().String()
	_, err = newClient(t).SignIn(context.Background(), reg, SignInRequest{Waiting: func(string, time.Time) { t.Error("waits") }})
	if !errors.Is(err, ErrPort) {
		t.Fatal(err)
	}
	if e := explained(t, err); !strings.Contains(e.Why, "in use by another program") || e.Fault != tenant.FaultMachine {
		t.Errorf("%+v", e)
	}
}

// TestForeignRequestsChangeNothing sends what a port scan, another program or a hostile web page might
// send, before and after the right answer.
func TestForeignRequestsChangeNothing(t *testing.T) {
	f := newFake(t)
	reg := f.registration()
	reg.RedirectURI = "http://127.0.0.1:0/callback"
	var redirect string
	_, page, err := signInWith(context.Background(), newClient(t), reg, SignInRequest{
		Waiting: func(address string, _ time.Time) {
			u, _ := url.Parse(address)
			redirect = u.Query().Get("redirect_uri")
			sendForeign(t, redirect, u.Query().Get("state"))
		},
		Returned: func() {
			state := f.pending.Get("state")
			if got := knock(t, http.MethodGet, redirect+"?code=second&state="+state, "", "", ""); got != http.StatusBadRequest {
				t.Errorf("a second answer got %d", got)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	checkSuccessPage(t, page)
	if _, err := net.Dial("tcp4", strings.TrimSuffix(strings.TrimPrefix(redirect, "http://"), "/callback")); err == nil {
		t.Error("the listener is still there")
	}
}

func sendForeign(t *testing.T, redirect, state string) {
	const form = "application/x-www-form-urlencoded"
	root := strings.TrimSuffix(redirect, "/callback")
	good := "code=x&state=" + state
	for name, row := range map[string]struct {
		method, address, host, kind, body string
		want                              int
	}{
		"favicon":               {"GET", root + "/favicon.ico", "", "", "", 404},
		"root":                  {"GET", root + "/?" + good, "", "", "", 404},
		"path with a slash":     {"GET", redirect + "/?" + good, "", "", "", 404},
		"path in another case":  {"GET", root + "/Callback?" + good, "", "", "", 404},
		"no state":              {"GET", redirect + "?code=x", "", "", "", 400},
		"wrong state":           {"GET", redirect + "?code=x&state=y", "", "", "", 400},
		"empty state":           {"GET", redirect + "?code=x&state=", "", "", "", 400},
		"error without state":   {"GET", redirect + "?error=access_denied", "", "", "", 400},
		"error, wrong state":    {"GET", redirect + "?error=access_denied&state=y", "", "", "", 400},
		"state twice":           {"GET", redirect + "?code=x&state=y&state=" + state, "", "", "", 400},
		"code twice":            {"GET", redirect + "?code=y&" + good, "", "", "", 400},
		"broken escapes":        {"GET", redirect + "?a=%zz&" + good, "", "", "", 400},
		"another host":          {"GET", redirect + "?" + good, "evil.example", "", "", 400},
		"another port's host":   {"GET", redirect + "?" + good, "127.0.0.1:1", "", "", 400},
		"a name for loopback":   {"GET", redirect + "?" + good, "rebind.evil.example" + strings.TrimPrefix(root, "http://127.0.0.1"), "", "", 400},
		"host in another dress": {"GET", redirect + "?" + good, "127.1" + strings.TrimPrefix(root, "http://127.0.0.1"), "", "", 400},
		"form, another host":    {"POST", redirect, "evil.example", form, good, 400},
		"localhost by name":     {"GET", redirect + "?" + good, "localhost", "", "", 400},
		"HEAD":                  {"HEAD", redirect + "?" + good, "", "", "", 405},
		"PUT":                   {"PUT", redirect, "", form, good, 405},
		"preflight":             {"OPTIONS", redirect, "", "", "", 405},
		"JSON":                  {"POST", redirect, "", "application/json", `{"state":"` + state + `"}`, 415},
		"form without state":    {"POST", redirect, "", form, "code=x", 400},
		"state in a POST query": {"POST", redirect + "?" + good, "", form, "code=x", 400},
		"huge form":             {"POST", redirect, "", form, good + "&x=" + strings.Repeat("y", maxCallback), 400},
	} {
		if got := knock(t, row.method, row.address, row.host, row.kind, row.body); got != row.want {
			t.Errorf("%s got %d, want %d", name, got, row.want)
		}
	}
}

// TestABrowserMayNotLetAPageIn asks as a browser does before it lets a page from the internet send requests
// into this machine (CORS, Private Network Access): no answer may say yes.
func TestABrowserMayNotLetAPageIn(t *testing.T) {
	f := newFake(t)
	_, _, err := signInWith(context.Background(), newClient(t), f.registration(), SignInRequest{Waiting: func(address string, _ time.Time) {
		u, _ := url.Parse(address)
		for _, method := range []string{http.MethodOptions, http.MethodGet} {
			r, err := http.NewRequest(method, u.Query().Get("redirect_uri"), http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Origin", "https://evil.example")
			r.Header.Set("Access-Control-Request-Method", "POST")
			r.Header.Set("Access-Control-Request-Private-Network", "true")
			agent := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
			got := read(agent.Do(r))
			if got.err != nil || got.status < 400 {
				t.Errorf("%s: %d, %v", method, got.status, got.err)
			}
			for name := range got.header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s is answered with %s", method, name)
				}
			}
		}
	}})
	if err != nil {
		t.Errorf("the sign-in was disturbed: %v", err)
	}
}

// knock sends one request and returns the status.
func knock(t *testing.T, method, address, host, kind, body string) int {
	t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	agent := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	got := read(agent.Do(r))
	if got.err != nil {
		t.Fatalf("%s %s: %v", method, body[:min(len(body), 20)], got.err)
	}
	if got.header.Get("Cache-Control") != "no-store" || got.header.Get("Content-Security-Policy") == "" {
		t.Error("a refusal lacks its headers")
	}
	if (got.header.Get("Allow") == "GET, POST") != (got.status == http.StatusMethodNotAllowed) {
		t.Errorf("status %d allows %q", got.status, got.header.Get("Allow"))
	}
	return got.status
}

func TestTheBrowserMayLeaveEarly(t *testing.T) {
	f := newFake(t)
	left := make(chan struct{})
	inner := make(chan error, 1)
	_, err := newClient(t).SignIn(context.Background(), f.registration(), SignInRequest{
		Waiting: func(address string, _ time.Time) {
			u, _ := url.Parse(address)
			f.pending = u.Query()
			back, _ := url.Parse(u.Query().Get("redirect_uri"))
			go func() {
				conn, err := net.Dial("tcp4", back.Host)
				if err == nil {
					_, err = io.WriteString(conn, "GET /?code="+testCode+"&state="+u.Query().Get("state")+" HTTP/1.1\r\nHost: "+back.Host+"\r\n\r\n")
				}
				inner <- err
				<-left
				_ = conn.Close()
			}()
		},
		Returned: func() { close(left) },
	})
	if err != nil || <-inner != nil {
		t.Errorf("the sign-in failed with the browser: %v", err)
	}
}

func TestThePageEscapes(t *testing.T) {
	p := page{What: "<script>alert(1)</script>", Why: `"><img src=x>`, Server: "</blockquote><b>", Next: "\u202egnp.exe"}
	body, err := p.render()
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "<img", "</blockquote><b>"} {
		if strings.Contains(string(body), bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
}
