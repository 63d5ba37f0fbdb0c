package storage

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// breakRecord flips a bit in a record, as a disk or a person without the key could.
func breakRecord(t *testing.T, s *Store, bucket, key string) {
	t.Helper()
	tamper(t, s, func(tx *bolt.Tx) error {
		value := append([]byte(nil), tx.Bucket([]byte(bucket)).Get([]byte(key))...)
		if len(value) == 0 {
			t.Fatalf("there is no record in %s", bucket)
		}
		value[len(value)-2] ^= 1
		return tx.Bucket([]byte(bucket)).Put([]byte(key), value)
	})
}

// One record that cannot be trusted takes none of the others from sight, is named, and can be got rid of.
func TestADamagedRecordIsNamedAndTheOthersStay(t *testing.T) {
	first := tenant.Key{Registration: "Stage app", ContextID: "Cust1"}
	for bucket, want := range map[string]tenant.Damaged{
		bucketRegistrations: {Record: "registration", Key: tenant.Key{Registration: "Other app"}},
		bucketTenants:       {Record: "tenant", Key: first},
		bucketTickets:       {Record: "ticket", Key: first},
		bucketVisits:        {Record: "visit", Key: first},
		bucketExchanges:     {Record: "count of exchanges", Key: first},
		bucketSettings:      {Record: "settings"},
	} {
		t.Run(bucket, func(t *testing.T) {
			ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
			fill(t, s)
			must(t, s.SaveRegistration(ctx, exampleRegistration("Other app")))
			customer, login := exampleTenant("Stage app", "Cust2")
			_, err := s.SaveSignIn(ctx, customer, login)
			must(t, err)
			key := recordKey(want.Key)
			switch bucket {
			case bucketRegistrations:
				key = "Other app"
			case bucketSettings:
				key = onlyKey
			}
			breakRecord(t, s, bucket, key)

			shot, err := s.Snapshot(ctx)
			must(t, err)
			if !cmp.Equal(shot.Damaged, []tenant.Damaged{want}) {
				t.Errorf("damaged: %v", shot.Damaged)
			}
			missing := map[string]int{bucket: 1}
			if len(shot.Tenants) != 2-missing[bucketTenants] || len(shot.Registrations) != 2-missing[bucketRegistrations] {
				t.Errorf("%d tenants, %d registrations", len(shot.Tenants), len(shot.Registrations))
			}
			if _, err := s.Tenants(ctx); err != nil {
				t.Errorf("list tenants: %v", err)
			}
			if _, err := s.Visits(ctx); err != nil {
				t.Errorf("list visits: %v", err)
			}
			if _, err := s.Registrations(ctx); err != nil {
				t.Errorf("list registrations: %v", err)
			}
			must(t, s.RemoveTenant(ctx, first))
			must(t, s.RemoveRegistration(ctx, "Other app"))
			must(t, s.UpdateSettings(ctx, func(c *tenant.Settings) error { c.Registration = "Stage app"; return nil }))
			if shot, err = s.Snapshot(ctx); err != nil || len(shot.Damaged) != 0 {
				t.Errorf("after the way on: %v, %v", shot.Damaged, err)
			}
		})
	}
}

// What the programs make anew all the time replaces what cannot be trusted: the poller must not stop at it.
func TestWhatThePollerMakesAnewHealsByItself(t *testing.T) {
	ctx, s := t.Context(), openTest(t, t.TempDir(), newMemoryKeyring())
	key := fill(t, s)
	owner := tenant.Owner{Program: "console", Host: roleHost, PID: 1, Started: time.Unix(0, 0)}
	_, _, err := s.TakeLease(ctx, owner, time.Hour)
	must(t, err)
	for bucket, k := range map[string]string{bucketVisits: recordKey(key), bucketExchanges: recordKey(key), bucketTickets: recordKey(key), bucketLease: onlyKey} {
		breakRecord(t, s, bucket, k)
	}
	if _, err := s.Ticket(ctx, key); !errors.Is(err, tenant.ErrNotFound) {
		t.Errorf("a damaged ticket is no reason for an exchange: %v", err)
	}
	must(t, failure(s.SaveTicket(ctx, tenant.Ticket{Key: key, Text: secret.New("canary-ticket")})))
	must(t, s.SaveVisits(ctx, []tenant.Visit{{Key: key, State: tenant.StateRunning}}))
	if _, taken, err := s.TakeLease(ctx, owner, time.Hour); err != nil || !taken {
		t.Errorf("take lease: %v, %v", taken, err)
	}
	shot, err := s.Snapshot(ctx)
	must(t, err)
	if len(shot.Damaged) != 0 || shot.Visits[key].State != tenant.StateRunning {
		t.Errorf("damaged: %v", shot.Damaged)
	}
	// What only a person has is not made up.
	breakRecord(t, s, bucketLogins, recordKey(key))
	if _, err := s.Login(ctx, key); !errors.Is(err, ErrDamaged) {
		t.Errorf("a damaged login: %v", err)
	}
}

// TestOnlyTheSandboxsDamagedRegistrationIsMadeAnew: the sandbox is stored at every start, and nobody could
// remove its registration; what somebody entered must not be overwritten by chance.
func TestOnlyTheSandboxsDamagedRegistrationIsMadeAnew(t *testing.T) {
	s := openTest(t, t.TempDir(), newMemoryKeyring())
	for name, environment := range map[string]tenant.Environment{"sandbox": tenant.Sandbox, "mine": tenant.Custom} {
		r := tenant.Registration{Name: name, Environment: environment, Base: "https://x.example", ClientID: strings.Repeat("0", 32)}
		if err := s.SaveRegistration(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		breakRecord(t, s, bucketRegistrations, name)
		if err := s.SaveRegistration(t.Context(), r); (err == nil) != (environment == tenant.Sandbox) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
