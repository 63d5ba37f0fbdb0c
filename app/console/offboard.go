package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"partnerdesk/app"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

type removeTenant struct {
	oneTenant
	Offline bool   `help:"Go on where SuperOffice cannot be reached: the tenant is then deleted from this computer all the same, and the receipt says what was not ended."`
	Receipt string `placeholder:"F" help:"Also write the receipt to this new file (as JSON with --json). A file that is there is never overwritten."`
}

// Run offboards a tenant and prints the receipt. After a failure it is printed too where something was ended
// meanwhile, and always with --json.
func (c *removeTenant) Run(ctx context.Context, s *session) error {
	return s.with(ctx, func(a *app.App) error {
		t, err := c.find(ctx, s, a)
		if err != nil {
			return err
		}
		s.out.note("%s", offboardNotice(t))
		if !s.confirm(fmt.Sprintf("Remove %s (%s), in %s?", t.ContextID, plain(t.CompanyName), t.Environment.Label())) {
			return context.Canceled
		}
		file, err := reserve(c.Receipt)
		if err != nil {
			return err
		}
		receipt, failed := a.Workbench.Offboard(ctx, workbench.OffboardRequest{Key: t.Key, Offline: c.Offline})
		var printed error
		if receipt.Wiped || s.out.json || !receipt.LoginAskedAt.IsZero() {
			printed = s.out.value(receipt, func(w io.Writer) { fmt.Fprint(w, receipt.Text()) })
		}
		return errors.Join(failed, printed, file.keep(receipt, s.out.json))
	})
}

// find finds the tenant, and has the sandbox served for one of its own.
func (c *removeTenant) find(ctx context.Context, s *session, a *app.App) (workbench.TenantView, error) {
	t, err := s.removable(ctx, a, c.ContextID)
	if err != nil || t.Environment != tenant.Sandbox {
		return t, err
	}
	err = a.Sandbox.Ensure(ctx)
	if err != nil && c.Offline && ctx.Err() == nil {
		s.out.warn(err)
		err = nil
	}
	return t, err
}

// offboardNotice says beforehand what will happen.
func offboardNotice(t workbench.TenantView) string {
	text := "SuperOffice is asked to end the login's tokens"
	if t.HasSystemUser() {
		text += ", and by one exchange whether the system user token still works"
	}
	return text + ". Then the tenant is deleted from this computer.\n" +
		"Only the customer's administrator can withdraw the approval of the app, in SuperOffice, where the customer manages its apps.\n"
}

// receiptFile is a new file that waits for a receipt. It is nil where none was asked for.
type receiptFile struct{ *os.File }

// reserve makes the file before anything is ended, so that the receipt has its place for certain.
func reserve(name string) (*receiptFile, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, privateMode)
	if err != nil {
		return nil, unwritable(name, err)
	}
	return &receiptFile{f}, nil
}

// keep writes the receipt into its file, and takes the file away again where nothing was deleted.
func (f *receiptFile) keep(r workbench.Receipt, asJSON bool) error {
	switch {
	case f == nil:
		return nil
	case !r.Wiped:
		return errors.Join(f.Close(), os.Remove(f.Name()))
	}
	text := []byte(r.Text())
	if asJSON {
		var err error
		if text, err = json.MarshalIndent(r, "", "  "); err != nil {
			return errors.Join(fmt.Errorf("write the receipt: %w", err), f.Close())
		}
		text = append(text, '\n')
	}
	_, err := f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return unwritable(f.Name(), err)
	}
	return nil
}
