package core_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "partnerdesk"

// mayKnow is the house rule: for each room, the rooms that it may import. Arrows go down only.
var mayKnow = map[string][]string{
	"core":           {"assets/papers/markdown"}, // for the test of the papers
	"core/secret":    {},
	"core/tenant":    {"core/secret"},
	"core/journal":   {"core/tenant", "core/secret"},
	"core/superid":   {"core/tenant", "core/secret", "assets"},
	"core/online":    {"core/tenant", "core/secret"},
	"core/probe":     {"core/tenant"},
	"core/wholefile": {"core/tenant"},
	"core/customers": {"core/tenant", "core/secret"},
	"core/transfer":  {"core/tenant", "core/secret"},
	"core/update":    {"core/tenant"},
	"core/keeper":    {"core/superid", "core/online", "core/journal", "core/tenant", "core/secret"},
	"core/poller":    {"core/keeper", "core/online", "core/journal", "core/tenant"},
	"core/workbench": {"core/keeper", "core/superid", "core/online", "core/probe", "core/customers", "core/transfer", "core/update", "core/journal", "core/tenant", "core/secret"},
	// The sandbox has words of its own for the wire: shared code would share its mistakes.
	"core/sandbox":    {"assets"},
	"storage":         {"core/tenant", "core/secret"},
	"assets":          {},
	"assets/icons":    {"assets"},
	"assets/licences": {"assets"},
	"assets/papers":   {"assets/papers/markdown"},
	"ui":              {"core/workbench", "core/journal", "core/tenant", "core/secret", "assets"},
	"ui/kit":          {"ui/kit/kittest", "core/tenant", "core/wholefile", "ui/words"},
	"ui/kit/kittest":  {"ui/kit", "core/workbench", "core/online", "core/journal", "core/tenant"},
	"ui/logview":      {},
	"ui/words":        {"core/tenant", "assets"},
	"app": {
		"core/workbench", "core/poller", "core/keeper", "core/superid", "core/online", "core/probe", "core/update", "core/customers", "core/journal",
		"core/tenant", "core/secret", "core/sandbox", "storage", "app/person",
	},
	"app/desktop": {"app", "ui", "ui/words", "core/journal", "core/secret", "core/tenant", "assets"},
	"app/person":  {},
	"app/release": {},
	"app/metrics": {"core/poller", "core/journal", "core/tenant"},
	"app/console": {"app", "assets", "app/person", "app/metrics", "core/workbench", "core/wholefile", "core/poller", "core/journal", "core/tenant", "core/secret", "core/sandbox"},
	"app/e2e":     {"app/person", "core/sandbox"},
	"app/soak":    {"core/poller", "core/keeper", "core/superid", "core/online", "core/journal", "core/tenant", "core/secret", "core/sandbox", "storage"},
	"app/bench":   {"app", "app/bench/measure", "core/poller", "core/tenant", "core/secret", "core/sandbox", "storage"},

	"app/bench/measure":      {},
	"app/bench/window":       {"app", "app/bench/measure", "app/bench/window/pulse", "core/journal", "core/tenant", "core/secret", "storage"},
	"app/bench/window/empty": {},
	"app/bench/window/log":   {"app/bench/measure", "app/bench/window/pulse", "ui/logview"},
	"app/bench/window/pulse": {},
	"assets/papers/markdown": {},
}

// regionMayKnow is what each region of the window may know beside the kit. A region is a room below ui that the list
// above does not name. Regions do not know each other: the window puts them together.
var regionMayKnow = []string{"assets", "core/workbench", "core/wholefile", "core/online", "core/journal", "core/tenant", "core/secret"}

// isRegion reports whether a room is a region of the window.
func isRegion(room string) bool {
	_, named := mayKnow[room]
	return strings.HasPrefix(room, "ui/") && !named
}

// allowedTo returns what a room may know; false for a room that is not in the house.
func allowedTo(room string) (func(other string) bool, bool) {
	shared := func(other string) bool { return strings.HasPrefix(other, "ui/") && !isRegion(other) }
	if isRegion(room) {
		return func(other string) bool { return slices.Contains(regionMayKnow, other) || shared(other) }, true
	}
	listed, known := mayKnow[room]
	return func(other string) bool {
		return slices.Contains(listed, other) || room == "ui" && strings.HasPrefix(other, "ui/")
	}, known
}

// onlyIn names the rooms that a library is kept to, by the beginning of its import path.
var onlyIn = map[string][]string{
	"fyne.io/fyne/v2/app":        {"app/desktop", "app/bench/window/empty", "app/bench/window/log"},
	"fyne.io/":                   {"ui", "app/desktop", "app/bench/window/empty", "app/bench/window/log"},
	"github.com/dweymouth/":      {"ui"},
	"golang.org/x/text/":         {"ui"},
	"go.etcd.io/bbolt":           {"storage", "core/sandbox", "app/bench"},
	"filippo.io/":                {"core/transfer"},
	"github.com/pkg/browser":     {"app"},
	"github.com/zalando/":        {"storage"},
	"github.com/godbus/":         {"app/desktop"},
	"github.com/gofrs/flock":     {"storage", "core/wholefile"},
	"github.com/golang-jwt/":     {"core/superid"},
	"github.com/MicahParks/":     {"core/superid"},
	"golang.org/x/oauth2":        {"core/superid"},
	"github.com/sony/":           {"core/poller"},
	"golang.org/x/mod":           {"core/update", "app", "app/release"},
	"github.com/alecthomas/kong": {"app/console"},
	"github.com/coreos/":         {"app/console"},
	"github.com/prometheus/":     {"app/metrics"},
	"github.com/yuin/":           {"core", "assets/papers", "assets/papers/markdown"},
}

func TestEveryRoomKnowsOnlyWhomItMay(t *testing.T) {
	seen, used := map[string]bool{}, map[permission]bool{}
	for file, room := range goFiles(t) {
		seen[room] = true
		may, known := allowedTo(room)
		if !known {
			t.Errorf("%s: the room %s is not in the house; add it to core/doc.go and to this test", file, room)
			continue
		}
		for _, path := range imports(t, file) {
			other, ours := strings.CutPrefix(path, module+"/")
			used[permission{room, other}] = true
			if ours && other != room && !may(other) {
				t.Errorf("%s: %s may not know %s", file, room, other)
			}
			library, ok := keptTo(path)
			if rooms := onlyIn[library]; ok && !slices.Contains(rooms, room) && !slices.Contains(rooms, topOf(room)) {
				t.Errorf("%s: %s is kept to %v", file, path, rooms)
			}
			used[permission{room, library}], used[permission{topOf(room), library}] = true, true
		}
	}
	for room := range mayKnow {
		if !seen[room] && room != "core" {
			t.Errorf("the room %s is in this test, but not in the house", room)
		}
	}
	for _, p := range permissions() {
		if !used[p] {
			t.Errorf("%s may know %s, but does not: take the permission away", p.room, p.what)
		}
	}
}

// topOf is the room at the top: what the window may use, each of its regions may.
func topOf(room string) string {
	if strings.HasPrefix(room, "ui/") {
		return "ui"
	}
	return room
}

// permission lets a room know another, or a library.
type permission struct{ room, what string }

// permissions are all that this test gives.
func permissions() []permission {
	var all []permission
	for room, others := range mayKnow {
		for _, other := range others {
			all = append(all, permission{room, other})
		}
	}
	for library, rooms := range onlyIn {
		for _, room := range rooms {
			all = append(all, permission{room, library})
		}
	}
	return all
}

// keptTo finds the most particular rule of onlyIn for an import path.
func keptTo(path string) (library string, found bool) {
	for prefix := range onlyIn {
		if strings.HasPrefix(path, prefix) && len(prefix) > len(library) {
			library, found = prefix, true
		}
	}
	return library, found
}

// goFiles maps each Go file of the project to its room.
func goFiles(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != ".." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata" || entry.Name() == "build") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") {
			room, err := filepath.Rel("..", filepath.Dir(path))
			if err != nil {
				return err
			}
			files[path] = filepath.ToSlash(room)
		}
		return nil
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("read the house: %d files, %v", len(files), err)
	}
	return files
}

func imports(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	paths := make([]string, 0, len(parsed.Imports))
	for _, spec := range parsed.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}
