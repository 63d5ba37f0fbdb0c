//go:build e2e || packages

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// opener is the xdg-open that hands over what the desktop wants opened.
type opener struct {
	t    *testing.T
	bin  string // a folder for PATH, with the xdg-open
	pipe string
}

func newOpener(t *testing.T) *opener {
	t.Helper()
	bin := t.TempDir()
	return openerIn(t, bin, bin)
}

// openerIn makes one in a folder, which the desktop may know by another name.
func openerIn(t *testing.T, bin, known string) *opener {
	t.Helper()
	o := &opener{t: t, bin: bin, pipe: filepath.Join(bin, "opened")}
	must(t, syscall.Mkfifo(o.pipe, 0o600))
	must(t, os.Chmod(o.pipe, 0o622)) // whoever runs the desktop may write to it; the umask does not count here
	script := fmt.Sprintf("#!/bin/sh\nprintf '%%s' \"$1\" > '%s/opened'\n", known)
	must(t, os.WriteFile(filepath.Join(o.bin, "xdg-open"), []byte(script), 0o755))
	return o
}

// path is a PATH in which this xdg-open comes first.
func (o *opener) path() string { return o.bin + string(os.PathListSeparator) + os.Getenv("PATH") }

// opened waits for the next address that the desktop wants opened.
func (o *opener) opened() string {
	o.t.Helper()
	address := make(chan string, 1)
	go func() {
		text, err := os.ReadFile(o.pipe) // ends when the script closes the pipe
		if err != nil {
			text = nil
		}
		address <- string(text)
	}()
	select {
	case text := <-address:
		if text == "" {
			o.t.Fatal("the desktop opened nothing")
		}
		return text
	case <-time.After(pageTimeout):
		o.t.Fatal("the desktop did not open the browser")
	}
	return ""
}

// browser is a real Chromium, in a window of its own on the screen.
type browser struct {
	t      *testing.T
	ctx    context.Context
	s      *screen
	clicks int // how often the mouse was clicked
}

// pageTimeout bounds each act in the browser.
const pageTimeout = 30 * time.Second

func newBrowser(t *testing.T, s *screen) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.UserDataDir(t.TempDir()), chromedp.Env(s.env()...),
		chromedp.Flag("headless", false), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true),
		chromedp.WindowSize(1000, 760),
	)
	if path := os.Getenv("CHROMIUM"); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	allocator, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	must(t, chromedp.Do(ctx)) // the first act starts the browser and must not have a deadline
	return &browser{t: t, ctx: ctx, s: s}
}

// visit shows a page, and brings the browser to the front, as a desktop does with what it opens.
func (b *browser) visit(address string) {
	b.t.Helper()
	in(b, chromedp.Navigate(address))
	b.s.run("xdotool", "search", "--onlyvisible", "--class", "chromium", "windowactivate", "--sync")
}

// in carries out an act in the browser and returns what it yields.
func in[T any](b *browser, act chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, pageTimeout)
	defer cancel()
	result, err := chromedp.Run(ctx, act)
	if err != nil {
		b.t.Fatalf("in the browser: %v", err)
	}
	return result
}

// press clicks the element with an id, keeps a picture of the page before, and waits until that page has
// gone: the next one may have an element of the same name as another of this one.
func (b *browser) press(id string) {
	b.t.Helper()
	in(b, chromedp.WaitVisible(byID(id)))
	b.shoot("page-" + strings.Map(plain, id))
	b.clicks++
	in(b, chromedp.Click(byID(id)))
	in(b, chromedp.WaitNotPresent(byID(id)))
}

func byID(id string) chromedp.CSS { return chromedp.CSS(fmt.Sprintf("[id=%q]", id)) }

func plain(r rune) rune {
	if strings.ContainsRune("@. ", r) {
		return '-'
	}
	return r
}

func (b *browser) shoot(name string) {
	b.t.Helper()
	must(b.t, os.WriteFile(filepath.Join(b.s.artifacts, name+".png"), in(b, chromedp.CaptureScreenshot()), 0o600))
}
