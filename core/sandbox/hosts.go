package sandbox

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
)

// hostNumber says which host a request came to, or on which one a tenant lives.
type hostNumber int

const (
	// baseHost is for sign-in, metadata, tenant status, exchange and the sandbox's own pages. No tenant
	// lives on it.
	baseHost hostNumber = 0
	// numberedHosts is how many hosts tenants live on, numbered from 1: the online1, online2, ... of the
	// real service.
	numberedHosts = 2
)

// homes knows on which numbered host each tenant lives.
type homes struct {
	store *store

	mu    sync.RWMutex
	byCtx map[string]hostNumber
}

// of returns the tenant's host.
func (h *homes) of(ctx string) hostNumber {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.byCtx[ctx]
}

// move lets the tenant live on the next numbered host, from the last one on the first. Its credentials stay
// good: they are the tenant's, not the host's.
func (h *homes) move(ctx string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	next := h.byCtx[ctx]%numberedHosts + 1
	if err := h.store.save(bucketHomes, []byte(ctx), next); err != nil {
		return fmt.Errorf("move the tenant: %w", err)
	}
	h.byCtx[ctx] = next
	return nil
}

// endpoint is the address of a tenant now. It is the one place that puts a tenant's address together.
func (s *Sandbox) endpoint(t tenant) string { return s.addresses[s.homes.of(t.Ctx)] + "/" + t.Ctx }

// atHome lets no call through to a tenant that lives on another host than the one it came to: whatever is
// asked of the tenant and by whom, that is what the real service answers first.
func (s *Sandbox) atHome(here hostNumber, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if t, ok := s.people.tenant(ctx); ok && s.homes.of(t.Ctx) != here {
			w.Header().Set(hCache, noStore)
			s.refuseCall(w, r, http.StatusMisdirectedRequest, "MisdirectedRequest",
				"Wrong subdomain used to access tenant "+t.Ctx+". Its status says where it is.")
			return
		}
		next.ServeHTTP(w, r)
	})
}
