package signin

import (
	"slices"
	"testing"
	"time"
)

func TestThePollIntervalThatIsSetIsAmongTheChoices(t *testing.T) {
	for set, want := range map[time.Duration]string{0: "", 15 * time.Second: "every 15 s", 90 * time.Second: "every 90 s", 2 * time.Hour: "every 2 h", 20 * time.Minute: "every 20 min"} {
		choices := pollIntervals(set)
		if !slices.IsSorted(choices) || want != "" && !slices.Contains(choices, set) {
			t.Errorf("%s: the choices are %v", set, choices)
		}
		if want != "" && intervalLabel(set) != want {
			t.Errorf("%s is labelled %q", set, intervalLabel(set))
		}
	}
}
