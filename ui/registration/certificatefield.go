package registration

import (
	"time"

	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
	"partnerdesk/ui/kit"
)

// certificateField takes the certificate that is pinned in the place of the key set.
type certificateField struct {
	*fileField
	file string // as it was read, PEM or DER
	// stored is the one that an edited registration has, nil where there is none; keep is true while it stays.
	stored *workbench.CertificateView
	keep   bool

	now      func() time.Time
	onRefuse func(kit.NoticeView)
	onChange func()
}

func newCertificateField(now func() time.Time, choose func()) *certificateField {
	c := &certificateField{now: now}
	c.fileField = newFileField(textNoCertificate.String(), kit.NewButton(textChooseFile.String(), nil, "", choose))
	c.remove.OnTapped = c.clear
	return c
}

// keepStored shows the certificate that an edited registration has, and keeps it.
func (c *certificateField) keepStored(stored *workbench.CertificateView) {
	c.stored, c.keep = stored, true
	view := certificateVerdict(*stored, c.now().Location())
	view.State = textCertificateKept.With(stored.Subject)
	c.show(view)
}

// clear takes the certificate away. What was stored before comes back first, and is taken away after that.
func (c *certificateField) clear() {
	back := c.stored != nil && !c.keep
	c.file, c.keep = "", false
	c.show(fileView{})
	if back {
		c.keepStored(c.stored)
	}
	c.onRefuse(kit.NoticeView{})
	c.onChange()
}

// take keeps a certificate, if it is one that can be pinned.
func (c *certificateField) take(file string) {
	view, err := workbench.CheckCertificate([]byte(file), c.now())
	if err != nil {
		c.onRefuse(kit.Explain(tenant.Explain(err)))
		return
	}
	c.file, c.keep = file, false
	c.show(certificateVerdict(view, c.now().Location()))
	c.onRefuse(kit.NoticeView{})
	c.onChange()
}
