package storage

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
)

// deed is one operation of the writer that gets killed. Every value that it stores is made of its number, so
// that whoever knows the deeds knows what the store must hold.
type deed struct {
	Number int
	Do     string
	// Who are the context identifiers that it touches.
	Who []string `json:",omitempty"`
	// Backup is the name of the backup that it made, in the acknowledgement.
	Backup string `json:",omitempty"`
}

// The deeds of the writer, besides the protections, which are named as tenant.ProtectionKind names them.
const (
	doRegister = "register"
	doSignIn   = "sign in"
	doImport   = "import"
	doTicket   = "ticket"
	doRenew    = "renew"
	doVisits   = "visits"
	doRemove   = "remove"
	doSettings = "settings"
	doRotate   = "rotate"
	doBackUp   = "back up"
	doReopen   = "reopen"
)

const crashRegistration = "Stage app"

// ledger is what a store holds, as far as deeds change it.
type ledger struct {
	ClientSecret string
	Interval     time.Duration
	Kind         tenant.ProtectionKind
	Generation   int
	Tenants      map[string]entry
}

// entry is a tenant with all that hangs on it.
type entry struct {
	Token, Access, Refresh, Ticket, Visit string
	Exchanges                             int
}

func planted(what, who string, number int) string {
	return fmt.Sprintf("canary-%s-%s-%d", what, who, number)
}

// after returns the ledger as it is when the deed is done.
func (l ledger) after(d deed) ledger {
	l.Tenants = maps.Clone(l.Tenants)
	switch d.Do {
	case doRegister:
		l.ClientSecret = planted("client-secret", "", d.Number)
	case doSettings:
		l.Interval = time.Duration(d.Number) * time.Second
	case doRotate:
		l.Generation++
	case string(tenant.ByKeyring), string(tenant.ByKeyFile), string(tenant.ByPassphrase):
		l.Kind = tenant.ProtectionKind(d.Do)
	}
	for _, who := range d.Who {
		if d.Do == doRemove {
			delete(l.Tenants, who)
			continue
		}
		l.Tenants[who] = l.Tenants[who].after(d, who)
	}
	return l
}

func (e entry) after(d deed, who string) entry {
	switch d.Do {
	case doSignIn, doImport:
		e.Token, e.Ticket = planted("token", who, d.Number), ""
		e.Access, e.Refresh = planted("access", who, d.Number), planted("refresh", who, d.Number)
	case doRenew:
		e.Access, e.Refresh = planted("access", who, d.Number), planted("refresh", who, d.Number)
	case doTicket:
		e.Ticket = planted("ticket", who, d.Number)
		e.Exchanges++
	case doVisits:
		e.Visit = strconv.Itoa(d.Number)
	}
	return e
}

// readLedger reads a store in one transaction, and fails if a record cannot be trusted.
func readLedger(ctx context.Context, s *Store) (ledger, error) {
	l := ledger{Tenants: map[string]entry{}}
	err := s.view(ctx, "read everything", func(w *work) error {
		shot, err := readSnapshot(w)
		if err != nil {
			return err
		}
		loginOf, errLogins := logins.byTenant(w)
		ticketOf, errTickets := tickets.byTenant(w)
		if len(w.damaged) > 0 {
			return fmt.Errorf("damaged: %v", w.damaged)
		}
		for _, r := range shot.Registrations {
			l.ClientSecret = r.ClientSecret.Reveal()
		}
		p := w.record.describe()
		l.Interval, l.Kind, l.Generation = shot.Settings.PollInterval, p.Kind, p.Generation
		for _, customer := range shot.Tenants {
			l.Tenants[customer.ContextID] = entry{Token: customer.SystemUserToken.Reveal()}
		}
		// What hangs on a tenant that is gone shows too, as an entry without a token.
		for key, login := range loginOf {
			e := l.Tenants[key.ContextID]
			e.Access, e.Refresh = login.AccessToken.Reveal(), login.RefreshToken.Reveal()
			l.Tenants[key.ContextID] = e
		}
		for key, ticket := range ticketOf {
			e := l.Tenants[key.ContextID]
			e.Ticket = ticket.Text.Reveal()
			l.Tenants[key.ContextID] = e
		}
		for key, visit := range shot.Visits {
			e := l.Tenants[key.ContextID]
			e.Visit = visit.LogOnAs
			l.Tenants[key.ContextID] = e
		}
		for key, counted := range shot.Exchanges {
			e := l.Tenants[key.ContextID]
			for _, n := range counted.Counts {
				e.Exchanges += n
			}
			l.Tenants[key.ContextID] = e
		}
		return firstError(errLogins, errTickets)
	})
	return l, err
}

// who lists the tenants in a fixed order.
func (l ledger) who() []string { return slices.Sorted(maps.Keys(l.Tenants)) }

// choose picks what to do next.
func (l ledger) choose(r *rand.Rand, number int) deed {
	d := deed{Number: number}
	all := l.who()
	if l.ClientSecret == "" {
		d.Do = doRegister
		return d
	}
	if len(all) == 0 || len(all) < 150 && r.IntN(8) == 0 {
		d.Do = doImport
		for n := range 30 {
			d.Who = append(d.Who, fmt.Sprintf("Cust%d", 1000*number+n))
		}
		return d
	}
	one := []string{all[r.IntN(len(all))]}
	weighted := []deed{
		{Do: doSignIn, Who: one}, {Do: doSignIn, Who: []string{fmt.Sprintf("Cust%d", number)}},
		{Do: doTicket, Who: one}, {Do: doTicket, Who: one}, {Do: doRenew, Who: one}, {Do: doRenew, Who: one},
		{Do: doRemove, Who: one}, {Do: doRemove, Who: one}, {Do: doVisits, Who: all}, {Do: doVisits, Who: all},
		{Do: doRegister}, {Do: doSettings}, {Do: doBackUp}, {Do: doReopen}, {Do: doRotate},
		{Do: []string{string(tenant.ByKeyring), string(tenant.ByKeyFile), string(tenant.ByPassphrase)}[r.IntN(3)]},
	}
	d = weighted[r.IntN(len(weighted))]
	d.Number = number
	return d
}

// carryOut does to the store what after says of the ledger.
func (d deed) carryOut(ctx context.Context, s *Store, l ledger) (backup string, err error) {
	switch d.Do {
	case doRegister:
		r := exampleRegistration(crashRegistration)
		r.ClientSecret = secret.New(planted("client-secret", "", d.Number))
		return "", s.SaveRegistration(ctx, r)
	case doSettings:
		return "", s.UpdateSettings(ctx, func(s *tenant.Settings) error {
			s.PollInterval = time.Duration(d.Number) * time.Second
			return nil
		})
	case doRotate:
		return "", s.RotateDataKey(ctx)
	case doBackUp:
		made, err := s.BackupNow(ctx)
		return made.Name, err
	case doVisits:
		return "", s.SaveVisits(ctx, d.visits())
	case doImport:
		var all tenant.Portable
		for _, who := range d.Who {
			customer, login := d.signIn(who)
			all.Tenants = append(all.Tenants, tenant.PortableTenant{Tenant: customer, Login: &login})
		}
		_, err := s.Import(ctx, all, tenant.ImportOptions{Replace: true})
		return "", err
	case string(tenant.ByKeyring), string(tenant.ByKeyFile), string(tenant.ByPassphrase):
		return "", s.ChangeProtection(ctx, tenant.ProtectionKind(d.Do), canaryPassphrase)
	}
	return "", d.carryOutOn(ctx, s, d.Who[0], l)
}

// carryOutOn does what concerns one tenant.
func (d deed) carryOutOn(ctx context.Context, s *Store, who string, l ledger) error {
	customer, login := d.signIn(who)
	switch d.Do {
	case doSignIn:
		_, err := s.SaveSignIn(ctx, customer, login)
		return err
	case doTicket:
		return failure(s.SaveTicket(ctx, tenant.Ticket{Key: customer.Key, Text: secret.New(planted("ticket", who, d.Number)), UsedAt: time.Now()}))
	case doRenew:
		stored, err := s.RenewLogin(ctx, login, secret.New(l.Tenants[who].Refresh))
		if err == nil && !stored.RefreshToken.Equal(login.RefreshToken) {
			err = fmt.Errorf("another login is stored")
		}
		return err
	case doRemove:
		return s.RemoveTenant(ctx, customer.Key)
	}
	return fmt.Errorf("unknown deed %q", d.Do)
}

func (d deed) signIn(who string) (tenant.Tenant, tenant.Login) {
	customer, login := exampleTenant(crashRegistration, who)
	customer.SystemUserToken = secret.New(planted("token", who, d.Number))
	login.AccessToken, login.RefreshToken = secret.New(planted("access", who, d.Number)), secret.New(planted("refresh", who, d.Number))
	return customer, login
}

func (d deed) visits() []tenant.Visit {
	var all []tenant.Visit
	for _, who := range d.Who {
		v := exampleVisit(tenant.Key{Registration: crashRegistration, ContextID: who})
		v.LogOnAs, v.Trouble = strconv.Itoa(d.Number), nil
		all = append(all, v)
	}
	return all
}
