package app

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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
	if err := open(u.String()); err != nil {
		return noBrowser(fmt.Errorf("run the system's browser: %w", err))
	}
	return nil
}

// OpenFolder shows a folder in the system's file manager. It waits and leaves behind what OpenBrowser does.
func OpenFolder(path string) error {
	path, err := openOwn(path, fs.FileInfo.IsDir, "it is no folder")
	if err != nil {
		return &tenant.Problem{Op: "open folder", Err: err, Explanation: tenant.CauseBrowser.Explain(
			"The folder could not be opened.", whyUnopened(err), "Open it yourself: "+path)}
	}
	return nil
}

// OpenPage shows a page that lies on this computer as a file, such as the guide, in the system's browser. It waits and
// leaves behind what OpenBrowser does.
func OpenPage(path string) error {
	isPage := func(info fs.FileInfo) bool { return info.Mode().IsRegular() && filepath.Ext(info.Name()) == ".html" }
	path, err := openOwn(path, isPage, "it is no page")
	if err != nil {
		return &tenant.Problem{Op: "open page", Err: err, Explanation: tenant.CauseBrowser.Explain(
			"The page could not be opened.", whyUnopened(err), "Open it yourself: "+path)}
	}
	return nil
}

// openOwn has the system open something on this computer, if it is right: the system would run a program. It returns
// the whole path.
func openOwn(path string, right func(fs.FileInfo) bool, wrong string) (whole string, err error) {
	whole, err = filepath.Abs(path)
	if err != nil {
		return path, err
	}
	info, err := os.Stat(whole)
	switch {
	case err != nil:
		return whole, err
	case !right(info):
		return whole, errors.New(wrong)
	}
	if err := open(addressOf(runtime.GOOS, whole, info.IsDir())); err != nil {
		return whole, fmt.Errorf("ask the system: %w", err)
	}
	return whole, nil
}

// whyUnopened says why something on this computer did not open. The exit status of the system's helper tells a person
// nothing: it ends so where it finds no program for what it was given.
func whyUnopened(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) || errors.Is(err, exec.ErrNotFound) {
		return "The operating system found no program that opens it."
	}
	return tenant.Sentence(err)
}

// addressOf is how a system is asked for a file or a folder. Windows gets the path as it is, since in an address it
// would take letters beyond ASCII for others; with the separator behind it, a folder is no program of the same name.
func addressOf(system, path string, folder bool) string {
	if system != "windows" {
		return (&url.URL{Scheme: "file", Path: path}).String()
	}
	if folder && !strings.HasSuffix(path, `\`) {
		return path + `\`
	}
	return path
}

// open has the system open an address, and waits for its complaint.
func open(address string) error {
	silence()
	done := make(chan error, 1)
	go func() { done <- browser.OpenURL(address) }()
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
