package detail

import (
	"time"

	"fyne.io/fyne/v2"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// proofView is one of a tenant's proofs as a line: a mark, its name, when, and what.
type proofView struct {
	Name, When, Words string
	Tone              kit.Tone // of the mark and, where something is wrong, of the words
}

// proofViews are the lines of a tenant's proofs.
func proofViews(proofs []tenant.Proof, now time.Time) []proofView {
	views := make([]proofView, 0, len(proofs))
	for _, p := range proofs {
		v := proofView{Name: words.Of(p.Kind.Label()), When: whenOf(p, now), Words: proofWords(p, now), Tone: kit.ToneMuted}
		switch {
		case p.Trouble != nil && p.Trouble.Temporary:
			v.Tone = kit.ToneWarning
		case p.Trouble != nil:
			v.Tone = kit.ToneBad
		case !p.At.IsZero() && p.FailedAt.IsZero():
			v.Tone = kit.ToneGood
		}
		views = append(views, v)
	}
	return views
}

// whenOf says when a proof was last seen to fail, if that stands open, and else when it was last seen to hold.
func whenOf(p tenant.Proof, now time.Time) string {
	if p.Trouble != nil {
		return textProofFailed.With(words.Ago(p.FailedAt, now))
	}
	return words.Ago(p.At, now)
}

// proofWords say what was seen, or when it was well before it failed, and why it did.
func proofWords(p tenant.Proof, now time.Time) string {
	switch {
	case p.Trouble == nil:
		return seen(p)
	case p.At.IsZero():
		return words.Of(p.Trouble.What)
	}
	return textLastWell.With(words.Ago(p.At, now), words.Of(p.Trouble.What))
}

// seen says what was seen. What stands in no phrase here is a server's own word.
func seen(p tenant.Proof) string {
	switch {
	case p.Name == "":
		return p.Detail
	case p.Kind == tenant.ProofPrincipal:
		return textLoggedOnAs.With(p.Name)
	case p.As == tenant.SystemUser:
		return textCompanyAsSystem.With(p.Name, p.ID)
	}
	return textCompanyAsLogin.With(p.Name, p.ID)
}

// sentence is the line for the clipboard.
func (v proofView) sentence() string {
	if v.Words == "" {
		return v.When
	}
	return textProof.With(v.When, v.Words)
}

// proofGrid shows the proofs below each other, or in two columns where there is room.
type proofGrid struct {
	*fyne.Container
}

func newProofGrid() *proofGrid {
	return &proofGrid{Container: &fyne.Container{Layout: &proofLayout{}}}
}

// proofParts is how many objects make a line.
const proofParts = 4

// set shows lines, and reports whether their number changed and with it the height.
func (g *proofGrid) set(views []proofView) bool {
	resized := len(g.Objects) != proofParts*len(views)
	for len(g.Objects) < proofParts*len(views) {
		g.Objects = append(g.Objects, kit.NewDot(), kit.NewLine("", kit.LookCaption()), kit.NewLine("", kit.Look{}), kit.NewLine("", kit.Look{}))
	}
	g.Objects = g.Objects[:proofParts*len(views)]
	for i, v := range views {
		look := kit.Look{}
		if v.Tone == kit.ToneWarning || v.Tone == kit.ToneBad {
			look.Tone = v.Tone.Text()
		}
		parts := g.Objects[proofParts*i:]
		parts[0].(*kit.Dot).Set(v.Tone.Text())
		parts[1].(*kit.Line).Set(v.Name, kit.LookCaption())
		parts[2].(*kit.Line).Set(v.When, look)
		parts[3].(*kit.Line).Set(v.Words, look)
	}
	if resized {
		g.Refresh()
	}
	return resized
}

// proofLayout lays the lines out, with their parts in columns.
type proofLayout struct{}

const (
	proofName = 104 // the room for the mark and the name
	proofWhen = 122 // and for when
	proofWide = 880 // from this width on there are two columns
	proofGapX = 16
	proofGapY = 4
)

func (l *proofLayout) columns(width float32) int {
	if width >= proofWide {
		return 2
	}
	return 1
}

func (l *proofLayout) rowHeight(objects []fyne.CanvasObject) float32 {
	height := float32(0)
	for _, o := range objects {
		height = max(height, o.MinSize().Height)
	}
	return height
}

// HeightFor returns the height of the lines at a width.
func (l *proofLayout) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	columns := l.columns(width)
	rows := (len(objects)/proofParts + columns - 1) / columns
	return l.rowHeight(objects)*float32(rows) + proofGapY*float32(max(0, rows-1))
}

// MinSize is part of Fyne's Layout.
func (l *proofLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := float32(proofName + proofWhen + 40)
	return fyne.NewSize(width, l.HeightFor(objects, width))
}

// Layout is part of Fyne's Layout.
func (l *proofLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	columns, height := l.columns(size.Width), l.rowHeight(objects)
	widths := []float32{size.Width}
	if columns == 2 {
		widths = []float32{(size.Width - proofGapX) * 0.42, (size.Width - proofGapX) * 0.58} // a company has a long name
	}
	for i := 0; i+proofParts <= len(objects); i += proofParts {
		column, row := i/proofParts%columns, i/proofParts/columns
		x, y, width := float32(column)*(widths[0]+proofGapX), float32(row)*(height+proofGapY), widths[column]
		mark := objects[i].MinSize()
		rooms := []struct{ x, width float32 }{
			{0, mark.Width}, {mark.Width + 6, proofName - mark.Width - 6}, {proofName, proofWhen - 6},
			{proofName + proofWhen, max(0, width-proofName-proofWhen)}}
		for j, room := range rooms {
			own := objects[i+j].MinSize().Height
			objects[i+j].Move(fyne.NewPos(x+room.x, y+(height-own)/2))
			objects[i+j].Resize(fyne.NewSize(room.width, own))
		}
	}
}
