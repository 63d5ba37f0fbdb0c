package sandbox

import (
	"strconv"
	"testing"
	"time"
)

func TestAVaultKeepsWhatWasUsedLast(t *testing.T) {
	now := time.Now()
	v := newVault[int](time.Hour, 3, func() time.Time { return now })
	for i := range 3 {
		v.put(strconv.Itoa(i), i)
	}
	v.use("0")
	v.put("3", 3)
	if _, ok := v.get("1"); ok {
		t.Error("what was used longest ago is still there")
	}
	for _, key := range []string{"0", "2", "3"} {
		if _, ok := v.get(key); !ok {
			t.Errorf("%s is gone", key)
		}
	}
}

func TestAKeySetKeepsTheNewestFormerKeys(t *testing.T) {
	ring := &keyRing{current: signer{certificate: []byte{0}}}
	for i := range byte(maxPublished + 2) {
		err := ring.replace(signer{certificate: []byte{i + 1}}, true, func(signer, [][]byte) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := len(ring.published); n != maxPublished || ring.published[n-1][0] != maxPublished+1 || ring.published[0][0] != 2 {
		t.Errorf("%d former keys are published: %v", n, ring.published)
	}
}
