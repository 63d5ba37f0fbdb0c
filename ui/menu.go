package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"partnerdesk/core/tenant"
	"partnerdesk/ui/kit"
	"partnerdesk/ui/signin"
)

// sections are all that a person can do, as the main menu shows it. Menu, shortcuts and the overview of the
// shortcuts are made from this one table: whatever is added here is in all three.
func (w *Window) sections() []section {
	return []section{
		{name: textFile, commands: w.fileCommands()},
		{name: textTenant, commands: w.tenantCommands(), reason: func() string {
			if _, there := w.scene.tenant(w.selected); !there {
				return textNoTenantChosen.String()
			}
			return ""
		}},
		{name: textPoller, commands: w.pollerCommands()},
		{name: textLogMenu, commands: w.logCommands()},
		{name: textView, commands: w.viewCommands()},
		{name: textHelp, commands: []command{
			w.guideCommand(),
			{phrase: textShortcuts, key: ctrl(fyne.KeySlash), run: w.showShortcuts},
			{phrase: textCheckForUpdates, run: w.updates.CheckNow, line: true},
			{phrase: textAbout, run: w.about.Open},
			{phrase: textLicences, run: w.about.OpenLicences},
		}},
	}
}

func (w *Window) fileCommands() []command {
	return []command{
		press(textSignIn, ctrl(fyne.KeyI), w.bar.SignIn),
		{phrase: textAddRegistration, key: ctrl(fyne.KeyN), run: w.registrations.Add, line: true},
		{phrase: textEditRegistration, run: func() { w.registrations.Edit(w.bar.Current()) }, reason: w.editBarred},
		{phrase: textRemoveRegistration, run: func() { w.askRemoveRegistration(w.bar.Current()) }, reason: w.bar.RemoveReason},
		{phrase: textImport, run: w.data.Import, line: true},
		{phrase: textExportCustomers, run: w.data.Export},
		{phrase: textBackup, run: w.data.Backup},
		{phrase: textRestore, run: w.data.Restore},
		{phrase: textSettings, key: ctrl(fyne.KeyComma), run: w.settings.Open, line: true},
		{phrase: textProtect, run: w.settings.OpenProtection},
		{phrase: textQuit, key: ctrl(fyne.KeyQ), run: w.quit, line: true, quits: true},
	}
}

// tenantCommands act on the chosen tenant.
func (w *Window) tenantCommands() []command {
	p := w.panel
	return []command{
		press(textLogOnNowCommand, ctrl(fyne.KeyL), p.LogOn),
		check(textActiveCommand, nil, &p.Active.Check.Check),
		{phrase: textSignInAgainCommand, key: ctrlShift(fyne.KeyI), run: func() { w.signIn.Start(signin.Again(p.Shown())) }, reason: w.signInBarred},
		press(textCheckCommand, ctrl(fyne.KeyD), p.Check),
		{phrase: textCopyTenantCommand, key: ctrlShift(fyne.KeyC), run: p.CopyFacts},
		after(press(textCreateAsLoginUser, ctrl(fyne.Key1), w.companies.CreateButton(tenant.LoginUser))),
		{phrase: textCreateAsSystemUser, key: ctrl(fyne.Key2), run: w.companies.CreateButton(tenant.SystemUser).Press, reason: w.systemUserBarred},
		{phrase: textSignOutCommand, run: p.SignOut, line: true, reason: p.SignOutReason},
		{phrase: textRemoveCommand, run: p.Remove, reason: p.RemoveReason},
	}
}

func (w *Window) pollerCommands() []command {
	return []command{
		check(textPollCommand, ctrl(fyne.KeyP), &w.bar.Poll.Check.Check),
		check(textDemonstrationCommand, nil, &w.bar.Demo.Check.Check),
		{phrase: textTakeOverCommand, run: w.poller.TakeOver.Press, line: true, reason: func() string {
			if !w.poller.TakeOver.Visible() {
				return textNothingToTakeOver.String()
			}
			return reasonOf(w.poller.TakeOver)
		}},
	}
}

func (w *Window) logCommands() []command {
	return []command{
		{phrase: textFindInLog, key: ctrl(fyne.KeyF), run: w.log.Find},
		press(textNextMatch, &desktop.CustomShortcut{KeyName: fyne.KeyF3}, w.log.NextButton()),
		press(textPreviousMatch, &desktop.CustomShortcut{KeyName: fyne.KeyF3, Modifier: fyne.KeyModifierShift}, w.log.PreviousButton()),
		press(textClearFilters, nil, w.log.ClearButton()),
		check(textFollowCommand, nil, &w.log.FollowCheck().Check.Check),
		after(press(textCopyLinesCommand, nil, w.log.CopyButton())),
		press(textExportCommand, ctrl(fyne.KeyE), w.log.ExportButton()),
	}
}

func (w *Window) viewCommands() []command {
	return []command{
		{phrase: textFilterTenantsCommand, key: ctrl(fyne.KeyT), run: func() { w.Canvas().Focus(w.tenants.Filter) }},
		{phrase: textNextRegion, key: ctrl(fyne.KeyTab), run: func() { w.cycle(1) }, line: true},
		{phrase: textPreviousRegion, key: ctrlShift(fyne.KeyTab), run: func() { w.cycle(-1) }},
		{phrase: textShowSteps, run: w.toggleSteps, checked: w.strip.Root.Visible, line: true},
	}
}

func ctrl(key fyne.KeyName) *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
}

func ctrlShift(key fyne.KeyName) *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}
}

// regions are the stops of F6, from the top of the window to its foot.
func (w *Window) regions() []region {
	return []region{
		{w.bar.Root, func() fyne.Focusable {
			if w.bar.SignIn.Disabled() {
				return w.bar.Chooser
			}
			return w.bar.SignIn
		}},
		{w.tenants.Root, func() fyne.Focusable { return w.tenants.Table }},
		{w.panel.Root(), w.panel.First},
		{w.log.Root, func() fyne.Focusable { return w.log.Filter }},
	}
}

// systemUserBarred says why no company can be created as the system user, "" where one can. The button's tool tip
// says more than a menu has room for.
func (w *Window) systemUserBarred() string {
	if t, there := w.scene.tenant(w.selected); there && !t.HasSystemUser() {
		return textNoSystemUserToken.String()
	}
	return reasonOf(w.companies.CreateButton(tenant.SystemUser))
}

// reasonOf is why a button cannot be pressed; "" where it can.
func reasonOf(b *kit.Button) string {
	if b.Disabled() {
		return b.ToolTip()
	}
	return ""
}
