package measure_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"partnerdesk/app/bench/measure"
)

func TestRowsAreJudged(t *testing.T) {
	for name, c := range map[string]struct {
		row measure.Row
		met bool
	}{
		"as long as it may take": {measure.AtMost("", 5, "", 4, 1.25), true},
		"too long":               {measure.AtMost("", 6, "", 4, 1.25), false},
		"five times as fast":     {measure.FasterBy("", 10, "", 50, 5), true},
		"not fast enough":        {measure.FasterBy("", 11, "", 50, 5), false},
	} {
		if c.row.Met != c.met {
			t.Errorf("%s: met is %v", name, c.row.Met)
		}
	}
}

func TestTheTableSaysWhichAimsAreMet(t *testing.T) {
	var out bytes.Buffer
	err := measure.Print(&out, []measure.Row{
		measure.AtMost("good", time.Second, "floor", time.Second, 2),
		measure.AtMost("bad", 3*time.Second, "floor", time.Second, 2),
		measure.Explaining("why", time.Second, "floor", time.Second),
	})
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if err != nil || len(lines) != 4 {
		t.Fatalf("%v\n%s", err, &out)
	}
	for i, want := range []string{"met", "yes", "no", "1.00"} {
		if fields := strings.Fields(lines[i]); fields[len(fields)-1] != want {
			t.Errorf("line %d ends with %q, want %q", i, fields[len(fields)-1], want)
		}
	}
}

func TestNumbersAreEasyToRead(t *testing.T) {
	for n, want := range map[int]string{7: "7", 1000: "1,000", 10_000: "10,000", 1_000_000: "1,000,000"} {
		if got := measure.Count(n); got != want {
			t.Errorf("%d is written %q", n, got)
		}
	}
	for d, want := range map[time.Duration]string{
		1234567: "1.23ms", 12345678: "12.3ms", 1234 * time.Millisecond: "1.23s", 12345 * time.Millisecond: "12.3s",
	} {
		if got := measure.Short(d); got != want {
			t.Errorf("%v is written %q, want %q", d, got, want)
		}
	}
}

// TestTheSystemTellsOfThisProcess holds memory and takes processor time, and expects to be told of both.
func TestTheSystemTellsOfThisProcess(t *testing.T) {
	if _, err := os.Stat("/proc/self/smaps_rollup"); err != nil {
		t.Skip("this system does not tell what a process holds: ", err)
	}
	const much = 64 << 20
	before, err := measure.MemoryOf(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	held := bytes.Repeat([]byte{1}, much)
	for until, i := time.Now().Add(50*time.Millisecond), 0; time.Now().Before(until); i++ {
		held[i%much]++
	}
	after, err := measure.MemoryOf(os.Getpid())
	if err != nil || after.Resident < before.Resident+much/2 || after.Proportional > after.Resident {
		t.Errorf("%+v became %+v, %v", before, after, err)
	}
	if took, err := measure.ProcessorTime(os.Getpid()); err != nil || took <= 0 {
		t.Errorf("processor time is %v, %v", took, err)
	}
	if len(held) != much {
		t.Error("the memory was not held")
	}
}

func TestAMissingFieldIsAnError(t *testing.T) {
	const told = "VmHWM:\t   2048 kB\nVmRSS:\t  much\n"
	if n, err := measure.Field([]byte(told), "VmHWM"); n != 2<<20 || err != nil {
		t.Errorf("read %d, %v", n, err)
	}
	for _, name := range []string{"VmRSS", "Pss"} {
		if n, err := measure.Field([]byte(told), name); err == nil {
			t.Errorf("read %d for %s", n, name)
		}
	}
}
