package superid

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"unicode/utf16"

	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
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

// inUTF16 writes a text as Windows tools do.
func inUTF16(text string, order binary.AppendByteOrder) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

// pkcs1Of writes the numbers as they are, whether they belong together or not.
func pkcs1Of(n, d *big.Int, primes ...*big.Int) string {
	one := big.NewInt(1)
	type prime struct{ Prime, Exponent, Coefficient *big.Int }
	numbers := struct {
		Version                      int
		N                            *big.Int
		E                            int
		D, P, Q, DP, DQ, Coefficient *big.Int
		More                         []prime `asn1:"optional,omitempty"`
	}{0, n, 65537, d, primes[0], primes[1], one, one, one, nil}
	for _, p := range primes[2:] {
		numbers.Version = 1
		numbers.More = append(numbers.More, prime{p, one, one})
	}
	der, err := asn1.Marshal(numbers)
	if err != nil {
		panic(err)
	}
	return pemText("RSA PRIVATE KEY", der)
}

func TestParsePrivateKey(t *testing.T) {
	small, large := appKey(), providerKey()
	spaced := strings.NewReplacer("<D>", "<D>\r\n  ", "</D>", "\t\n</D>", "><", ">\n\t<").Replace(xmlKey(large, true))
	pkcs1 := pemText("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(large))
	for name, row := range map[string]struct {
		text string
		want *rsa.PrivateKey
	}{
		"XML":                         {xmlKey(small, true), small},
		"XML with a byte order mark":  {"\uFEFF" + xmlKey(large, true), large},
		"XML with white space":        {" \r\n" + spaced + "\n", large},
		"XML with lines in values":    {strings.Replace(xmlKey(large, true), "AQAB", "AQ\n AB", 1), large},
		"XML with a declaration":      {`<?xml version="1.0" encoding="utf-16"?>` + "\n" + xmlKey(small, true), small},
		"PKCS#1":                      {pkcs1, large},
		"PKCS#1, Windows lines":       {"\uFEFF" + strings.ReplaceAll(pkcs1, "\n", "\r\n"), large},
		"PKCS#8":                      {pemText("PRIVATE KEY", pkcs8(small)), small},
		"after a certificate":         {pemText("CERTIFICATE", []byte("x")) + "some words\n" + pkcs1, large},
		"PKCS#8 under PKCS#1's name":  {pemText("RSA PRIVATE KEY", pkcs8(small)), small},
		"PKCS#1 under PKCS#8's name":  {pemText("PRIVATE KEY", x509.MarshalPKCS1PrivateKey(small)), small},
		"PKCS#1, old Macintosh lines": {strings.ReplaceAll(pkcs1, "\n", "\r"), large},
		"PKCS#1, indented":            {strings.ReplaceAll(pkcs1, "\n", "\n    "), large},
		"XML in UTF-16":               {inUTF16("\uFEFF"+xmlKey(large, true), binary.LittleEndian), large},
		"XML in UTF-16, big-endian":   {inUTF16("\uFEFF"+xmlKey(large, true), binary.BigEndian), large},
		"XML in UTF-16, unmarked":     {inUTF16(xmlKey(small, true), binary.LittleEndian), small},
		"PEM in UTF-16":               {inUTF16("\uFEFF"+strings.ReplaceAll(pkcs1, "\n", "\r\n"), binary.LittleEndian), large},
		"PEM in UTF-16, unmarked":     {inUTF16(pkcs1, binary.BigEndian), large},
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
	key, one := appKey(), big.NewInt(1)
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
		"nothing":                 {"", ErrKeyForm},
		"words":                   {"canary", ErrKeyForm},
		"64 KB":                   {strings.Repeat("x", 64<<10), ErrKeyForm},
		"XML, public half":        {xmlKey(key, false), ErrPublicOnly},
		"PEM, public half":        {pemText("RSA PUBLIC KEY", public), ErrPublicOnly},
		"a certificate":           {pemText("CERTIFICATE", []byte("x")), ErrPublicOnly},
		"encrypted PKCS#8":        {pemText("ENCRYPTED PRIVATE KEY", []byte("x")), ErrEncryptedKey},
		"encrypted PKCS#1":        {"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n", ErrEncryptedKey},
		"an EC key":               {pemText("PRIVATE KEY", pkcs8(ec)), ErrNotRSA},
		"SEC 1":                   {pemText("EC PRIVATE KEY", []byte("x")), ErrNotRSA},
		"broken DER":              {pemText("PRIVATE KEY", []byte("canary")), ErrKeyForm},
		"an empty PEM":            {"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", ErrKeyForm},
		"half a PEM":              {"-----BEGIN PRIVATE KEY-----\ncanary", ErrKeyForm},
		"another element":         {"<canary/>", ErrKeyForm},
		"broken XML":              {xmlKey(key, true)[:300], ErrKeyForm},
		"a document type":         {`<!DOCTYPE x [<!ENTITY e "canary">]><RSAKeyValue><D>&e;</D></RSAKeyValue>`, ErrKeyForm},
		"not base64":              {strings.Replace(xmlKey(key, true), "<D>", "<D>*canary*", 1), ErrKeyForm},
		"without primes":          {"<RSAKeyValue><Modulus>" + b64(key.N.Bytes()) + "</Modulus><Exponent>AQAB</Exponent><D>" + b64(key.D.Bytes()) + "</D></RSAKeyValue>", ErrKeyForm},
		"wrong D":                 {strings.Replace(xmlKey(key, true), b64(key.D.Bytes()), b64(new(big.Int).Sub(key.D, big.NewInt(2)).Bytes()), 1), ErrKeyForm},
		"another's modulus":       {strings.Replace(xmlKey(key, true), b64(key.N.Bytes()), b64(providerKey().N.Bytes()), 1), ErrKeyForm},
		"exponent too long":       {strings.Replace(xmlKey(key, true), "AQAB", "AQABAQABAQAB", 1), ErrKeyForm},
		"4 bits":                  {"<RSAKeyValue><Modulus>Dw==</Modulus><Exponent>Aw==</Exponent><P>Aw==</P><Q>BQ==</Q><D>Aw==</D></RSAKeyValue>", ErrKeySize},
		"512 bits":                {pkcs1Of(new(big.Int).Rsh(key.N, 512), one, one, one), ErrKeySize},
		"8192 bits":               {pkcs1Of(new(big.Int).Lsh(key.N, 8192-1024), one, one, one), ErrKeySize},
		"4097 bits, XML":          {"<RSAKeyValue><Modulus>" + b64(new(big.Int).Lsh(one, 4096).Bytes()) + "</Modulus><Exponent>AQAB</Exponent><P>Aw==</P><Q>BQ==</Q><D>Aw==</D></RSAKeyValue>", ErrKeySize},
		"PEM, wrong D":            {pkcs1Of(key.N, new(big.Int).Sub(key.D, big.NewInt(2)), key.Primes...), ErrKeyForm},
		"PEM, another's modulus":  {pkcs1Of(providerKey().N, key.D, key.Primes...), ErrKeyForm},
		"PEM, a negative modulus": {pkcs1Of(new(big.Int).Neg(key.N), key.D, key.Primes...), ErrKeyForm},
		"three primes":            {pkcs1Of(key.N, key.D, key.Primes[0], key.Primes[1], one), ErrKeyForm},
		"SSH's own form":          {pemText("OPENSSH PRIVATE KEY", []byte("canary")), ErrKeyForm},
		"half a UTF-16 text":      {inUTF16("\uFEFF"+xmlKey(key, true), binary.LittleEndian)[:301], ErrKeyForm},
		"64 KB of UTF-16":         {inUTF16(strings.Repeat("x", 64<<10), binary.LittleEndian), ErrKeyForm},
		"a huge DER":              {pemText("RSA PRIVATE KEY", make([]byte, maxKeyDER+1)), ErrKeySize},
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

// Whoever holds the wrong file must learn which of them it is.
func TestARefusedKeySaysWhy(t *testing.T) {
	key := appKey()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for want, text := range map[string]string{
		"neither RSAKeyValue XML nor PEM":  "canary",
		"only the public half":             xmlKey(key, false),
		"another kind (EC)":                pemText("PRIVATE KEY", pkcs8(ec)),
		"It has 512 bits, and an app's":    pkcs1Of(new(big.Int).Rsh(key.N, 512), key.D, key.Primes...),
		"It has 8192 bits, and an app's":   pkcs1Of(new(big.Int).Lsh(key.N, 8192-1024), key.D, key.Primes...),
		"numbers do not belong together":   pkcs1Of(key.N, new(big.Int).Sub(key.D, big.NewInt(2)), key.Primes...),
		"Its D is missing or not base64":   strings.Replace(xmlKey(key, true), "<D>", "<D>*", 1),
		"no whole RSAKeyValue element":     xmlKey(key, true)[:300],
		"It is protected by a passphrase.": pemText("ENCRYPTED PRIVATE KEY", []byte("x")),
		"The PEM is damaged.":              pemText("PRIVATE KEY", []byte("canary")),
		"the form that only SSH knows":     pemText("OPENSSH PRIVATE KEY", []byte("x")),
	} {
		_, err := ParsePrivateKey(secret.New(text))
		if e := explained(t, err); !strings.Contains(e.Why, want) || e.Cause != tenant.CauseKeyUnusable {
			t.Errorf("the reason is %q (%s), want %q", e.Why, e.Cause, want)
		}
	}
}

func TestOnlyUsableKeysAreMade(t *testing.T) {
	for _, bits := range []int{-1, 0, MinAppKeyBits - 1, MaxAppKeyBits + 1} {
		if _, err := NewPrivateKey(bits); !errors.Is(err, ErrKeySize) {
			t.Errorf("%d bits: %v", bits, err)
		}
	}
}

func TestAKeyIsNotPrinted(t *testing.T) {
	key, err := ReadPrivateKey(secret.New(xmlKey(appKey(), true)), secret.Text{})
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	printed := fmt.Sprintf("%v|%+v|%#v|%s", key, key, key, encoded)
	if digits := key.RSA.D.String(); strings.Contains(printed, digits[:20]) {
		t.Error("the private exponent is printed")
	}
	if !strings.Contains(printed, string(KeyXML)) {
		t.Errorf("the form is not: %s", printed)
	}
}
