package app_test

import (
	"net"
	"slices"
	"strings"
	"testing"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// candidateOf is the sandbox's app as somebody would enter it who knows the sandbox by its address only.
func candidateOf(t *testing.T, r *rig) workbench.RegistrationDraft {
	t.Helper()
	reg, err := r.host.Store.Registration(t.Context(), tenant.SandboxName)
	if err != nil {
		t.Fatal(err)
	}
	reg.Name, reg.Environment = "candidate", tenant.Custom
	return workbench.RegistrationDraft{Registration: reg}
}

// deadAddress is one on loopback at which nothing listens.
func deadAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return "http://" + l.Addr().String()
}

func TestACandidateIsCheckedBeforeItIsStored(t *testing.T) {
	r := newRig(t)
	good, dead := candidateOf(t, r), deadAddress(t)
	for name, row := range map[string]struct {
		change func(*workbench.RegistrationDraft)
		step   workbench.DiagnosisStep
		cause  tenant.Cause
	}{
		"as the portal has it": {func(*workbench.RegistrationDraft) {}, "", ""},
		"without a key":        {func(d *workbench.RegistrationDraft) { d.PrivateKey = secret.Text{} }, "", ""},
		"another secret": {func(d *workbench.RegistrationDraft) { d.ClientSecret = secret.New("canary0123456789canary0123456789") },
			workbench.DiagnoseClient, tenant.CauseClientRefused},
		"another client id": {func(d *workbench.RegistrationDraft) { d.ClientID = strings.Repeat("0", 32) }, workbench.DiagnoseClient, tenant.CauseClientRefused},
		"a damaged key":     {func(d *workbench.RegistrationDraft) { d.PrivateKey = secret.New("canary no key") }, workbench.DiagnoseKeyPair, tenant.CauseKeyUnusable},
		"nobody there":      {func(d *workbench.RegistrationDraft) { d.Base = dead }, workbench.DiagnoseMetadata, tenant.CauseUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			before, err := r.host.Workbench.Pulse(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			draft := good
			row.change(&draft)
			var told []workbench.DiagnosisStep
			d, err := r.host.Workbench.Diagnose(t.Context(), workbench.DiagnoseRequest{Candidate: &draft,
				Progress: func(s workbench.DiagnosedStep) { told = append(told, s.Name) }})
			if err != nil || d.Registration != "candidate" || d.Environment != tenant.Custom || d.ContextID != "" || len(told) != len(d.Steps) {
				t.Fatalf("%d steps, %d told, %v", len(d.Steps), len(told), err)
			}
			last := d.Steps[len(d.Steps)-1]
			switch {
			case row.step == "" && (!d.OK || len(d.Steps) != len(workbench.RegistrationSteps())):
				t.Errorf("not well: %s: %s", last.Name, last.Detail)
			case row.step != "" && (d.OK || last.Name != row.step || d.Cause == nil || d.Cause.Cause != row.cause):
				t.Errorf("%s is %s: %+v", last.Name, last.Result, d.Cause)
			}
			if after, err := r.host.Workbench.Pulse(t.Context()); err != nil || after != before {
				t.Errorf("the check has changed the store: revision %d, and before %d (%v)", after.Revision, before.Revision, err)
			}
		})
	}
	if exchanges, saves := r.traces(t); exchanges != 0 || saves != 0 {
		t.Errorf("%d exchanges, %d companies", exchanges, saves)
	}
}

func TestARegistrationIsChangedWithoutItsSecrets(t *testing.T) {
	r := newRig(t)
	draft := candidateOf(t, r)
	desk := r.host.Workbench
	if err := desk.SaveRegistration(t.Context(), draft); err != nil {
		t.Fatal(err)
	}
	if err := desk.SaveRegistration(t.Context(), draft); tenant.Explain(err).Cause != tenant.CauseInput || !strings.Contains(tenant.Explain(err).Why, "already") {
		t.Errorf("a second one of the same name: %v", err)
	}
	edited := draft
	edited.ClientSecret, edited.PrivateKey = secret.Text{}, secret.Text{}
	edited.RedirectURI = "http://127.0.0.1:4000/callback"
	edited.Replaces, edited.KeepSecret, edited.KeepKey, edited.KeepCertificate = true, true, true, true
	d, err := desk.Diagnose(t.Context(), workbench.DiagnoseRequest{Candidate: &edited})
	if err != nil || !d.OK || slices.ContainsFunc(d.Steps, func(s workbench.DiagnosedStep) bool {
		return s.Result == workbench.StepSkipped && (s.Name == workbench.DiagnoseClient || s.Name == workbench.DiagnoseKeyPair)
	}) {
		t.Errorf("what is kept is not checked: %+v, %v", d.Cause, err)
	}
	if err := desk.SaveRegistration(t.Context(), edited); err != nil {
		t.Fatal(err)
	}
	stored, err := r.host.Store.Registration(t.Context(), "candidate")
	if err != nil || !stored.ClientSecret.Equal(draft.ClientSecret) || stored.PrivateKey.Empty() || stored.RedirectURI != edited.RedirectURI {
		t.Errorf("stored is secret %s, key %s, %s (%v)", stored.ClientSecret.Fingerprint(), stored.PrivateKey.Fingerprint(), stored.RedirectURI, err)
	}
	edited.KeepKey = false
	if err := desk.SaveRegistration(t.Context(), edited); err != nil {
		t.Fatal(err)
	}
	if stored, err = r.host.Store.Registration(t.Context(), "candidate"); err != nil || !stored.PrivateKey.Empty() || stored.ClientSecret.Empty() {
		t.Errorf("the key that was taken away is still there (%v)", err)
	}
	edited.Name = "nobody"
	for what, err := range map[string]error{"saved": desk.SaveRegistration(t.Context(), edited), "checked": func() error {
		_, err := desk.Diagnose(t.Context(), workbench.DiagnoseRequest{Candidate: &edited})
		return err
	}()} {
		if tenant.Explain(err).Cause != tenant.CauseNotThere {
			t.Errorf("%s, with nothing to replace: %v", what, err)
		}
	}
}
