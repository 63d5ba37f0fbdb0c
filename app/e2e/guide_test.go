//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"

	"github.com/chromedp/chromedp"

	"partnerdesk/core/sandbox"
)

// guideFolder is the variable that names the folder of the guide's pictures; `make guide` sets it. Without it none are
// made.
const guideFolder = "PARTNERDESK_GUIDE"

// wholeWindow is the window on the screen without the window manager's frame.
func wholeWindow() box { return box{1, 20, screenWidth - 2, 776} }

// panel is what lies right of the tenants and above the log.
func panel() box { return box{490, 144, screenWidth - 492, 456} }

// sheet is where a sheet lies.
func sheet() box { return box{304, 32, 672, 744} }

// The dividers on the screen: the log's, at first and dragged up, and the tenants', with how far it is dragged.
const (
	divider     = 602
	dividerUp   = 330
	dividerSide = 487
	tableWider  = 200
)

// How far the wheel is turned: beyond any end, and past the notice above a tenant's proofs.
const (
	toTheEnd  = 40
	justBelow = 4
)

// guide takes the pictures of the guide.
type guide struct {
	*screen
	b      *browser
	o      *opener
	folder string
	ready  sandbox.Ready
}

// keep takes a picture of a part of the screen, small enough for a repository. The pointer lies where it shows no tooltip.
func (g *guide) keep(name string, part box) {
	g.t.Helper()
	g.run("xdotool", "sleep", "0.6") // a scrollbar fades, a sheet is drawn
	shot := filepath.Join(g.t.TempDir(), "shot.png")
	g.run("import", "-window", "root", shot)
	g.shrink(shot, name, "-crop", fmt.Sprintf("%dx%d+%d+%d", part.w, part.h, part.x, part.y), "+repage")
}

// keepPage takes a picture of the page in the browser, without the empty space around it.
func (g *guide) keepPage(name string) {
	g.t.Helper()
	shot := filepath.Join(g.t.TempDir(), "page.png")
	must(g.t, os.WriteFile(shot, in(g.b, chromedp.CaptureScreenshot()), 0o600))
	g.shrink(shot, name, "-trim", "+repage", "-bordercolor", "#f3f4f6", "-border", "12")
}

// shrink writes a picture with few colours and nothing but pixels. The window has few colours, and the pictures of one
// state of it are then the same.
func (g *guide) shrink(shot, name string, how ...string) {
	g.t.Helper()
	args := append([]string{shot}, how...)
	args = append(args, "-strip", "+dither", "-colors", "128", "-define", "png:compression-level=9", "-define", "png:exclude-chunks=date,time",
		"PNG8:"+filepath.Join(g.folder, name+".png"))
	g.run("convert", args...)
}

func (g *guide) key(keys ...string) {
	g.t.Helper()
	for _, key := range keys {
		g.run("xdotool", "key", key)
		g.run("xdotool", "sleep", "0.4")
	}
}

func (g *guide) drag(fromX, fromY, toX, toY int) {
	g.t.Helper()
	n := strconv.Itoa
	g.run("xdotool", "mousemove", n(fromX), n(fromY), "sleep", "0.2", "mousedown", "1", "sleep", "0.2", "mousemove", n((fromX+toX)/2), n((fromY+toY)/2),
		"sleep", "0.2", "mousemove", n(toX), n(toY), "sleep", "0.2", "mouseup", "1", "sleep", "0.4")
	g.away()
}

// order gives the sandbox an order, as its control page does.
func (g *guide) order(what map[string]any) {
	g.t.Helper()
	body, err := json.Marshal(what)
	must(g.t, err)
	ctx, cancel := context.WithTimeout(g.t.Context(), pageTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.ready.BaseURL+"/control", bytes.NewReader(body))
	must(g.t, err)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	must(g.t, err)
	must(g.t, res.Body.Close())
	if res.StatusCode != http.StatusOK {
		g.t.Fatalf("the sandbox answers the order %s with %s", body, res.Status)
	}
}

// signIn signs in to a tenant: a shortcut in the window, and the pages in the browser. Pictures of the pages are taken
// where pages says so.
func (g *guide) signIn(ctx string, pages bool) {
	g.t.Helper()
	user := g.ready.Users[slices.IndexFunc(g.ready.Users, func(u sandbox.ReadyUser) bool { return u.IsAdministrator && slices.Contains(u.Tenants, ctx) })]
	before := counters(g.t, g.ready).Exchanges
	g.key("ctrl+i")
	in(g.b, chromedp.Navigate(g.o.opened()))
	g.b.press("user-" + user.Login)
	if len(user.Tenants) > 1 {
		g.b.press("tenant-" + ctx)
	}
	in(g.b, chromedp.WaitVisible(byID("approve")))
	if pages {
		g.keepPage("approve")
	}
	g.b.press("approve")
	in(g.b, chromedp.WaitVisible(chromedp.CSS(".mark")))
	if pages {
		g.keepPage("approved")
	}
	g.eventually("the exchange of "+ctx, func() bool { return counters(g.t, g.ready).Exchanges > before })
	g.run("xdotool", "sleep", "1") // until the window is through with the sign-in and takes another
}

// clickAt clicks at a place with a button of the mouse, slowly enough for a busy computer.
func (g *guide) clickAt(x, y int, button string) {
	g.t.Helper()
	g.run("xdotool", "mousemove", strconv.Itoa(x), strconv.Itoa(y), "sleep", "0.3", "mousedown", button, "sleep", "0.1", "mouseup", button, "sleep", "0.6")
	if button == "1" {
		g.away()
	}
}

// away takes the pointer to where it shows no tooltip.
func (g *guide) away() {
	g.t.Helper()
	g.run("xdotool", "mousemove", strconv.Itoa(screenWidth/2), strconv.Itoa(screenHeight-8))
}

// scroll turns the wheel over a part of the window: 5 goes down, 4 goes up.
func (g *guide) scroll(part box, button, clicks int) {
	g.t.Helper()
	g.run("xdotool", "mousemove", strconv.Itoa(part.x+part.w-12), strconv.Itoa(part.y+part.h/2), "sleep", "0.3",
		"click", "--repeat", strconv.Itoa(clicks), "--delay", "40", strconv.Itoa(button), "sleep", "0.3")
	g.away()
}

// filter puts a text into the filter of the tenants.
func (g *guide) filter(text string) {
	g.t.Helper()
	g.key("ctrl+t", "ctrl+a", "BackSpace")
	if text != "" {
		g.run("xdotool", "type", "--delay", "30", text)
		g.run("xdotool", "sleep", "0.6")
	}
}

// rowAt is where a row of the tenants' table lies on the screen.
func rowAt(n int) int { return 251 + 25*n }

// TestGuidePictures makes the pictures of the guide and of the README from the real window. It is no test of the
// program, but it fails where the window no longer does what the guide tells.
func TestGuidePictures(t *testing.T) {
	folder := os.Getenv(guideFolder)
	if folder == "" {
		t.Skip("makes the guide's pictures in the folder that " + guideFolder + " names; `make guide` sets it")
	}
	t.Setenv("FYNE_THEME", "light")
	s := newScreen(t)
	g := &guide{screen: s, b: newBrowser(t, s), o: newOpener(t), folder: folder}
	home := t.TempDir()
	must(t, os.Mkdir(filepath.Join(home, ".cache"), 0o700)) // every real home folder has it
	d := launch(t, s, g.o, home)
	g.ready = d.sandbox()

	g.firstMinute()
	g.manyTenants()
	g.troubles()
	g.sheets()
	g.removal()
	g.logPictures()
	d.quit(syscall.SIGTERM)
	g.appearance("dark", home, "FYNE_THEME", "dark")
	t.Setenv("FYNE_THEME", "light")
	g.appearance("norwegian", home, "LC_ALL", "nb_NO.UTF-8")
}

func (g *guide) firstMinute() {
	g.awaitText("Welcome to Partnerdesk", everywhere)
	g.keep("first-start", wholeWindow())
	g.signIn("Cust10001", true)
	g.awaitText("Logged on to context Cust10001", everywhere)
	g.keep("signed-in", wholeWindow())
	g.key("ctrl+1")
	g.eventually("the login user's company", func() bool { return counters(g.t, g.ready).ContactPosts == 1 })
	g.key("ctrl+2")
	g.eventually("the system user's company", func() bool { return counters(g.t, g.ready).ContactPosts == 2 })
	g.awaitText("The two differ in", everywhere)
	g.keep("window", wholeWindow())
	g.scroll(panel(), 5, toTheEnd)
	g.keep("companies", panel())
	g.scroll(panel(), 4, toTheEnd)
}

// manyTenants signs in to all that the sandbox has, lets two of them fall into trouble, and shows them all.
func (g *guide) manyTenants() {
	for _, tenant := range g.ready.Tenants[1:] {
		g.signIn(tenant.Ctx, false)
	}
	suspended, withdrawn := g.ready.Tenants[1].Ctx, g.ready.Tenants[2].Ctx
	g.order(map[string]any{"action": "state", "ctx": suspended, "state": "Suspended"})
	g.order(map[string]any{"action": "revoke", "ctx": withdrawn})
	for _, ctx := range []string{suspended, withdrawn} {
		g.order(map[string]any{"action": "expire", "ctx": ctx})
	}
	g.awaitText("Needs attention", everywhere)
	g.drag(dividerSide, 380, dividerSide+tableWider, 380)
	g.filter("Cust1")
	g.key("Tab", "ctrl+a")
	g.clickAt(300, rowAt(0), "3")
	g.keep("tenants", box{1, panel().y, dividerSide + tableWider - 8, panel().h})
	g.key("Escape")
	g.filter("")
	g.drag(dividerSide+tableWider, 380, dividerSide, 380)
}

// troubles shows the tenant whose administrator has withdrawn the approval, and what the doctor says of it.
func (g *guide) troubles() {
	g.filter("attention")
	g.clickAt(200, rowAt(0), "1")
	g.awaitText("Show the approval page", everywhere)
	g.keep("trouble", panel())
	g.key("ctrl+d")
	g.awaitText("Check again", everywhere)
	g.scroll(panel(), 5, justBelow)
	g.keep("doctor", panel())
	g.scroll(panel(), 4, toTheEnd)
	g.filter("")
}

func (g *guide) sheets() {
	g.key("ctrl+comma")
	g.awaitText("Request budget", everywhere)
	g.keep("settings", sheet())
	g.key("Escape", "ctrl+n")
	g.awaitText("Client secret", everywhere)
	g.keep("registration", sheet())
	g.key("Escape")
}

// removal removes a tenant by the keyboard: the question has the keyboard on its harmless answer.
func (g *guide) removal() {
	g.filter("bakery")
	g.clickAt(200, rowAt(0), "1")
	g.key("Delete")
	g.awaitText("and you get a receipt", everywhere)
	g.keep("removal", box{panel().x, panel().y, panel().w, 170})
	g.key("shift+Tab", "Return")
	g.awaitText("Copy receipt", everywhere)
	g.keep("receipt", box{303, 110, 673, 594})
	g.key("Escape")
	g.filter("")
}

// logPictures opens the search, goes to a match and shows all fields of its line.
func (g *guide) logPictures() {
	g.drag(640, divider, 640, dividerUp)
	g.key("ctrl+f")
	g.run("xdotool", "type", "--delay", "30", "created")
	g.key("Return")
	g.clickAt(500, dividerUp+260, "1")
	g.awaitText("All fields of the line", everywhere)
	g.keep("log", box{1, dividerUp + 4, screenWidth - 2, wholeWindow().y + wholeWindow().h - dividerUp - 4})
	g.drag(640, dividerUp, 640, divider) // the window remembers it, and the next pictures show all of it
}

// appearance starts the window again with something else in its environment.
func (g *guide) appearance(name, home, variable, value string) {
	g.t.Setenv(variable, value)
	d := launch(g.t, g.screen, g.o, home)
	ready := d.sandbox()
	before := counters(g.t, ready).PrincipalCalls
	g.eventually("a tick", func() bool { return counters(g.t, ready).PrincipalCalls > before })
	g.key("ctrl+t", "Tab", "Home")
	g.run("xdotool", "sleep", "1.5")
	g.keep(name, wholeWindow())
	d.quit(syscall.SIGTERM)
}
