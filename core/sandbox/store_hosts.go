package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
)

// loadHomes reads where the tenants live. Who has no record of a host that there is, as nobody has at the
// first start or in a file from before there were numbered hosts, gets one: the hosts in turn.
func (s *store) loadHomes(tenants []tenant) (*homes, error) {
	h := &homes{store: s, byCtx: make(map[string]hostNumber, len(tenants))}
	err := s.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(bucketHomes)).ForEach(func(ctx, value []byte) error {
			var n hostNumber
			if err := json.Unmarshal(value, &n); err != nil {
				return fmt.Errorf("read from %s: %w", bucketHomes, err)
			}
			if n > baseHost && n <= numberedHosts {
				h.byCtx[string(ctx)] = n
			}
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("read where the tenants live: %w", err)
	}
	homeless := map[string]hostNumber{}
	for i, t := range tenants {
		if _, has := h.byCtx[t.Ctx]; !has {
			homeless[t.Ctx] = hostNumber(i%numberedHosts + 1)
		}
	}
	if len(homeless) == 0 {
		return h, nil
	}
	err = s.db.Update(func(tx *bbolt.Tx) error {
		for ctx, n := range homeless {
			h.byCtx[ctx] = n
			if err := put(tx, bucketHomes, []byte(ctx), n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("house the tenants: %w", err)
	}
	return h, nil
}

// lastPorts are the ports of the last start by the numbers of their hosts, 0 for a host that had none.
func (s *store) lastPorts() ([]int, error) {
	ports := make([]int, 1+numberedHosts)
	err := s.db.View(func(tx *bbolt.Tx) error {
		if err := get(tx, bucketMeta, []byte(keyPort), &ports[baseHost]); err != nil && !errors.Is(err, errAbsent) {
			return err
		}
		var numbered []int
		if err := get(tx, bucketMeta, []byte(keyNumberedPorts), &numbered); err != nil && !errors.Is(err, errAbsent) {
			return err
		}
		copy(ports[1:], numbered)
		return nil
	})
	return ports, err
}

func (s *store) savePorts(ports []int) error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		return errors.Join(
			put(tx, bucketMeta, []byte(keyPort), ports[baseHost]),
			put(tx, bucketMeta, []byte(keyNumberedPorts), ports[1:]))
	})
}
