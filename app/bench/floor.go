package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"partnerdesk/core/sandbox"
)

// atOnce is how many visits are under way at once, as many as the poller has in one environment.
const atOnce = 64

// bare is a client that does no more than it must: it makes the requests and believes the answers. It stores
// nothing, checks nothing and tells nobody.
type bare struct {
	http  *http.Client
	ready sandbox.Ready
	key   *rsa.PrivateKey
}

func newBare(readyFile string) (*bare, error) {
	ready, err := readReady(readyFile)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode([]byte(ready.PrivateKeyPEM))
	if block == nil {
		return nil, errors.New("the sandbox's private key is no PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("the sandbox's private key is not RSA")
	}
	transport := &http.Transport{MaxIdleConnsPerHost: atOnce}
	return &bare{http: &http.Client{Transport: transport}, ready: ready, key: signer}, nil
}

// bareClient is the floor of a cold tick: the same requests and signatures, as many at once.
func bareClient(ctx context.Context, t task) (result, error) {
	b, err := newBare(t.Ready)
	if err != nil {
		return result{}, err
	}
	defer b.http.CloseIdleConnections()
	work := make(chan sandbox.ReadyTenant)
	failures := make(chan error, atOnce)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	began := time.Now()
	var visits sync.WaitGroup
	for range atOnce {
		visits.Go(func() {
			for tenant := range work {
				if err := b.visit(ctx, tenant); err != nil {
					failures <- err
					cancel()
					return
				}
			}
		})
	}
	for _, tenant := range b.ready.Tenants[:t.Tenants] {
		select {
		case work <- tenant:
		case <-ctx.Done():
		}
	}
	close(work)
	visits.Wait()
	took := time.Since(began)
	select {
	case err := <-failures:
		return result{}, err
	default:
		return result{Took: took}, nil
	}
}

// visit asks for the status, exchanges the token and logs on.
func (b *bare) visit(ctx context.Context, t sandbox.ReadyTenant) error {
	var status struct{ Api string }
	if err := b.get(ctx, b.ready.BaseURL+"/api/state/"+t.Ctx, nil, &status); err != nil {
		return err
	}
	ticket, err := b.exchange(ctx, t)
	if err != nil {
		return err
	}
	return b.logOn(ctx, status.Api, ticket)
}

func (b *bare) exchange(ctx context.Context, t sandbox.ReadyTenant) (ticket string, err error) {
	stamped := t.SystemUserToken + "." + time.Now().UTC().Format("200601021504")
	digest := sha256.Sum256([]byte(stamped))
	signature, err := rsa.SignPKCS1v15(nil, b.key, crypto.SHA256, digest[:])
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(map[string]string{
		"SignedSystemToken": stamped + "." + base64.StdEncoding.EncodeToString(signature),
		"ApplicationToken":  b.ready.ClientSecret, "ContextIdentifier": t.Ctx, "ReturnTokenType": "JWT",
	})
	if err != nil {
		return "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.ready.BaseURL+"/Login/api/PartnerSystemUser/Authenticate", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/json")
	var answer struct{ Token string }
	if err := b.do(r, &answer); err != nil {
		return "", err
	}
	parts := strings.Split(answer.Token, ".")
	if len(parts) != 3 {
		return "", errors.New("the exchange brought no token")
	}
	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return "", err
	}
	var carried struct {
		Ticket string `json:"http://schemes.superoffice.net/identity/ticket"`
	}
	if err := json.Unmarshal(claims, &carried); err != nil {
		return "", err
	}
	return carried.Ticket, nil
}

func (b *bare) logOn(ctx context.Context, api, ticket string) error {
	var principal struct{ Associate string }
	header := http.Header{"Authorization": {"SOTicket " + ticket}, "So-Apptoken": {b.ready.ClientSecret}}
	if err := b.get(ctx, api+"/v1/User/currentPrincipal", header, &principal); err != nil {
		return err
	}
	if principal.Associate == "" {
		return errors.New("the log-on brought no associate")
	}
	return nil
}

func (b *bare) get(ctx context.Context, address string, header http.Header, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	if header != nil {
		r.Header = header
	}
	return b.do(r, into)
}

func (b *bare) do(r *http.Request, into any) error {
	r.Header.Set("Accept", "application/json")
	answer, err := b.http.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s", r.Method, r.URL.Path, answer.Status)
	}
	return json.Unmarshal(body, into)
}
