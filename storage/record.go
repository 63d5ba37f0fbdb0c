package storage

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	bolt "go.etcd.io/bbolt"

	"partnerdesk/core/tenant"
)

// The buckets.
const (
	bucketMeta          = "meta"
	bucketRegistrations = "registrations"
	bucketTenants       = "tenants"
	bucketLogins        = "logins"
	bucketTickets       = "tickets"
	bucketVisits        = "visits"
	bucketSettings      = "settings"
	bucketLease         = "lease"
	bucketExchanges     = "exchanges"
	bucketLeftovers     = "leftovers"
	bucketTicks         = "ticks"
	bucketValidations   = "validations"
	bucketHistories     = "histories"
	bucketCompanies     = "companies"
)

// onlyKey is the key in a bucket that holds a single record.
const onlyKey = "only"

// table is a bucket of records of type R, each of which is a value of type V at rest. The tenant types
// are never written themselves: their secrets print as a mask, and their fields are free to be renamed.
type table[V, R any] struct {
	bucket string
	// noun names one record for people.
	noun string
	// planned marks what the poller plans by: a change of it changes the roster's revision.
	planned bool
	pack    func(V, *box) R
	unpack  func(R, *box) V
}

func (t table[V, R]) in(w *work) (*bolt.Bucket, error) {
	b := w.tx.Bucket([]byte(t.bucket))
	if b == nil {
		return nil, damagedProblem(w.tx.DB().Path(), fmt.Errorf("the bucket %q is missing", t.bucket))
	}
	return b, nil
}

// get returns the value, and false if there is none.
func (t table[V, R]) get(w *work, key string) (V, bool, error) {
	var none V
	b, err := t.in(w)
	if err != nil {
		return none, false, err
	}
	stored := b.Get([]byte(key))
	if stored == nil {
		return none, false, nil
	}
	v, err := t.decode(w, key, stored)
	return v, err == nil, err
}

// need returns the value, and a problem that is tenant.ErrNotFound if there is none.
func (t table[V, R]) need(w *work, key string) (V, error) {
	v, found, err := t.get(w, key)
	if err == nil && !found {
		err = notFound(t.noun, readable(key))
	}
	return v, err
}

// orNone is get for a record that the programs make anew all the time: one that cannot be trusted counts as
// none, and so gets replaced by one that can.
func (t table[V, R]) orNone(w *work, key string) (V, error) {
	v, _, err := t.get(w, key)
	if errors.Is(err, ErrDamaged) {
		err = nil
	}
	return v, err
}

func (t table[V, R]) has(w *work, key string) (bool, error) {
	b, err := t.in(w)
	return err == nil && b.Get([]byte(key)) != nil, err
}

func (t table[V, R]) put(w *work, key string, v V) error {
	b, err := t.in(w)
	if err != nil {
		return err
	}
	x := w.box(t.bucket, key)
	record, err := json.Marshal(t.pack(v, x))
	if err != nil {
		return fmt.Errorf("encode %s %q: %w", t.noun, readable(key), err)
	}
	if err := b.Put([]byte(key), x.pack(record)); err != nil {
		return fmt.Errorf("write %s %q: %w", t.noun, readable(key), err)
	}
	return t.changed(w)
}

// remove deletes without decoding, so that a damaged record can be got rid of.
func (t table[V, R]) remove(w *work, key string) error {
	b, err := t.in(w)
	if err != nil {
		return err
	}
	if err := b.Delete([]byte(key)); err != nil {
		return fmt.Errorf("remove %s %q: %w", t.noun, readable(key), err)
	}
	return t.changed(w)
}

// quietly is the table for changes that leave the roster's revision as it is.
func (t table[V, R]) quietly() table[V, R] {
	t.planned = false
	return t
}

func (t table[V, R]) changed(w *work) error {
	if !t.planned {
		return nil
	}
	return w.replan()
}

// each hands over all values in the order of their keys. It passes over a record that cannot be trusted, and
// notes it: one of them must not take all others from the person's sight.
func (t table[V, R]) each(w *work, take func(key string, v V)) error {
	b, err := t.in(w)
	if err != nil {
		return err
	}
	return b.ForEach(func(k, stored []byte) error {
		key := string(k)
		v, err := t.decode(w, key, stored)
		if errors.Is(err, ErrDamaged) {
			w.damaged = append(w.damaged, tenant.Damaged{Record: t.noun, Key: tenantKey(key)})
			return nil
		}
		if err == nil {
			take(key, v)
		}
		return err
	})
}

// sealAnew rewrites all records of the bucket: read as before says, written as after says. One that cannot be trusted
// stays as it is, for a person to see and to remove.
func (t table[V, R]) sealAnew(before, after *work) error {
	type entry struct {
		key   string
		value V
	}
	var all []entry // bbolt allows no changes while it walks
	if err := t.each(before, func(key string, v V) { all = append(all, entry{key, v}) }); err != nil {
		return err
	}
	for _, e := range all {
		if err := t.put(after, e.key, e.value); err != nil {
			return err
		}
	}
	return nil
}

// sealAnew rewrites all records of the store.
func sealAnew(before, after *work) error {
	for _, t := range []interface {
		sealAnew(before, after *work) error
	}{
		registrations, tenants, logins, tickets, visits, settings, leases, exchanges, leftovers, ticks, validations,
		histories, companies,
	} {
		if err := t.sealAnew(before, after); err != nil {
			return fmt.Errorf("seal anew: %w", err)
		}
	}
	return nil
}

func (t table[V, R]) list(w *work) ([]V, error) {
	var all []V
	err := t.each(w, func(_ string, v V) { all = append(all, v) })
	return all, err
}

// byTenant returns the values of a bucket that is keyed by tenants.
func (t table[V, R]) byTenant(w *work) (map[tenant.Key]V, error) {
	all := map[tenant.Key]V{}
	err := t.each(w, func(key string, v V) { all[tenantKey(key)] = v })
	return all, err
}

// decode copies everything out of the transaction's memory: encoding/json shares nothing with its input.
func (t table[V, R]) decode(w *work, key string, stored []byte) (V, error) {
	var none V
	x := w.box(t.bucket, key)
	raw, err := x.unpack(stored)
	if err != nil {
		return none, recordProblem(t.noun, key, err)
	}
	var record R
	if err := json.Unmarshal(raw, &record); err != nil {
		return none, recordProblem(t.noun, key, fmt.Errorf("decode: %w", err))
	}
	v := t.unpack(record, x)
	if x.err != nil {
		return none, recordProblem(t.noun, key, x.err)
	}
	return v, nil
}

// recordKey is the key of a tenant's records: the registration, a zero byte, the context identifier.
func recordKey(k tenant.Key) string { return k.Registration + "\x00" + k.ContextID }

func tenantKey(key string) tenant.Key {
	registration, ctx, _ := strings.Cut(key, "\x00")
	return tenant.Key{Registration: registration, ContextID: ctx}
}

// readable is a record's key for people: a tenant's as tenant.Key prints it.
func readable(key string) string { return strings.Replace(key, "\x00", "/", 1) }

// checkKey refuses the keys that would be taken for others.
func checkKey(k tenant.Key) error {
	if err := checkName("registration", k.Registration); err != nil {
		return err
	}
	return checkName("context identifier", k.ContextID)
}

func checkName(what, name string) error {
	if name != "" && !strings.Contains(name, "\x00") {
		return nil
	}
	return problem(tenant.CauseInput, "check "+what,
		fmt.Sprintf("The %s cannot be stored.", what),
		"It is empty, or holds a character that cannot be part of a name.",
		"Choose another.", nil)
}
