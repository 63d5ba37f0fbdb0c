package storage

import (
	"cmp"
	"context"

	"partnerdesk/core/tenant"
)

// Export reads all that can move to another data directory in one transaction, with its secrets.
func (s *Store) Export(ctx context.Context) (tenant.Portable, error) {
	var all tenant.Portable
	err := s.view(ctx, "export", func(w *work) (err error) {
		all, err = readPortable(w)
		return err
	})
	return all, err
}

func readPortable(w *work) (tenant.Portable, error) {
	var all tenant.Portable
	var errs [5]error
	var stored []tenant.Tenant
	var chosen tenant.Settings
	all.Registrations, errs[0] = registrations.list(w)
	stored, errs[1] = tenants.list(w)
	signedIn, err := logins.byTenant(w)
	errs[2] = err
	seen, err := visits.byTenant(w)
	errs[3] = err
	chosen, errs[4] = readSettings(w)
	if err := firstError(errs[:]...); err != nil {
		return tenant.Portable{}, err
	}
	all.Settings = &chosen
	for _, t := range stored {
		p := tenant.PortableTenant{Tenant: t, LogOnAt: seen[t.Key].LogOnAt}
		if l, found := signedIn[t.Key]; found {
			p.Login = &l
		}
		all.Tenants = append(all.Tenants, p)
	}
	return all, nil
}

// Import takes in what another data directory or program has exported, in one transaction: all of it, or
// nothing where an error is returned. What is stored already stays, unless o says to replace it; a tenant
// that is replaced keeps what the coming one does not know. A tenant needs its registration, which may come
// along, and is left out where that is another app than the one of the same name here.
func (s *Store) Import(ctx context.Context, all tenant.Portable, o tenant.ImportOptions) (tenant.ImportOutcomes, error) {
	var outcomes tenant.ImportOutcomes
	err := s.update(ctx, "import", func(w *work) error {
		i := importing{work: w, ImportOptions: o}
		if err := i.take(all); err != nil {
			return err
		}
		outcomes = i.outcomes
		if o.DryRun || !i.changed {
			return errUnchanged
		}
		return nil
	})
	return outcomes, err
}

// importing is one import on its way through a transaction.
type importing struct {
	*work
	tenant.ImportOptions
	outcomes tenant.ImportOutcomes
	// changed is true once something was written.
	changed bool
}

func (i *importing) take(all tenant.Portable) error {
	otherApps := map[string]bool{}
	for _, r := range all.Registrations {
		outcome, sameApp, err := i.registration(r)
		if err != nil {
			return err
		}
		otherApps[r.Name] = !sameApp
		i.outcomes.Registrations = append(i.outcomes.Registrations, i.note(outcome))
	}
	for _, t := range all.Tenants {
		outcome := tenant.ImportLeftOut
		if !otherApps[t.Registration] {
			var err error
			if outcome, err = i.tenant(t); err != nil {
				return err
			}
		}
		i.outcomes.Tenants = append(i.outcomes.Tenants, i.note(outcome))
	}
	if all.Settings == nil {
		return nil
	}
	outcome, err := i.settings(*all.Settings)
	i.outcomes.Settings = i.note(outcome)
	return err
}

func (i *importing) note(o tenant.ImportOutcome) tenant.ImportOutcome {
	i.changed = i.changed || o == tenant.ImportAdded || o == tenant.ImportReplaced
	return o
}

// registration also reports whether the registration that is stored in the end is the app that came.
func (i *importing) registration(r tenant.Registration) (outcome tenant.ImportOutcome, sameApp bool, err error) {
	if err := checkName("name", r.Name); err != nil {
		return "", false, err
	}
	stored, found, err := registrations.get(i.work, r.Name)
	switch {
	case err != nil:
		return "", false, err
	case !found:
		return tenant.ImportAdded, true, registrations.put(i.work, r.Name, r)
	case sameRegistration(stored, r):
		return tenant.ImportUnchanged, true, nil
	case !i.Replace:
		return tenant.ImportKept, stored.SameApp(r), nil
	}
	if err := mayReplace(i.work, stored, r); err != nil {
		return "", false, err
	}
	return tenant.ImportReplaced, true, registrations.put(i.work, r.Name, r)
}

func sameRegistration(a, b tenant.Registration) bool {
	return a.Environment == b.Environment && a.Base == b.Base && a.ClientID == b.ClientID && a.RedirectURI == b.RedirectURI &&
		cmp.Or(a.Exchange, tenant.REST) == cmp.Or(b.Exchange, tenant.REST) && a.Certificate == b.Certificate &&
		a.ClientSecret.Equal(b.ClientSecret) && a.PrivateKey.Equal(b.PrivateKey)
}

func (i *importing) tenant(t tenant.PortableTenant) (tenant.ImportOutcome, error) {
	if err := checkKey(t.Key); err != nil {
		return "", err
	}
	if found, err := registrations.has(i.work, t.Registration); err != nil || !found {
		return "", firstError(err, notFound(registrations.noun, t.Registration))
	}
	key := recordKey(t.Key)
	stored, found, err := tenants.get(i.work, key)
	if err != nil {
		return "", err
	}
	if !found {
		return tenant.ImportAdded, firstError(tenants.put(i.work, key, t.Tenant), i.login(t), i.logOn(t))
	}
	merged := merge(stored, t.Tenant)
	same, err := i.sameTenant(stored, merged, t.Login)
	switch {
	case err != nil:
		return "", err
	case same:
		return tenant.ImportUnchanged, nil
	case !i.Replace:
		return tenant.ImportKept, nil
	}
	if !merged.SystemUserToken.Equal(stored.SystemUserToken) {
		err = tickets.remove(i.work, key) // the old token bought it
	}
	return tenant.ImportReplaced, firstError(err, tenants.put(i.work, key, merged), i.login(t), forgiveVisit(i.work, t.Key))
}

// merge puts what comes in the place of what is stored, as far as it comes.
func merge(stored, t tenant.Tenant) tenant.Tenant {
	t.AddedAt = stored.AddedAt
	t.CompanyName = cmp.Or(t.CompanyName, stored.CompanyName)
	t.Serial = cmp.Or(t.Serial, stored.Serial)
	if t.SystemUserToken.Empty() {
		t.SystemUserToken = stored.SystemUserToken
	}
	if t.SignedInAt.IsZero() {
		t.SignedInAt, t.SignedInAs = stored.SignedInAt, stored.SignedInAs
	}
	return t
}

// sameTenant reports whether nothing would change. Of a login only the refresh token counts: the rest
// follows from it.
func (i *importing) sameTenant(a, b tenant.Tenant, l *tenant.Login) (bool, error) {
	if a.CompanyName != b.CompanyName || a.Serial != b.Serial || a.Active != b.Active || a.SignedInAs != b.SignedInAs ||
		!a.SignedInAt.Equal(b.SignedInAt) || !a.SystemUserToken.Equal(b.SystemUserToken) {
		return false, nil
	}
	if l == nil {
		return true, nil
	}
	stored, found, err := logins.get(i.work, recordKey(a.Key))
	return found && stored.RefreshToken.Equal(l.RefreshToken), err
}

func (i *importing) login(t tenant.PortableTenant) error {
	if t.Login == nil {
		return nil
	}
	l := *t.Login
	l.Key = t.Key
	return logins.put(i.work, recordKey(t.Key), l)
}

// logOn keeps the last log-on of a tenant that is new here.
func (i *importing) logOn(t tenant.PortableTenant) error {
	if t.LogOnAt.IsZero() {
		return nil
	}
	return visits.put(i.work, recordKey(t.Key), tenant.Visit{Key: t.Key, LogOnAt: t.LogOnAt})
}

// settings are taken where nobody has chosen yet. The registration that they name must be here.
func (i *importing) settings(s tenant.Settings) (tenant.ImportOutcome, error) {
	stored, err := readSettings(i.work)
	if err != nil {
		return "", err
	}
	found, err := registrations.has(i.work, s.Registration)
	if err != nil {
		return "", err
	}
	if !found {
		s.Registration = stored.Registration
	}
	switch {
	case s == stored:
		return tenant.ImportUnchanged, nil
	case stored == tenant.DefaultSettings():
		return tenant.ImportAdded, settings.put(i.work, onlyKey, s)
	case !i.Replace:
		return tenant.ImportKept, nil
	}
	return tenant.ImportReplaced, settings.put(i.work, onlyKey, s)
}

// CompleteTenant stores a tenant's name and serial number where they are not known yet: it came by an import
// that has neither, and an exchange has told them. It is nothing that a poller would plan by.
func (s *Store) CompleteTenant(ctx context.Context, key tenant.Key, companyName, serial string) error {
	return s.updateTogether(ctx, "complete tenant", func(w *work) error {
		t, err := tenants.need(w, recordKey(key))
		if err != nil {
			return err
		}
		if t.Serial != "" {
			return errUnchanged
		}
		t.CompanyName, t.Serial = cmp.Or(t.CompanyName, companyName), serial
		return tenants.quietly().put(w, recordKey(key), t)
	})
}
