package workbench_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"log/slog"
	"math/big"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/probe"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// ward is all that a diagnosis looks at, and all is well in it until a test changes something.
type ward struct {
	workbench.Store
	registrations map[string]tenant.Registration
	tenant        tenant.Tenant
	visit         tenant.Visit
	activated     int

	workbench.SuperID
	discovery   superid.Discovery
	discovering error
	keys        superid.Keys
	keysErr     error
	proof       superid.ClientProof

	workbench.Keeper
	status    online.Status
	calls     []error // what the n-th call with the kept ticket comes to before the tenant is asked; then nil
	exchanges int

	workbench.Contacts
	principal  tenant.Principal
	contactErr error
	contacts   int

	route    probe.Route
	tls      probe.TLS
	silent   bool // name resolution never answers
	mu       sync.Mutex
	resolved []string
	shaken   []string

	now time.Time
	due int
	log bytes.Buffer
}

// appKey is made once, as keys take long to make.
var appKey = sync.OnceValue(func() workbench.WrittenKey {
	key, err := workbench.GenerateKey(2048, workbench.KeyPEM)
	if err != nil {
		panic(err)
	}
	return key
})

func newWard(t *testing.T) (*ward, *workbench.Workbench) {
	t.Helper()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	v := &ward{now: now,
		registrations: map[string]tenant.Registration{"app": {Name: "app", Environment: tenant.Development, Base: "https://sod.superoffice.com",
			ClientID: strings.Repeat("0a", 16), ClientSecret: secret.New("canary-secret"), PrivateKey: appKey().Private, RedirectURI: tenant.DefaultRedirectURI}},
		tenant:    tenant.Tenant{Key: key, SystemUserToken: secret.New("App-canary1234"), Active: true},
		discovery: superid.Discovery{Issuer: "https://sod.superoffice.com", Timed: true},
		keys:      superid.Keys{IDs: []string{"16B7FB8C"}},
		proof:     superid.ClientProof{Proven: true},
		status:    online.Status{State: tenant.StateRunning, Running: true, API: "https://online2.superoffice.com/Cust1/api", Version: "11"},
		principal: tenant.Principal{Associate: "SYS", UserType: "SystemAssociate", ContextID: "Cust1"},
		route:     probe.Route{Host: "sod.superoffice.com", Addresses: []string{"192.0.2.1"}},
		tls:       probe.TLS{Version: "TLS 1.3", Subject: "*.superoffice.com", Issuer: "An authority", Until: now.Add(90 * 24 * time.Hour)},
	}
	w := workbench.New(workbench.Options{Store: v, SuperID: v, Keeper: v, Contacts: v, Principals: v, Network: v,
		Log: slog.New(slog.NewJSONHandler(&v.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now: func() time.Time { return v.now }, Due: func() { v.due++ }})
	return v, w
}

func (v *ward) Registration(_ context.Context, name string) (tenant.Registration, error) {
	reg, found := v.registrations[name]
	if !found {
		return reg, tenant.ErrNotFound
	}
	return reg, nil
}

func (v *ward) Tenant(_ context.Context, k tenant.Key) (tenant.Tenant, error) {
	if k != v.tenant.Key {
		return tenant.Tenant{}, tenant.ErrNotFound
	}
	return v.tenant, nil
}

func (v *ward) Settings(context.Context) (tenant.Settings, error) {
	return tenant.Settings{Registration: "app"}, nil
}

func (v *ward) Snapshot(context.Context) (tenant.Snapshot, error) {
	return tenant.Snapshot{Tenants: []tenant.Tenant{v.tenant}, Visits: map[tenant.Key]tenant.Visit{key: v.visit}}, nil
}

func (v *ward) SetActive(_ context.Context, _ tenant.Key, active bool) error {
	if active {
		v.activated++
	}
	return nil
}

func (v *ward) Discover(_ context.Context, reg tenant.Registration) (superid.Discovery, error) {
	d := v.discovery
	if d.Issuer != "" {
		d.Issuer = reg.Base
	}
	return d, v.discovering
}

func (v *ward) Keys(_ context.Context, reg tenant.Registration) (superid.Keys, error) {
	keys := v.keys
	keys.IDs = slices.Clone(keys.IDs)
	if reg.Environment == tenant.Production {
		keys.IDs = []string{"production's"}
	}
	if reg.Certificate != "" && keys.Pinned == nil {
		c, err := superid.ParseCertificate([]byte(reg.Certificate))
		if err != nil {
			return superid.Keys{}, err
		}
		keys.Pinned = &c
	}
	return keys, v.keysErr
}

func (v *ward) CheckClient(context.Context, tenant.Registration) (superid.ClientProof, error) {
	return v.proof, nil
}

func (v *ward) Running(context.Context, keeper.Subject) (online.Status, error) { return v.status, nil }

func (v *ward) Call(ctx context.Context, _ keeper.Subject, as tenant.Actor, o keeper.CallOptions, do func(context.Context, online.Call) error) error {
	if as != tenant.SystemUser || !o.Kept {
		panic("a diagnosis calls with the kept ticket only")
	}
	if len(v.calls) > 0 {
		var err error
		if err, v.calls = v.calls[0], v.calls[1:]; err != nil {
			return err
		}
	}
	return do(ctx, online.Call{})
}

func (v *ward) Exchange(context.Context, keeper.Subject) (superid.Exchanged, error) {
	v.exchanges++
	return superid.Exchanged{Checks: []superid.Check{{Name: "signature"}}}, nil
}

func (v *ward) Principal(context.Context, online.Call) (tenant.Principal, error) {
	v.now = v.now.Add(30 * time.Millisecond)
	return v.principal, nil
}

func (v *ward) NewContact(context.Context, online.Call, string) ([]byte, error) {
	v.contacts++
	return []byte("{}"), v.contactErr
}

func (v *ward) Resolve(ctx context.Context, address string) (probe.Route, error) {
	if v.silent {
		<-ctx.Done()
		return probe.Route{}, &tenant.Problem{Op: "resolve", Err: ctx.Err(), Explanation: tenant.Explain(ctx.Err())}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.resolved = append(v.resolved, address)
	return v.route, nil
}

func (v *ward) Handshake(_ context.Context, address string) (probe.TLS, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.shaken = append(v.shaken, address)
	return v.tls, nil
}

// certificatePEM is a certificate that ends at that time, as SuperOffice hands them out: signed by itself.
func certificatePEM(t *testing.T, ends time.Time) string {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Federated Login"}, NotBefore: ends.AddDate(-10, 0, 0), NotAfter: ends}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	c, err := superid.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c.PEM
}
