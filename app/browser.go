package app

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/pkg/browser"

	"partnerdesk/core/tenant"
)

// promptly is how long to wait for a failure to open the browser. A helper that cannot do it says so at
// once; one that can may go on for as long as the browser lives.
const promptly = 2 * time.Second

// OpenBrowser opens a web address in the system's browser. It returns when the browser has been asked, or
// after two seconds without a complaint: call it off the window's goroutine.
//
// Nobody can wait for the end of it. Where no browser ran before, the system's helper becomes the browser
// itself, or stays until it is closed, hours after the sign-in; stopping the helper would take the
// person's browser away. So the goroutine that runs it is left behind, the one in this program that nobody
// owns: it holds nothing but the address, and ends with the helper or with the program.
func OpenBrowser(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		// The address itself stays out of the text: it may hold the state of a sign-in.
		return noBrowser(errors.New("the address is no web address"))
	}
	if err := open(u); err != nil {
		return noBrowser(fmt.Errorf("run the system's browser: %w", err))
	}
	return nil
}

// OpenFolder shows a folder in the system's file manager. It waits and leaves behind what OpenBrowser does.
func OpenFolder(path string) error {
	failed := func(err error) error {
		return &tenant.Problem{Op: "open folder", Err: err, Explanation: tenant.CauseBrowser.Explain(
			"The folder could not be opened.", tenant.Sentence(err), "Open it yourself: "+path)}
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return failed(err)
	}
	switch info, err := os.Stat(path); {
	case err != nil:
		return failed(err)
	case !info.IsDir():
		return failed(errors.New("it is no folder"))
	}
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") { // a drive of Windows
		slashed = "/" + slashed
	}
	if err := open(&url.URL{Scheme: "file", Path: slashed}); err != nil {
		return failed(fmt.Errorf("run the system's file manager: %w", err))
	}
	return nil
}

// open has the system open an address, and waits for its complaint.
func open(u *url.URL) error {
	silence()
	done := make(chan error, 1)
	go func() { done <- browser.OpenURL(u.String()) }()
	wait := time.NewTimer(promptly)
	defer wait.Stop()
	select {
	case err := <-done:
		return err
	case <-wait.C:
		return nil
	}
}

// silence keeps what the browser prints out of this program's output. It runs once, as the package's two
// variables must not be written while a browser is being started.
var silence = sync.OnceFunc(func() { browser.Stdout, browser.Stderr = nil, nil })

func noBrowser(err error) error {
	return &tenant.Problem{Op: "open the browser", Err: err, Explanation: tenant.CauseBrowser.Explain("No browser could be opened.", "", "")}
}
