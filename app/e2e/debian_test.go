//go:build packages

package e2e

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const (
	// suite is the Debian that the packages are installed in.
	suite = "bookworm"
	// distFolder and cacheFolder are the variables that name the folder of what `make dist` has made, and one for what
	// is downloaded once.
	distFolder  = "PARTNERDESK_DIST"
	cacheFolder = "PARTNERDESK_E2E_CACHE"
)

// made is the one file that `make dist` has made under a name.
func made(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(setBy(t, "make packages", distFolder), pattern))
	must(t, err)
	if len(files) != 1 {
		t.Fatalf("`make dist` has made %d files %s: %q", len(files), pattern, files)
	}
	return files[0]
}

// debian is a clean Debian with an ordinary user, in a folder.
type debian struct {
	s    *screen
	dir  string
	menu []string // what the entry in the menu starts, once it is installed
}

// An ordinary user of the Debian, and where its home is.
const (
	ordinaryUser = "1000:1000"
	ordinaryHome = "/home/person"
	ordinaryPath = "PATH=/usr/local/bin:/usr/bin:/bin"
)

func newDebian(s *screen) *debian {
	s.t.Helper()
	if os.Getuid() != 0 {
		s.t.Fatal("a Debian of its own needs root; `make packages` asks sudo for it")
	}
	s.keepIn("debian")
	archive := filepath.Join(setBy(s.t, "make packages", cacheFolder), suite+".tar.gz")
	run(s.t, "../../.ci/debian-root", suite, archive)
	must(s.t, os.MkdirAll(filepath.Join(setBy(s.t, "make packages", cacheFolder), "archives"), 0o755))
	r := &debian{s: s, dir: s.t.TempDir()}
	run(s.t, "tar", "-C", r.dir, "-xzf", archive)
	must(s.t, os.Chmod(r.dir, 0o755)) // the folder is the root of the ordinary user too
	// Nobody turns the power off before the test is over.
	must(s.t, os.WriteFile(r.at("/etc/dpkg/dpkg.cfg.d/in-a-test"), []byte("force-unsafe-io\n"), 0o644))
	r.asRoot("useradd", "--create-home", "--uid", "1000", "person")
	return r
}

// keepIn has the pictures of a machine lie in a folder of their own.
func (s *screen) keepIn(folder string) {
	s.t.Helper()
	s.artifacts = filepath.Join(s.artifacts, folder)
	must(s.t, os.MkdirAll(s.artifacts, 0o755))
}

// at is where a file of the Debian lies on this computer.
func (r *debian) at(path string) string { return filepath.Join(r.dir, path) }

// enter runs a command in the Debian. Its mounts are of a namespace that ends with the command, and the command takes
// the place of all that led there, so that a signal reaches it.
func (r *debian) enter(args ...string) *exec.Cmd {
	const script = `mount -t proc proc "$1/proc" && mount --bind "$2" "$1/var/cache/apt/archives" && shift 2 && exec chroot "$@"`
	archives := filepath.Join(setBy(r.s.t, "make packages", cacheFolder), "archives")
	return exec.Command("unshare", append([]string{"--mount", "sh", "-c", script, "sh", r.dir, archives}, args...)...)
}

func (r *debian) asRoot(args ...string) string {
	r.s.t.Helper()
	cmd := r.enter(append([]string{r.dir}, args...)...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin")
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.s.t.Fatalf("in the Debian, %s: %v:\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// asPerson is a command of the ordinary user, who sits at the screen.
func (r *debian) asPerson(args ...string) *exec.Cmd {
	variables := []string{"--userspec=" + ordinaryUser, "--groups=", r.dir, "/usr/bin/env", "-i",
		"HOME=" + ordinaryHome, "USER=person", "LANG=C.UTF-8", "DISPLAY=" + r.s.display, theme(), ordinaryPath}
	return r.enter(append(variables, args...)...)
}

// install installs a package with what it depends on, and with nothing that is only recommended.
func (r *debian) install(file string) {
	r.s.t.Helper()
	inside := "/root/" + filepath.Base(file)
	run(r.s.t, "cp", file, r.at(inside))
	install := []string{"apt-get", "install", "-qq", "-y", "--no-install-recommends", "-o", "APT::Sandbox::User=root", inside}
	cmd := r.enter(append([]string{r.dir, "env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C"}, install...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		// The archive may list versions that Debian has replaced since.
		r.s.t.Logf("once more, with new lists, as: %s", lastLine(out))
		r.asRoot("apt-get", "update", "-qq")
		r.asRoot(install...)
	}
}

// files are those that a package has put there.
func (r *debian) files(name string) []string {
	r.s.t.Helper()
	var files []string
	for path := range strings.Lines(r.asRoot("dpkg", "-L", name)) {
		path = strings.TrimSpace(path)
		if info, err := os.Lstat(r.at(path)); err == nil && !info.IsDir() {
			files = append(files, path)
		}
	}
	if len(files) == 0 {
		r.s.t.Fatalf("the package %s is empty", name)
	}
	return files
}

// purge takes a package away, and sees that nothing of it stays but what is the user's own.
func (r *debian) purge(name string) {
	r.s.t.Helper()
	files := r.files(name)
	r.asRoot("apt-get", "purge", "-qq", "-y", name)
	for _, path := range files {
		if _, err := os.Lstat(r.at(path)); !os.IsNotExist(err) {
			r.s.t.Errorf("after the purge there still is %s (%v)", path, err)
		}
	}
	if _, err := os.Stat(r.data()); err != nil {
		r.s.t.Errorf("after the purge the user's data is gone: %v", err)
	}
}

// findMenu reads what the entry in the menu starts, and sees that its icon is there.
func (r *debian) findMenu() {
	r.s.t.Helper()
	entries, err := filepath.Glob(r.at("/usr/share/applications/*.desktop"))
	must(r.s.t, err)
	if len(entries) != 1 {
		r.s.t.Fatalf("the menu has the entries %q", entries)
	}
	icon := ""
	r.menu, icon = menuEntry(r.s.t, entries[0])
	icons, err := filepath.Glob(r.at("/usr/share/icons/hicolor/*/apps/" + icon + ".*"))
	must(r.s.t, err)
	if icon == "" || len(icons) == 0 {
		r.s.t.Errorf("the menu's icon %q is not there", icon)
	}
}

// menuEntry reads a desktop file that the desktop's own checker accepts.
func menuEntry(t *testing.T, file string) (command []string, icon string) {
	t.Helper()
	run(t, "desktop-file-validate", file)
	text, err := os.ReadFile(file)
	must(t, err)
	for line := range strings.Lines(string(text)) {
		switch key, value, _ := strings.Cut(strings.TrimSpace(line), "="); key {
		case "Exec":
			command = strings.Fields(value)
		case "Icon":
			icon = value
		}
	}
	if len(command) == 0 {
		t.Fatalf("%s starts nothing", filepath.Base(file))
	}
	return command, icon
}

func (r *debian) desktop(*screen, *opener) *exec.Cmd { return r.asPerson(r.menu...) }

func (r *debian) console(_ *screen, args ...string) *exec.Cmd {
	return r.asPerson(append([]string{"partnerdesk-console"}, args...)...)
}

func (r *debian) data() string { return r.at(ordinaryHome + "/.local/share/partnerdesk") }

func (r *debian) shared() (here, there string) { return r.at(ordinaryHome), ordinaryHome }

func (r *debian) lendsKeyboard() bool { return true }

func (r *debian) settle(*screen) {} // the window manager sees to it

func (r *debian) leave(d *desktop) {
	d.t.Helper()
	d.quit(syscall.SIGTERM)
}

func TestTheDebianPackageLivesTheFirstMinute(t *testing.T) {
	t.Parallel() // most of it is waiting
	s := newScreen(t)
	r := newDebian(s)
	r.install(made(t, "partnerdesk_*_amd64.deb"))
	r.findMenu()
	for _, program := range []string{"partnerdesk", "partnerdesk-console"} {
		assertManual(t, r.at("/usr/share/man/man1/"+program+".1.gz"), program)
	}
	firstMinute(s, openerIn(t, r.at("/usr/local/bin"), "/usr/local/bin"), r)
	consoleRound(s, r)
	r.purge("partnerdesk")
}

func TestTheServersPackageLivesWithoutAScreen(t *testing.T) {
	s := newScreen(t)
	r := newDebian(s)
	r.install(made(t, "partnerdesk-console_*_amd64.deb"))
	if said := r.asRoot("dpkg-query", "-W", "-f", "${Package}\n"); strings.Contains(said, "libx11") {
		t.Error("the package of servers brings a screen's libraries")
	}
	assertManual(t, r.at("/usr/share/man/man1/partnerdesk-console.1.gz"), "partnerdesk-console")
	assertUnits(r)
	consoleRound(s, r)
	r.purge("partnerdesk-console")
}

// assertUnits sees that what systemd is to start is there.
func assertUnits(r *debian) {
	r.s.t.Helper()
	found := 0
	for _, path := range r.files("partnerdesk-console") {
		if !strings.HasSuffix(path, ".service") {
			continue
		}
		text, err := os.ReadFile(r.at(path))
		must(r.s.t, err)
		_, command, _ := strings.Cut(string(text), "\nExecStart=")
		program, _, _ := strings.Cut(command, " ")
		if _, err := os.Stat(r.at(program)); program == "" || err != nil {
			r.s.t.Errorf("%s starts %q: %v", path, program, err)
		}
		found++
	}
	if found != 2 {
		r.s.t.Errorf("there are %d units, not that of the system and that of a user", found)
	}
}

func TestTheServersPackageIsThereForBothProcessors(t *testing.T) {
	for processor, machine := range map[string]string{"amd64": "x86-64", "arm64": "ARM aarch64"} {
		file := made(t, "partnerdesk-console_*_"+processor+".deb")
		if said := strings.TrimSpace(run(t, "dpkg-deb", "-f", file, "Architecture")); said != processor {
			t.Errorf("%s says that it is for %s", filepath.Base(file), said)
		}
		dir := t.TempDir()
		run(t, "dpkg-deb", "-x", file, dir)
		if said := run(t, "file", filepath.Join(dir, "usr/bin/partnerdesk-console")); !strings.Contains(said, machine) {
			t.Errorf("for %s there is %s", processor, said)
		}
	}
}

// assertManual formats a manual page, and expects no complaint and the name in it.
func assertManual(t *testing.T, file, program string) {
	t.Helper()
	cmd := exec.Command("man", "--warnings", "-l", file)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "MANWIDTH=80", "MAN_KEEP_FORMATTING=", "PAGER=cat")
	var complaint strings.Builder
	cmd.Stderr = &complaint
	page, err := cmd.Output()
	if err != nil || complaint.Len() > 0 || !strings.Contains(string(page), program+" - ") && !strings.Contains(string(page), program+" — ") {
		t.Errorf("the manual page of %s: %v %s\n%.300s", program, err, complaint.String(), page)
	}
}

// run runs a tool of this computer and returns all that it printed.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v:\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func lastLine(text []byte) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return cmp.Or(lines[len(lines)-1], "it said nothing")
}
