package detail

import (
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// welcomeView is what the window says while there is no tenant.
type welcomeView struct{ Last string }

func welcomeOf(r workbench.RegistrationView, found bool) welcomeView {
	switch {
	case !found:
		return welcomeView{textWelcomeNone.String()}
	case r.Environment == tenant.Sandbox:
		return welcomeView{textWelcomeSandbox.String()}
	}
	host := r.Base
	if u, err := url.Parse(r.Base); err == nil && u.Host != "" {
		host = u.Host
	}
	return welcomeView{textWelcomeAccount.With(host)}
}

// welcome is the first start: three lines, and a word about the account.
type welcome struct {
	root *fyne.Container
	last *kit.Paragraph
}

func newWelcome() *welcome {
	w := &welcome{last: kit.NewParagraph("", kit.Look{Tone: kit.ColorMuted})}
	lines := kit.NewColumn(10, kit.NewParagraph(textWelcome.String(), kit.Look{Size: theme.SizeNameHeadingText, Style: fyne.TextStyle{Bold: true}}))
	for i, text := range []string{textWelcomeOne.String(), textWelcomeTwo.String(), textWelcomeThree.String()} {
		number := kit.NewWord(string(rune('1'+i)), kit.LookBold().In(theme.ColorNameHyperlink))
		lines.Add(&fyne.Container{Layout: &numbered{}, Objects: []fyne.CanvasObject{number, kit.NewParagraph(text, kit.Look{})}})
	}
	lines.Add(kit.NewInset(0, 4, w.last))
	panel := kit.NewPanel(22, lines)
	w.root = container.NewVBox(layout.NewSpacer(), container.NewHBox(layout.NewSpacer(), newWide(520, panel), layout.NewSpacer()), layout.NewSpacer())
	return w
}

func (w *welcome) set(v welcomeView) {
	if w.last.Text != v.Last {
		w.last.Text = v.Last
		w.root.Refresh() // it may wrap anew
	}
}

// numbered puts a number before a paragraph.
type numbered struct{}

const numberWidth = 22

// HeightFor returns the height of the paragraph.
func (l *numbered) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return kit.HeightFor(objects[1], width-numberWidth)
}

// MinSize is part of Fyne's Layout.
func (l *numbered) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[1].MinSize().AddWidthHeight(numberWidth, 0)
}

// Layout is part of Fyne's Layout.
func (l *numbered) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(objects[0].MinSize())
	objects[1].Move(fyne.NewPos(numberWidth, 0))
	objects[1].Resize(fyne.NewSize(size.Width-numberWidth, size.Height))
}

// wide gives its object a width, and the height that goes with it.
type wide struct{ width float32 }

func newWide(width float32, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &wide{width}, Objects: []fyne.CanvasObject{o}}
}

// MinSize is part of Fyne's Layout.
func (l *wide) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.width, kit.HeightFor(objects[0], l.width))
}

// Layout is part of Fyne's Layout.
func (l *wide) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size)
}
