package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"partnerdesk/app"
	"partnerdesk/core/journal"
	"partnerdesk/core/tenant"
)

type recoverCommand struct {
	List   bool   `xor:"what" help:"Only show the backups, and what is wrong with each."`
	Backup string `xor:"what" placeholder:"NAME" help:"The backup to take, in the place of the newest good one."`
	Yes    bool   `help:"Do not ask. Needed where nobody can answer, as in a script."`
}

// Run puts a backup in the place of the data file. It opens nothing before, so it works where the file does
// not open.
func (c *recoverCommand) Run(ctx context.Context, s *session) error {
	o := app.Options{Program: program, Data: s.data, Passphrase: s.passphrase()}
	backups, err := backupViews(ctx, o)
	if err != nil {
		return err
	}
	if c.List {
		return s.out.value(backups, func(w io.Writer) { writeBackups(w, backups) })
	}
	if !c.Yes {
		if s.out.json || !isTerminal(s.stdin) {
			return wrongUse(errors.New("nobody can be asked here: add --yes to put a backup in the place of the data file"))
		}
		if !s.confirm(c.question(backups)) {
			return context.Canceled
		}
	}
	done, err := app.Recover(ctx, o, c.Backup)
	if done.Backup.Name == "" {
		return err
	}
	report := recoveryView{Recovered: done.Backup.Name, At: done.Backup.At, Aside: done.Aside}
	return errors.Join(s.out.value(report, report.write), err)
}

func (c *recoverCommand) question(backups []backupView) string {
	for _, b := range backups {
		if (c.Backup == "" && b.Good) || b.Name == c.Backup {
			return fmt.Sprintf("Put the backup of %s in the place of the data file? What was changed since then is lost. The file is kept aside.", at(b.At))
		}
	}
	return "Put a backup in the place of the data file? What was changed since then is lost. The file is kept aside."
}

// backupView is a backup as it is printed.
type backupView struct {
	Name string    `json:"name"`
	Kind string    `json:"kind"`
	At   time.Time `json:"at"`
	Size int64     `json:"bytes"`
	Good bool      `json:"good"`
	// Problem says why it cannot be used.
	Problem *tenant.Explanation `json:"problem,omitempty"`
}

func backupViews(ctx context.Context, o app.Options) ([]backupView, error) {
	backups, err := app.Backups(ctx, o)
	if err != nil {
		return nil, err
	}
	views := []backupView{}
	for _, b := range backups {
		v := backupView{Name: b.Name, Kind: string(b.Kind), At: b.At, Size: b.Size, Good: b.Problem == nil}
		if b.Problem != nil {
			e := tenant.Explain(b.Problem)
			e.Why = journal.Redact(e.Why)
			v.Problem = &e
		}
		views = append(views, v)
	}
	return views, nil
}

func writeBackups(w io.Writer, backups []backupView) {
	if len(backups) == 0 {
		fmt.Fprintln(w, "There are no backups.")
		return
	}
	fmt.Fprintln(w, "TIME\tKIND\tGOOD\tNAME\tPROBLEM")
	for _, b := range backups {
		trouble := ""
		if b.Problem != nil {
			trouble = b.Problem.What + " " + b.Problem.Why
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", at(b.At), b.Kind, yesNo(b.Good), plain(b.Name), plain(trouble))
	}
}

// recoveryView is a recovery as it is printed.
type recoveryView struct {
	Recovered string    `json:"recovered"`
	At        time.Time `json:"at"`
	Aside     string    `json:"aside,omitempty"`
}

func (r recoveryView) write(w io.Writer) {
	fmt.Fprintf(w, "Recovered:\t%s\n", plain(r.Recovered))
	fmt.Fprintf(w, "Lost:\twhat was changed since %s\n", at(r.At))
	aside := r.Aside
	if aside == "" {
		aside = "nothing; the file was gone"
	}
	fmt.Fprintf(w, "Kept aside:\t%s\n", plain(aside))
}
