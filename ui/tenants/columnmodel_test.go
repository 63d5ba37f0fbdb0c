package tenants

import (
	"slices"
	"testing"
)

// usual are widths as the theme's text gives them.
func usual() [columns]float32 {
	return [columns]float32{colVerdict: 102, colCtx: 58, colEnvironment: 84, colLogOn: 74, colTicket: 60, colFailures: 62}
}

func seen(places []place) []column {
	var list []column
	for _, p := range places {
		list = append(list, p.column)
	}
	return list
}

func TestTheLessImportantColumnsGiveWay(t *testing.T) {
	for _, c := range []struct {
		room float32
		want []column
	}{
		{760, []column{colVerdict, colName, colCtx, colEnvironment, colLogOn, colTicket, colFailures}},
		{560, []column{colVerdict, colName, colCtx, colEnvironment, colLogOn}},
		{450, []column{colVerdict, colName, colCtx, colLogOn}},
		{360, []column{colVerdict, colName, colLogOn}},
		{150, []column{colVerdict, colName}},
	} {
		places := fit(c.room, usual())
		if got := seen(places); !slices.Equal(got, c.want) {
			t.Errorf("in a room of %v: %v, want %v", c.room, got, c.want)
		}
		for i, p := range places[:len(places)-1] {
			if places[i+1].x != p.x+p.width+columnGap {
				t.Errorf("in a room of %v column %d and the next do not touch: %v", c.room, p.column, places)
			}
		}
		if last := places[len(places)-1]; last.x+last.width > c.room-edgeRoom+0.01 {
			t.Errorf("in a room of %v the last column ends at %v", c.room, last.x+last.width)
		}
	}
	if narrow := fit(270, usual()); narrow[0].width != dotRoom || narrow[0].column != colVerdict {
		t.Errorf("in little room the verdict is not its dot alone: %v", narrow)
	}
}

func TestADraggedEdgeTakesFromOneNeighbourForTheOther(t *testing.T) {
	places := fit(760, usual())
	edge := slices.IndexFunc(places, func(p place) bool { return p.column == colCtx })
	if i, found := edgeAt(places, places[edge].x+places[edge].width+3); !found || i != edge {
		t.Fatalf("the edge is at %d, %t", i, found)
	}
	if i, found := edgeAt(places, places[edge].x+places[edge].width/2); found {
		t.Errorf("there is an edge (%d) in the middle of a column", i)
	}
	for by, want := range map[float32]float32{20: 20, -10: -10, 1000: 84 - leastWidth, -1000: leastWidth - 58} {
		widths := dragged(places, edge, by, usual())
		if widths[colCtx] != 58+want || widths[colEnvironment] != 84-want || widths[colLogOn] != usual()[colLogOn] {
			t.Errorf("dragged by %v: %v", by, widths)
		}
	}
	verdict := dragged(places, 0, 1000, usual())
	if after := fit(760, verdict); len(after) != len(places) {
		t.Errorf("a wide column has pushed another out: %v", seen(after))
	}
}

func TestAColumnIsFoundByTheBeginningOfItsName(t *testing.T) {
	for beginning, want := range map[string]column{"verdict": colVerdict, "env": colEnvironment, "last": colLogOn, "logon": colLogOn} {
		if got, found := columnNamed(beginning); !found || got != want {
			t.Errorf("%q is %v, %t", beginning, got, found)
		}
	}
	for _, beginning := range []string{"", "http"} {
		if got, found := columnNamed(beginning); found {
			t.Errorf("%q is %v", beginning, got)
		}
	}
}
