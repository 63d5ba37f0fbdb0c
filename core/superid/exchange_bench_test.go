package superid

import (
	"context"
	"testing"

	"partnerdesk/core/secret"
)

// BenchmarkValidateTicket is step 9 alone, and its floor the one signature that it verifies.
func BenchmarkValidateTicket(b *testing.B) {
	f := newFake(b)
	c := New(Options{})
	defer c.Close()
	reg, ctx := f.registration(), context.Background()
	g := Granted{token: secret.New(f.exchangeToken())}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.ValidateTicket(ctx, reg, testTenant(), g); err != nil {
			b.Fatal(err)
		}
	}
}
