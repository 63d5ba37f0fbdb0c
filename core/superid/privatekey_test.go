package superid

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"

	"partnerdesk/core/secret"
)

// xmlKey writes a key as .NET does.
func xmlKey(key *rsa.PrivateKey, private bool) string {
	b64 := base64.StdEncoding.EncodeToString
	text := "<RSAKeyValue><Modulus>" + b64(key.N.Bytes()) + "</Modulus><Exponent>" + b64(big.NewInt(int64(key.E)).Bytes()) + "</Exponent>"
	if private {
		text += "<P>" + b64(key.Primes[0].Bytes()) + "</P><Q>" + b64(key.Primes[1].Bytes()) + "</Q><DP>" + b64(key.Precomputed.Dp.Bytes()) +
			"</DP><DQ>" + b64(key.Precomputed.Dq.Bytes()) + "</DQ><InverseQ>" + b64(key.Precomputed.Qinv.Bytes()) + "</InverseQ><D>" + b64(key.D.Bytes()) + "</D>"
	}
	return text + "</RSAKeyValue>"
}

func pemText(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func pkcs8(key any) []byte {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return der
}

func TestParsePrivateKey(t *testing.T) {
	small, large := appKey(), providerKey()
	spaced := strings.NewReplacer("<D>", "<D>\r\n  ", "</D>", "\t\n</D>", "><", ">\n\t<").Replace(xmlKey(large, true))
	pkcs1 := pemText("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(large))
	for name, row := range map[string]struct {
		text string
		want *rsa.PrivateKey
	}{
		"XML":                        {xmlKey(small, true), small},
		"XML with a byte order mark": {"\uFEFF" + xmlKey(large, true), large},
		"XML with white space":       {" \r\n" + spaced + "\n", large},
		"XML with lines in values":   {strings.Replace(xmlKey(large, true), "AQAB", "AQ\n AB", 1), large},
		"XML with a declaration":     {`<?xml version="1.0" encoding="utf-16"?>` + "\n" + xmlKey(small, true), small},
		"PKCS#1":                     {pkcs1, large},
		"PKCS#1, Windows lines":      {"\uFEFF" + strings.ReplaceAll(pkcs1, "\n", "\r\n"), large},
		"PKCS#8":                     {pemText("PRIVATE KEY", pkcs8(small)), small},
		"after a certificate":        {pemText("CERTIFICATE", []byte("x")) + "some words\n" + pkcs1, large},
		"PKCS#8 under PKCS#1's name": {pemText("RSA PRIVATE KEY", pkcs8(small)), small},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParsePrivateKey(secret.New(row.text))
			if err != nil {
				t.Fatal(err)
			}
			if !got.Equal(row.want) {
				t.Error("another key came out")
			}
		})
	}
}

func TestParsePrivateKeyRefuses(t *testing.T) {
	key := appKey()
	b64 := base64.StdEncoding.EncodeToString
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public := x509.MarshalPKCS1PublicKey(&key.PublicKey)
	for name, row := range map[string]struct {
		text string
		want error
	}{
		"nothing":           {"", ErrKeyForm},
		"words":             {"canary", ErrKeyForm},
		"64 KB":             {strings.Repeat("x", 64<<10), ErrKeyForm},
		"XML, public half":  {xmlKey(key, false), ErrPublicOnly},
		"PEM, public half":  {pemText("RSA PUBLIC KEY", public), ErrPublicOnly},
		"a certificate":     {pemText("CERTIFICATE", []byte("x")), ErrPublicOnly},
		"encrypted PKCS#8":  {pemText("ENCRYPTED PRIVATE KEY", []byte("x")), ErrEncryptedKey},
		"encrypted PKCS#1":  {"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n", ErrEncryptedKey},
		"an EC key":         {pemText("PRIVATE KEY", pkcs8(ec)), ErrKeyForm},
		"SEC 1":             {pemText("EC PRIVATE KEY", []byte("x")), ErrKeyForm},
		"broken DER":        {pemText("PRIVATE KEY", []byte("canary")), ErrKeyForm},
		"an empty PEM":      {"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", ErrKeyForm},
		"half a PEM":        {"-----BEGIN PRIVATE KEY-----\ncanary", ErrKeyForm},
		"another element":   {"<canary/>", ErrKeyForm},
		"broken XML":        {xmlKey(key, true)[:300], ErrKeyForm},
		"a document type":   {`<!DOCTYPE x [<!ENTITY e "canary">]><RSAKeyValue><D>&e;</D></RSAKeyValue>`, ErrKeyForm},
		"not base64":        {strings.Replace(xmlKey(key, true), "<D>", "<D>*canary*", 1), ErrKeyForm},
		"without primes":    {"<RSAKeyValue><Modulus>" + b64(key.N.Bytes()) + "</Modulus><Exponent>AQAB</Exponent><D>" + b64(key.D.Bytes()) + "</D></RSAKeyValue>", ErrKeyForm},
		"wrong D":           {strings.Replace(xmlKey(key, true), b64(key.D.Bytes()), b64(new(big.Int).Sub(key.D, big.NewInt(2)).Bytes()), 1), ErrKeyForm},
		"another's modulus": {strings.Replace(xmlKey(key, true), b64(key.N.Bytes()), b64(providerKey().N.Bytes()), 1), ErrKeyForm},
		"exponent too long": {strings.Replace(xmlKey(key, true), "AQAB", "AQABAQABAQAB", 1), ErrKeyForm},
		"4 bits":            {"<RSAKeyValue><Modulus>Dw==</Modulus><Exponent>Aw==</Exponent><P>Aw==</P><Q>BQ==</Q><D>Aw==</D></RSAKeyValue>", ErrKeySize},
		"a huge DER":        {pemText("RSA PRIVATE KEY", make([]byte, maxKeyDER+1)), ErrKeySize},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParsePrivateKey(secret.New(row.text))
			if !errors.Is(err, row.want) || got != nil {
				t.Fatalf("got %v, want %v", err, row.want)
			}
			explained(t, err)
			assertNoCanary(t, err)
		})
	}
}
