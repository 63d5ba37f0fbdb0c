package detail

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// claimsSection shows how the id token of the last sign-in was validated, and what it said. Nothing is read as long as
// it is folded.
type claimsSection struct {
	*section
	run  *kit.Runner
	o    Options
	copy *kit.Button
	// checks and claims are below each other.
	checks *fyne.Container
	claims *kit.FactGrid
	// content holds both, and is hidden while there is nothing to show.
	content *fyne.Container
	view    claimsView

	shown tenant.Key
	// read is the sign-in of which the view tells. early is true where what was kept was of an earlier one: it may just
	// not have been there yet, and is read once more.
	read  time.Time
	early bool
	job   *kit.Job
}

// claimName is the room for a claim's name: the longest of SuperOffice's without its prefix.
const claimName = 160

func newClaimsSection(run *kit.Runner, o Options, panel *Panel) *claimsSection {
	s := &claimsSection{run: run, o: o, claims: kit.NewFactGrid(1, claimName)}
	s.copy = kit.NewIconButton(theme.ContentCopyIcon(), textCopyIDToken.String(), func() { o.Copy(s.view.Copy) })
	s.checks = &fyne.Container{Layout: &tickLayout{}}
	s.content = kit.NewPanel(10, kit.NewColumn(7, s.checks, kit.NewRule(), s.claims.Container))
	body := kit.NewColumn(0, s.content)
	s.section = newSection(panel, "idtoken", textIDToken.String(), textIDTokenTip.String(), false, body, s.copy)
	s.copy.Hide()
	s.onOpen = s.fetch
	return s
}

// show makes the section tell of a tenant.
func (s *claimsSection) show(t workbench.TenantView) {
	if s.shown == t.Key && s.read.Equal(t.SignedInAt) && !s.early {
		return
	}
	s.early = false
	s.shown, s.read = t.Key, t.SignedInAt
	s.draw(claimsView{})
	s.fetch()
}

// fetch reads what is kept, unless that has been done.
func (s *claimsSection) fetch() {
	if !s.open() || s.view.Summary != "" || s.shown == (tenant.Key{}) {
		return
	}
	if s.job != nil {
		s.job.Cancel()
	}
	key, of := s.shown, s.read
	s.summary.SetText(textReading.String())
	s.job = kit.Perform(s.run, func(ctx context.Context) (tenant.Validation, error) { return s.o.Desk.Validation(ctx, key) }, nil,
		func(v tenant.Validation, err error) {
			if s.shown != key || !s.read.Equal(of) || cancelled(err) {
				return // another one is shown by now
			}
			s.early = v.At.Before(of)
			view := claimsOf(v, s.o.Now().Location())
			if err != nil {
				view = claimsView{Summary: kit.Explain(tenant.Explain(err)).Title}
			}
			s.draw(view)
		})
}

// draw shows a view.
func (s *claimsSection) draw(v claimsView) {
	s.view = v
	s.summary.SetText(v.Summary)
	s.copy.Hidden, s.content.Hidden = v.Copy == "", v.Copy == ""
	s.checks.Objects = nil
	for _, c := range v.Checks {
		var icon fyne.Resource = theme.NewSuccessThemedResource(theme.ConfirmIcon())
		look := kit.Look{}
		if !c.Passed {
			icon, look = theme.NewDisabledResource(theme.ContentRemoveIcon()), kit.Look{Tone: kit.ColorMuted}
		}
		s.checks.Objects = append(s.checks.Objects, widget.NewIcon(icon), kit.NewLine(c.Name, look))
	}
	s.checks.Refresh()
	s.claims.Set(v.Claims)
	s.root.Refresh()
	s.grown()
	s.fresh = s.fresh && v.Summary == ""
}

// tickLayout lays pairs of a mark and a name out in columns.
type tickLayout struct{}

const (
	tickMark   = 16
	tickColumn = 170 // the least width of a column
	tickRow    = 19
)

func (*tickLayout) columns(width float32) int { return max(1, int(width/tickColumn)) }

// HeightFor returns the height of the rows at a width.
func (l *tickLayout) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	columns := l.columns(width)
	return tickRow * float32((len(objects)/2+columns-1)/columns)
}

// MinSize is part of Fyne's Layout.
func (l *tickLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(tickColumn, l.HeightFor(objects, tickColumn))
}

// Layout is part of Fyne's Layout.
func (l *tickLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	columns := l.columns(size.Width)
	width := size.Width / float32(columns)
	for i := 0; i+1 < len(objects); i += 2 {
		x, y := float32(i/2%columns)*width, float32(i/2/columns)*tickRow
		text := objects[i+1].MinSize().Height
		objects[i].Move(fyne.NewPos(x, y+(tickRow-tickMark)/2))
		objects[i].Resize(fyne.NewSquareSize(tickMark))
		objects[i+1].Move(fyne.NewPos(x+tickMark+5, y+(tickRow-text)/2))
		objects[i+1].Resize(fyne.NewSize(width-tickMark-11, text))
	}
}
