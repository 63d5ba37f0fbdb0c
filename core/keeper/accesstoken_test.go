package keeper_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"partnerdesk/core/keeper"
	"partnerdesk/core/online"
	"partnerdesk/core/secret"
	"partnerdesk/core/superid"
	"partnerdesk/core/tenant"
)

func TestAnAccessTokenIsRefreshedBeforeItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		var shown []string
		show := func(_ int, call online.Call) error {
			shown = append(shown, call.Credential.Text().Reveal())
			return nil
		}
		for range 3 {
			if _, err := s.call(t.Context(), tenant.LoginUser, keeper.CallOptions{}, show); err != nil {
				t.Fatal(err)
			}
			time.Sleep(59*time.Minute + time.Second)
		}
		if fmt.Sprint(shown) != "[access-0 access-1 access-2]" || s.vault.login.AccessToken.Reveal() != "access-2" {
			t.Errorf("showed %v", shown)
		}
	})
}

func TestARefreshThatIsAboutSomebodyElseIsRefused(t *testing.T) {
	for claims, good := range map[[2]string]bool{
		{"tony", "Cust1"}: true, {"eve", "Cust1"}: false, {"tony", "Cust2"}: false,
	} {
		s := newSetup(t)
		s.vault.login.UserName = "tony"
		s.vault.login.AccessTokenExpiry = time.Now()
		s.provider.refreshed = superid.Claims{Subject: claims[0], ContextID: claims[1]}
		if _, err := s.call(t.Context(), tenant.LoginUser, keeper.CallOptions{}, well); (err == nil) != good {
			t.Errorf("%v: %v", claims, err)
		}
	}
}

func TestWithoutALoginThePersonIsAskedToSignIn(t *testing.T) {
	s := newSetup(t)
	s.vault.login = tenant.Login{}
	if _, err := s.call(t.Context(), tenant.LoginUser, keeper.CallOptions{}, well); tenant.Explain(err).Fault != tenant.FaultPerson || tenant.Explain(err).Next == "" {
		t.Errorf("got %v", err)
	}
	s.vault.tenant.SystemUserToken = secret.Text{}
	if _, err := s.call(t.Context(), tenant.SystemUser, keeper.CallOptions{}, well); tenant.Explain(err).Fault != tenant.FaultConsent {
		t.Errorf("got %v", err)
	}
}

func TestASignInDuringARefreshWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSetup(t)
		s.vault.login.AccessTokenExpiry = time.Now()
		s.provider.hold = make(chan struct{})
		var shown string
		var call sync.WaitGroup
		call.Go(func() {
			_, err := s.call(t.Context(), tenant.LoginUser, keeper.CallOptions{}, func(_ int, call online.Call) error {
				shown = call.Credential.Text().Reveal()
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		s.vault.mu.Lock()
		s.vault.login = tenant.Login{Key: key, UserName: "second", AccessToken: secret.New("second's"), AccessTokenExpiry: time.Now().Add(time.Hour), RefreshToken: secret.New("second's refresh")}
		s.vault.mu.Unlock()
		close(s.provider.hold)
		call.Wait()
		if shown != "second's" || s.vault.login.UserName != "second" {
			t.Errorf("showed %q, stored is %q", shown, s.vault.login.UserName)
		}
	})
}
