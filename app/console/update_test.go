package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"
)

// newsstand counts who asks for the newest release.
type newsstand struct{ asked atomic.Int64 }

// releases FILE serves a file on loopback at the address $RELEASES until the script ends. "releases asked N": since
// then it was asked so often, and by nobody but this program.
func releases(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || len(args) > 2 {
		ts.Fatalf("usage: releases FILE, or releases asked N")
	}
	if len(args) == 2 {
		want, err := strconv.ParseInt(args[1], 10, 64)
		ts.Check(err)
		if n, ok := ts.Value(newsstand{}).(*newsstand); !ok || n.asked.Load() != want {
			ts.Fatalf("asked %d times", n.asked.Load())
		}
		return
	}
	n, path := ts.Value(newsstand{}).(*newsstand), ts.MkAbs(args[0])
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, err := os.ReadFile(path)
		if err != nil || r.URL.Path != "/newest.json" {
			http.NotFound(w, r)
			return
		}
		n.asked.Add(1)
		_, _ = w.Write(content)
	}))
	ts.Defer(server.Close)
	ts.Setenv("RELEASES", server.URL)
}
