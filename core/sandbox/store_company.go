package sandbox

import (
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"
)

// createCompany gives c the tenant's next id, lets entity make the whole entity of it, and stores both.
func (s *store) createCompany(ctx string, c company, entity func(company) (json.RawMessage, error)) (
	json.RawMessage, error,
) {
	var raw json.RawMessage
	err := s.db.Update(func(tx *bbolt.Tx) error {
		companies, err := tx.Bucket([]byte(bucketCompanies)).CreateBucketIfNotExists([]byte(ctx))
		if err != nil {
			return fmt.Errorf("make the bucket of %s: %w", ctx, err)
		}
		sequence, err := companies.NextSequence()
		if err != nil {
			return fmt.Errorf("number a company of %s: %w", ctx, err)
		}
		c.ID = sequence + 1 // 1 is the owner company
		if raw, err = entity(c); err != nil {
			return err
		}
		small, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("write a company: %w", err)
		}
		if err := companies.Put(number(c.ID), small); err != nil {
			return fmt.Errorf("write a company: %w", err)
		}
		if err := tx.Bucket([]byte(bucketEntities)).Put(append([]byte(ctx+"/"), number(c.ID)...), raw); err != nil {
			return fmt.Errorf("write a company: %w", err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return raw, nil
}

// companies lists the tenant's companies that match, newest first and at most maxListed of them, and says
// how many companies the tenant has.
func (s *store) companies(ctx string, match func(company) bool) ([]company, int, error) {
	var found []company
	total := 0
	err := s.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(bucketCompanies)).Bucket([]byte(ctx))
		if b == nil {
			return nil
		}
		total = int(b.Sequence()) // a count of clicks
		cursor := b.Cursor()
		for k, v := cursor.Last(); k != nil && len(found) < maxListed; k, v = cursor.Prev() {
			var c company
			if err := json.Unmarshal(v, &c); err != nil {
				return fmt.Errorf("read a company of %s: %w", ctx, err)
			}
			if match(c) {
				found = append(found, c)
			}
		}
		return nil
	})
	return found, total, err
}

// companyCount is how many companies the tenant has.
func (s *store) companyCount(ctx string) (int, error) {
	total := 0
	err := s.db.View(func(tx *bbolt.Tx) error {
		if b := tx.Bucket([]byte(bucketCompanies)).Bucket([]byte(ctx)); b != nil {
			total = int(b.Sequence()) // a count of clicks
		}
		return nil
	})
	return total, err
}
