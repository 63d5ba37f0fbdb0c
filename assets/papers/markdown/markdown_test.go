package markdown

import (
	"slices"
	"testing"
)

func TestHeadingsAreNamedAsOnGitHub(t *testing.T) {
	source := []byte("# The `one` – and, *only*!\n\n> ## Twice\n\n## Twice\n\n1. ### [Linked](x.md) snake_case\n\n## Sønner & Co\n")
	want := []string{"the-one--and-only", "twice", "twice-1", "linked-snake_case", "sønner--co"}
	if got := Anchors(Headings(Parse(source)), source); !slices.Equal(got, want) {
		t.Errorf("the anchors are %q", got)
	}
}
