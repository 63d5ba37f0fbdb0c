package data

import (
	"errors"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/words"
)

// mostNamed is how many things of a kind a report names: a file may have a hundred thousand.
const mostNamed = 100

// reportLine is a line of what would be done, or was.
type reportLine struct {
	Text string
	Look kit.Look
}

// showReport shows lines below the fields; none take them away.
func showReport(f *kit.Form, where *fyne.Container, lines []reportLine) {
	where.Objects = nil
	for _, l := range lines {
		where.Add(kit.NewParagraph(l.Text, l.Look))
	}
	where.Hidden = len(lines) == 0
	if f.Dialog != nil {
		f.Fit()
	}
}

func toned(t kit.Tone) kit.Look { return kit.Look{Tone: t.Text()} }

// importReport says what came of an import, or would.
func importReport(r workbench.CustomersImport) []reportLine {
	title := textImportWas
	if r.DryRun {
		title = textImportWould
	}
	lines := []reportLine{{title.Of(r.Rows), kit.LookBold()}}
	counted := func(p words.Plural, n int, look kit.Look) {
		if n > 0 {
			lines = append(lines, reportLine{p.Of(n), look})
		}
	}
	counted(textRowsNew, len(r.Added), toned(kit.ToneGood))
	counted(textRowsReplaced, len(r.Replaced), toned(kit.ToneWarning))
	counted(textRowsUnchanged, len(r.Unchanged), kit.Look{})
	counted(textRowsKept, len(r.Kept), kit.Look{})
	if len(r.Kept) > 0 {
		lines = append(lines, reportLine{named(r.Kept), kit.LookCaption()})
	}
	counted(textRowsBad, len(r.Bad), toned(kit.ToneBad))
	for _, b := range r.Bad[:min(len(r.Bad), mostNamed)] {
		text := textBadRow.With(words.Thousands(b.Row), words.Of(b.Reason))
		if b.ContextID != "" {
			text = textBadRowOf.With(words.Thousands(b.Row), b.ContextID, words.Of(b.Reason))
		}
		lines = append(lines, reportLine{text, kit.LookCaption()})
	}
	if more := len(r.Bad) - mostNamed; more > 0 {
		lines = append(lines, reportLine{textMore.Of(more), kit.LookCaption()})
	}
	return lines
}

// named are the first of many, and how many more there are.
func named(all []string) string {
	text := strings.Join(all[:min(len(all), mostNamed)], ", ")
	if more := len(all) - mostNamed; more > 0 {
		text += " " + textMore.Of(more)
	}
	return text
}

// importReason is why an import that was only tried is not done; empty where it can be.
func importReason(r workbench.CustomersImport, allOrNothing bool) string {
	switch {
	case allOrNothing && len(r.Bad) > 0:
		return textImportBad.String()
	case len(r.Added)+len(r.Replaced) == 0:
		return textNothingToImport.String()
	}
	return ""
}

// imported says that an import is done.
func imported(r workbench.CustomersImport) kit.NoticeView {
	v := kit.NoticeView{Tone: kit.ToneGood, Title: textImported.Of(len(r.Added)+len(r.Replaced), r.Registration)}
	if len(r.Bad) > 0 {
		v.Tone = kit.ToneWarning
		v.Lines = []string{textImportedBad.String()}
	}
	return v
}

func exported(r workbench.CustomersExport, file string) kit.NoticeView {
	v := kit.NoticeView{Tone: kit.ToneGood, Title: textExported.Of(r.Customers, file), Lines: []string{textExportedDelete.String()}}
	if len(r.WithoutToken) > 0 {
		v.Lines = append(v.Lines, textExportedWithout.With(named(r.WithoutToken)))
	}
	return v
}

func backedUp(b workbench.Backup, file string) kit.NoticeView {
	v := kit.NoticeView{Tone: kit.ToneGood, Title: textBackedUp.With(file),
		Lines: []string{textBackedUpWhat.With(words.Thousands(len(b.Registrations)), words.Thousands(b.Tenants), words.Thousands(b.Logins))}}
	if b.LeftOut > 0 {
		v.Lines = append(v.Lines, textBackedUpLeftOut.Of(b.LeftOut))
	}
	if len(b.Registrations) == 0 {
		v.Tone = kit.ToneWarning
		v.Lines = append(v.Lines, textBackedUpNothing.String())
	}
	return v
}

// checkTwice says what is wrong with a new passphrase. It is typed twice, as nobody sees it and nobody can restore it.
func checkTwice(passphrase, again secret.Text) error {
	if err := workbench.CheckBackupPassphrase(passphrase); err != nil {
		return errors.New(tenant.Explain(err).Why)
	}
	if !again.Equal(passphrase) {
		return errors.New(textPassphrasesDiffer.String())
	}
	return nil
}

// restoreReport says what became of each part of a backup, or would: what is new first.
func restoreReport(r workbench.Restored) []reportLine {
	title := textRestoreWas
	if r.DryRun {
		title = textRestoreWould
	}
	lines := []reportLine{{title.String(), kit.LookBold()}}
	for _, kind := range []struct {
		items []workbench.RestoredItem
		texts map[tenant.ImportOutcome]words.Plural
	}{{r.Registrations, registrationOutcomes()}, {r.Tenants, tenantOutcomes()}} {
		for _, outcome := range outcomes() {
			names := itemsOf(kind.items, outcome)
			if len(names) > 0 {
				lines = append(lines, reportLine{kind.texts[outcome].Of(len(names)), toned(outcomeTone(outcome))},
					reportLine{named(names), kit.LookCaption()})
			}
		}
	}
	if r.Settings != "" {
		lines = append(lines, reportLine{settingsOutcome(r.Settings), toned(outcomeTone(r.Settings))})
	}
	if len(lines) == 1 {
		lines = append(lines, reportLine{textRestoreEmpty.String(), kit.Look{}})
	}
	return lines
}

// outcomes are all, in the order in which they matter.
func outcomes() []tenant.ImportOutcome {
	return []tenant.ImportOutcome{tenant.ImportAdded, tenant.ImportReplaced, tenant.ImportUnchanged, tenant.ImportKept, tenant.ImportLeftOut}
}

func outcomeTone(o tenant.ImportOutcome) kit.Tone {
	switch o {
	case tenant.ImportAdded:
		return kit.ToneGood
	case tenant.ImportReplaced:
		return kit.ToneWarning
	case tenant.ImportLeftOut:
		return kit.ToneBad
	}
	return kit.TonePlain
}

// itemsOf names the items of an outcome.
func itemsOf(items []workbench.RestoredItem, o tenant.ImportOutcome) []string {
	var names []string
	for _, item := range items {
		if item.Outcome != o {
			continue
		}
		if item.ContextID == "" {
			names = append(names, item.Registration)
			continue
		}
		names = append(names, item.Registration+"/"+item.ContextID)
	}
	return names
}

// restoreReason is why a backup that was only looked at is not restored; empty where it can be.
func restoreReason(r workbench.Restored) string {
	does := func(o tenant.ImportOutcome) bool { return o == tenant.ImportAdded || o == tenant.ImportReplaced }
	of := func(i workbench.RestoredItem) bool { return does(i.Outcome) }
	if does(r.Settings) || slices.ContainsFunc(r.Registrations, of) || slices.ContainsFunc(r.Tenants, of) {
		return ""
	}
	return textNothingToRestore.String()
}

func restored(r workbench.Restored) kit.NoticeView {
	added := len(itemsOf(r.Tenants, tenant.ImportAdded)) + len(itemsOf(r.Tenants, tenant.ImportReplaced))
	return kit.NoticeView{Tone: kit.ToneGood, Title: textRestored.Of(added)}
}
