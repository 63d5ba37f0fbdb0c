package workbench

import (
	"time"

	"partnerdesk/core/superid"
)

// CertificateView is a certificate, pinned or about to be, as far as a person compares it.
type CertificateView struct {
	// Thumbprint is the SHA-1 in upper-case hexadecimal, the name by which tokens call it (kid).
	Thumbprint string `json:"thumbprint"`
	// Fingerprint is the SHA-256 in hexadecimal.
	Fingerprint string `json:"sha256"`
	// Subject is whom it names, as in RFC 2253: nobody vouches for it.
	Subject   string    `json:"subject"`
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
	// Warning is there for a certificate outside its dates, which validates all the same.
	Warning string `json:"warning,omitempty"`
}

// CheckCertificate reads a certificate as a file holds it (PEM or DER), and says whose it is and how it looks
// at that time, or why it cannot be pinned.
func CheckCertificate(file []byte, now time.Time) (CertificateView, error) {
	c, err := superid.ParseCertificate(file)
	if err != nil {
		return CertificateView{}, err
	}
	return CertificateView{
		Thumbprint: c.Thumbprint, Fingerprint: c.Fingerprint, Subject: c.Subject,
		NotBefore: c.NotBefore, NotAfter: c.NotAfter, Warning: c.Warning(now),
	}, nil
}
