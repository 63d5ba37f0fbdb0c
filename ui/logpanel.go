package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/logview"
)

// logPanel is the bottom of the window: the live log with its filters.
type logPanel struct {
	root   *fyne.Container
	store  *logview.Store
	view   *logview.View
	counts *kit.Line

	level  *widget.Select
	scope  *widget.Select
	find   *widget.Entry
	follow *kit.Check
	newest *kit.Button
	copy   *kit.Button
	export *kit.Button
	clear  *kit.Button

	run    *kit.Runner
	chosen tenant.Key
	filter logFilter
	bar    *fyne.Container

	// onSave asks where to write the log, and calls back with the place or not at all.
	onSave func(name string, to func(fyne.URIWriteCloser))
	onFail func(error)
	// onSaved is told how many lines were written where.
	onSaved func(lines int, where string)
}

func newLogPanel(run *kit.Runner, maxLines int) *logPanel {
	p := &logPanel{run: run, store: logview.NewStore(maxLines), counts: kit.NewWord("", kit.LookCaption())}
	p.view = logview.NewView(run.Ctx, p.store, run.Hop)
	levels, _ := logLevels()
	p.level = widget.NewSelect(levels, nil)
	p.level.Selected = textAllLevels.String()
	p.scope = widget.NewSelect([]string{textAllTenants.String(), textChosenTenant.String()}, nil)
	p.scope.Selected = textAllTenants.String()
	p.find = widget.NewEntry()
	p.find.SetPlaceHolder(textFilterLog.String())
	p.level.OnChanged = func(string) { p.refilter() }
	p.scope.OnChanged = func(string) { p.refilter() }
	p.find.OnChanged = func(string) { p.refilter() }
	p.makeButtons()
	p.view.OnFollowChanged = func(bool) { p.showFollow() }
	p.view.OnNewLines = func(int) { p.showFollow() }
	p.view.OnCounts = p.showCounts
	spacer := layout.NewSpacer()
	p.bar = kit.NewBar(6, spacer, kit.NewWord(textLog.String(), kit.LookBold()), kit.NewFixed(160, 0, p.level), kit.NewFixed(140, 0, p.scope),
		kit.NewFixed(220, 0, p.find), p.clear, p.counts, spacer, p.newest, p.follow, p.copy, p.export)
	framed := container.NewStack(kit.NewSurface(kit.ColorSurface, kit.ColorLine, 4), kit.NewInset(1, 1, p.view))
	p.root = kit.NewShell(6, framed, p.bar, framed)
	p.showFollow()
	p.showCounts()
	p.clear.Allow(textNoFilter.String())
	return p
}

func (p *logPanel) makeButtons() {
	p.clear = kit.NewIconButton(theme.ContentClearIcon(), textClearTip.String(), p.clearFilter)
	p.newest = kit.NewButton("", theme.MoveDownIcon(), "", func() { p.view.SetFollow(true) })
	p.follow = kit.NewCheck(textFollow.String(), textFollowTip.String(), func(on bool) { p.view.SetFollow(on) })
	p.copy = kit.NewIconButton(theme.ContentCopyIcon(), textCopyLines.String(), p.view.CopySelection)
	p.export = kit.NewButton(textExport.String(), nil, textExportTip.String(), func() { p.onSave("partnerdesk-log.txt", p.write) })
}

// append takes events in. It may be called off the user interface's goroutine, but from one only.
func (p *logPanel) append(events []journal.Event) {
	p.store.Append(logLines(events))
	p.view.Appended()
}

// choose narrows the log to another tenant, where that filter is on.
func (p *logPanel) choose(key tenant.Key) {
	if p.chosen == key {
		return
	}
	p.chosen = key
	if p.filter.chosenOnly {
		p.view.SetFilter(p.filter.view(p.chosen))
	}
}

func (p *logPanel) refilter() {
	f := logFilter{level: max(0, p.level.SelectedIndex()), chosenOnly: p.scope.SelectedIndex() == 1, text: strings.TrimSpace(p.find.Text)}
	if f == p.filter {
		return
	}
	p.filter = f
	if f.set() {
		p.clear.Allow("")
	} else {
		p.clear.Allow(textNoFilter.String())
	}
	p.view.SetFilter(f.view(p.chosen))
}

// clearFilter shows all lines again.
func (p *logPanel) clearFilter() {
	p.level.SetSelectedIndex(0)
	p.scope.SetSelectedIndex(0)
	p.find.SetText("")
	p.refilter()
}

func (p *logPanel) showFollow() {
	following := p.view.Following()
	p.follow.ShowChecked(following)
	text := chip(p.view.NewLines())
	if p.newest.Hidden == following && p.newest.Text == text {
		return
	}
	p.newest.Hidden = following
	p.newest.Label(text)
	p.bar.Refresh()
}

func (p *logPanel) showCounts() {
	if text := logCount(p.view.Counts()); text != p.counts.Text {
		p.counts.SetText(text)
		p.bar.Layout.Layout(p.bar.Objects, p.bar.Size())
	}
}

// write writes the lines that are shown now, off the user interface's goroutine.
func (p *logPanel) write(to fyne.URIWriteCloser) {
	lines := p.view.Export()
	shown, _ := p.view.Counts()
	kit.Act(p.run, func(context.Context) error {
		_, err := lines.WriteTo(to)
		if closed := to.Close(); err == nil {
			err = closed
		}
		return err
	}, func(err error) {
		if err != nil {
			p.onFail(&tenant.Problem{Op: "export log", Err: err, Explanation: tenant.CauseFiles.Explain(
				"The log could not be written to the file.", tenant.Sentence(err), "Choose another place and export again.")})
			return
		}
		p.onSaved(shown, to.URI().Path())
	})
}

// close ends what the log view runs beside the user interface's goroutine.
func (p *logPanel) close() { p.view.Close() }
