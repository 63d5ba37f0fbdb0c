package storage

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnerdesk/core/tenant"
)

// The long form of these tests is “make soak”.
var (
	rounds    = flag.Int("rounds", 25, "how often the crash test kills a writer")
	crashSeed = flag.Uint64("crash-seed", 0, "the crash test's seed; 0 draws one")
)

// roundsEach is how many times in a row the same store is hit.
const roundsEach = 5

// Words that the writer and the test say to each other, before a deed in JSON.
const (
	roleWrite = "write "
	wordOpen  = "opened"
	wordBegin = "begin "
	wordDone  = "done "
)

// writeUntilKilled is the other process: it opens the store and works on it until the end. It says what it begins, and
// acknowledges what the store has acknowledged. The role ends in a seed and the number of the first deed.
func writeUntilKilled(ctx context.Context, dir, role string) error {
	seedText, firstText, _ := strings.Cut(role, " ")
	seed, errSeed := strconv.ParseUint(seedText, 10, 64)
	first, errFirst := strconv.Atoi(firstText)
	r := rand.New(rand.NewPCG(seed, 1))
	s, err := Open(ctx, shared(dir))
	if err := errors.Join(errSeed, errFirst, err); err != nil {
		return err
	}
	fmt.Println(wordOpen)
	l, err := readLedger(ctx, s)
	for number := first; err == nil; number++ {
		cheaply(s)
		d := l.choose(r, number)
		say(wordBegin, d)
		if d.Do == doReopen {
			s, err = reopen(ctx, dir, s)
		} else {
			d.Backup, err = d.carryOut(ctx, s, l)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", d.Do, err)
		}
		say(wordDone, d)
		l = l.after(d)
	}
	return err
}

func reopen(ctx context.Context, dir string, s *Store) (*Store, error) {
	if err := s.Close(); err != nil {
		return nil, err
	}
	next, err := Open(ctx, shared(dir))
	if err == nil {
		next.KeepBackups(func(_ Backup, err error) {
			if err != nil {
				fmt.Println("daily backup:", err)
			}
		})
	}
	return next, err
}

func say(word string, d deed) {
	text, _ := json.Marshal(d) // holds nothing that could fail
	fmt.Println(word + string(text))
}

// crashes counts what the rounds have met, for the log.
type crashes struct {
	acknowledged, cutOff, cutOffDone, whileOpening, opened int
	kinds                                                  map[string]int
}

// TestAWriterThatIsKilledAtAnyMomentLosesNothingAcknowledged kills a writer with a signal that cannot be caught, at a
// moment that a seed decides, and looks at what it leaves. That the power fails cannot be tried here: the kernel
// lives on and writes what it was given. See TestACommitIsOnTheDisk for what is done about it.
func TestAWriterThatIsKilledAtAnyMomentLosesNothingAcknowledged(t *testing.T) {
	seed := *crashSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("again with -crash-seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	met := &crashes{kinds: map[string]int{}}
	for done := 0; done < *rounds; done += roundsEach {
		name, start := "new", func(*testing.T, string) {}
		if old := done / roundsEach % schemaVersion; old > 0 {
			name, start = fmt.Sprint("version ", old), func(t *testing.T, dir string) { layOut(t, old, dir) }
		}
		t.Run(fmt.Sprintf("%s, round %d", name, done), func(t *testing.T) {
			crashSite(t, r, met, start).suffer(min(roundsEach, *rounds-done))
		})
		if t.Failed() {
			t.FailNow()
		}
	}
	t.Logf("%d rounds: %d deeds acknowledged, %d cut off, of which %d had happened; %d killed while opening; %d backups opened",
		*rounds, met.acknowledged, met.cutOff, met.cutOffDone, met.whileOpening, met.opened)
	t.Logf("cut off: %v", met.kinds)
}

// site is a store that gets hit, and what is known of it.
type site struct {
	t    *testing.T
	r    *rand.Rand
	met  *crashes
	dir  string
	next int // the number of the next deed
	// known is what the store must hold.
	known ledger
	// born is false until somebody has opened the store, and stray is true when the first who tried was cut off: it
	// may have left a key that opens nothing.
	born, stray bool
	// backups are those that were acknowledged since the key was changed last, with what they must hold.
	backups map[string]ledger
	newest  string
}

func crashSite(t *testing.T, r *rand.Rand, met *crashes, start func(*testing.T, string)) *site {
	t.Helper()
	dir, example := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "data")
	for _, d := range []string{dir, example} {
		must(t, os.MkdirAll(d, 0o700))
		must(t, os.Mkdir(d+"-ring", 0o700))
		start(t, d)
	}
	c := &site{t: t, r: r, met: met, dir: dir, next: 1, backups: map[string]ledger{}}
	c.born = exists(filepath.Join(dir, fileName))
	c.known = openLedger(t, example) // what it holds after a start that nobody disturbs
	return c
}

func openLedger(t *testing.T, dir string) ledger {
	t.Helper()
	s, err := Open(t.Context(), shared(dir))
	must(t, err)
	l, err := readLedger(t.Context(), s)
	must(t, err)
	must(t, s.Close())
	return l
}

func (c *site) suffer(times int) {
	for range times {
		inFlight := c.kill()
		c.inspect(inFlight)
		if c.t.Failed() {
			return
		}
	}
	// Whatever was cut off is tidied by the work that follows.
	s, err := Open(c.t.Context(), shared(c.dir))
	must(c.t, err)
	cheaply(s)
	_, err = s.BackupNow(c.t.Context())
	must(c.t, err)
	must(c.t, s.Close())
	left, err := filepath.Glob(filepath.Join(c.dir, backupFolder, "*"+unfinishedSuffix))
	if err != nil || len(left) > 0 {
		c.t.Errorf("unfinished backups stay: %v, %v", left, err)
	}
}

// kill starts a writer, ends it, and returns the deed that it had begun and not acknowledged.
func (c *site) kill() *deed {
	lines := c.r.IntN(60)                // that it may say before its end is near
	if c.next == 1 || c.r.IntN(6) == 0 { // while it creates, migrates, opens
		lines = 0
	}
	delay := time.Duration(c.r.Float64() * float64(time.Microsecond<<c.r.IntN(15)))
	child := startRole(c.t, c.dir, fmt.Sprint(roleWrite, c.r.Uint64(), " ", c.next))
	timer := time.AfterFunc(time.Hour, func() { _ = child.cmd.Process.Kill() })
	defer timer.Stop()
	var inFlight *deed
	opened := false
	for said := 0; ; said++ {
		if said == lines {
			timer.Reset(delay)
		}
		if !child.lines.Scan() {
			break
		}
		line := child.lines.Text()
		wantSilence(c.t, "the writer's output", child.lines.Bytes())
		if text, ok := strings.CutPrefix(line, wordBegin); ok {
			inFlight = c.parse(text)
			c.next = inFlight.Number + 1
		} else if text, ok := strings.CutPrefix(line, wordDone); ok {
			c.acknowledge(*c.parse(text))
			inFlight = nil
		} else if line == wordOpen {
			opened = true
		} else {
			c.t.Fatalf("the writer says %q", line)
		}
	}
	must(c.t, child.lines.Err())
	_ = child.cmd.Wait()
	wantSilence(c.t, "the writer's stderr", child.stderr.Bytes())
	if child.stderr.Len() > 0 {
		c.t.Errorf("the writer complains: %s", child.stderr)
	}
	if !opened {
		c.met.whileOpening++
		c.stray = c.stray || !c.born
	} else {
		c.born = true
	}
	return inFlight
}

func (c *site) parse(text string) *deed {
	var d deed
	must(c.t, json.Unmarshal([]byte(text), &d))
	return &d
}

func (c *site) acknowledge(d deed) {
	c.met.acknowledged++
	c.known = c.known.after(d)
	if d.changesKey() {
		c.backups, c.newest = map[string]ledger{}, ""
	}
	if d.Backup != "" {
		c.backups[d.Backup], c.newest = c.known, d.Backup
	}
}

// changesKey reports whether the backups from before the deed need a key that it removes.
func (d deed) changesKey() bool {
	return slices.Contains([]string{doRotate, string(tenant.ByKeyring), string(tenant.ByKeyFile), string(tenant.ByPassphrase)}, d.Do)
}

// inspect looks at what the writer has left: nothing that was acknowledged may be missing, and what was under way has
// happened or has not, in all its parts.
func (c *site) inspect(inFlight *deed) {
	t := c.t
	searchCanaries(t, c.dir) // in what was cut off neither
	if exists(filepath.Join(c.dir, fileName)) {
		checkConsistent(t, filepath.Join(c.dir, fileName))
	} else if c.born {
		t.Fatal("the store is gone")
	}
	s, err := Open(t.Context(), shared(c.dir))
	if err != nil {
		t.Fatalf("after %v: %v", inFlight, err)
	}
	c.born = true
	got, err := readLedger(t.Context(), s)
	must(t, err)
	if exists(filepath.Join(c.dir, fileName+unfinishedSuffix)) {
		t.Error("an unfinished store lies about")
	}
	c.compare(got, inFlight)
	if p, err := s.CurrentProtection(t.Context()); err != nil || p.OldKeys != 0 {
		t.Errorf("after %v: %d old keys, %v", inFlight, p.OldKeys, err)
	}
	must(t, s.Close())
	if !c.stray {
		wantPlaces(t, c.dir, got.Kind)
	}
	wantNoCanary(t, c.dir)
	c.openBackups()
}

func (c *site) compare(got ledger, inFlight *deed) {
	diff := cmp.Diff(c.known, got)
	if inFlight == nil {
		if diff != "" {
			c.t.Errorf("acknowledged (-), there (+): %s", diff)
		}
		return
	}
	c.met.cutOff++
	c.met.kinds[inFlight.Do]++
	done := c.known.after(*inFlight)
	diffDone := cmp.Diff(done, got)
	if diff != "" && diffDone != "" {
		c.t.Errorf("%s was cut off: not as before: %s\nnor as after: %s", inFlight.Do, diff, diffDone)
	}
	if diff != "" && diffDone == "" {
		c.met.cutOffDone++
	}
	if inFlight.changesKey() {
		c.backups, c.newest = map[string]ledger{}, ""
	}
	c.known = got
}

// openBackups starts a program on each backup that is said to be good, in a directory of its own.
func (c *site) openBackups() {
	t := c.t
	all, err := Backups(t.Context(), shared(c.dir))
	must(t, err)
	newestIsGood := c.newest == ""
	for _, b := range all {
		if strings.Contains(b.Name, unfinishedSuffix) {
			t.Errorf("the unfinished %s counts as a backup", b.Name)
		}
		if b.Problem != nil {
			continue // the key of its time is gone
		}
		copied := filepath.Join(t.TempDir(), "data")
		must(t, os.CopyFS(copied+"-ring", os.DirFS(c.dir+"-ring")))
		must(t, os.Mkdir(copied, 0o700))
		for _, key := range keyFiles(t, c.dir) {
			copyTo(t, key, filepath.Join(copied, filepath.Base(key)))
		}
		copyTo(t, filepath.Join(c.dir, backupFolder, b.Name), filepath.Join(copied, fileName))
		got := openLedger(t, copied)
		c.met.opened++
		if want, acknowledged := c.backups[b.Name]; acknowledged {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the backup %s: %s", b.Name, diff)
			}
		}
		newestIsGood = newestIsGood || b.Name == c.newest
	}
	if !newestIsGood {
		t.Errorf("the newest backup %s is not among the good ones of %v", c.newest, all)
	}
}

func keyFiles(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.key"))
	must(t, err)
	return files
}

func copyTo(t *testing.T, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(from)
	must(t, err)
	must(t, os.WriteFile(to, raw, 0o600))
}

// A commit waits for the disk: that is all that a program can do against a power failure. Whether the disk tells the
// truth is not for a test to know.
func TestACommitIsOnTheDisk(t *testing.T) {
	s := openTest(t, t.TempDir(), newMemoryKeyring())
	must(t, s.update(t.Context(), "look at the options", func(w *work) error {
		if db := w.tx.DB(); db.NoSync || db.NoGrowSync {
			t.Errorf("bbolt does not sync: NoSync %v, NoGrowSync %v", db.NoSync, db.NoGrowSync)
		}
		return errUnchanged
	}))
}
