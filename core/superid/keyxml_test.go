package superid

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/xml"
	"math/big"
	"slices"
	"strings"
	"testing"

	"partnerdesk/core/secret"
)

// shortKey is a key one of whose parts begins with a zero byte, which .NET insists on. Of the exponents that
// go with two primes, some give such a key.
func shortKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	of, one := appKey(), big.NewInt(1)
	p, q := of.Primes[0], of.Primes[1]
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	for e := int64(65537); e < 1<<20; e += 2 {
		d := new(big.Int).ModInverse(big.NewInt(e), phi)
		if d == nil || d.BitLen() > of.N.BitLen()-8 {
			continue
		}
		key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: of.N, E: int(e)}, D: d, Primes: of.Primes}
		key.Precompute()
		return key
	}
	t.Fatal("there is no such exponent")
	return nil
}

// .NET's RSA.FromXmlString takes a private key only with all eight parts, each as long as the modulus or
// half of it.
func TestXMLIsWrittenAsDotNetDoes(t *testing.T) {
	for name, rsaKey := range map[string]*rsa.PrivateKey{"1024 bits": appKey(), "2048 bits": providerKey(), "a short D": shortKey(t)} {
		t.Run(name, func(t *testing.T) {
			private, public, err := PrivateKey{RSA: rsaKey, Form: KeyXML}.Write()
			if err != nil {
				t.Fatal(err)
			}
			var parts struct {
				XMLName xml.Name `xml:"RSAKeyValue"`
				Parts   []struct {
					XMLName xml.Name
					Text    string `xml:",chardata"`
				} `xml:",any"`
			}
			if err := xml.Unmarshal([]byte(private.Reveal()), &parts); err != nil {
				t.Fatal(err)
			}
			size := rsaKey.Size()
			lengths := map[string]int{"Modulus": size, "Exponent": 3, "P": size / 2, "Q": size / 2, "DP": size / 2, "DQ": size / 2, "InverseQ": size / 2, "D": size}
			var names []string
			for _, part := range parts.Parts {
				b, err := base64.StdEncoding.DecodeString(part.Text)
				if err != nil || len(b) != lengths[part.XMLName.Local] {
					t.Errorf("%s has %d bytes, want %d (%v)", part.XMLName.Local, len(b), lengths[part.XMLName.Local], err)
				}
				names = append(names, part.XMLName.Local)
			}
			if want := []string{"Modulus", "Exponent", "P", "Q", "DP", "DQ", "InverseQ", "D"}; !slices.Equal(names, want) {
				t.Errorf("the parts are %v, want %v", names, want)
			}
			if want := xmlKey(rsaKey, false); public != want {
				t.Errorf("the public half is %s, want %s", public, want)
			}
			got, err := ParsePrivateKey(private)
			if err != nil || !got.Equal(rsaKey) {
				t.Errorf("another key comes back, or none: %v", err)
			}
		})
	}
}

func TestAKeySurvivesXMLAndPEM(t *testing.T) {
	// Written once before, so that a part that begins with zeros has its full length, as .NET gives it.
	first := rewritten(t, secret.New(xmlKey(providerKey(), true)), KeyXML)
	asXML := first
	for range 2 {
		asPEM := rewritten(t, asXML, KeyPKCS8)
		asXML = rewritten(t, asPEM, KeyXML)
	}
	if !asXML.Equal(first) {
		t.Error("there and back again is another text")
	}
}

func rewritten(t *testing.T, text secret.Text, form KeyForm) secret.Text {
	t.Helper()
	key, err := ReadPrivateKey(text, secret.Text{})
	if err != nil {
		t.Fatal(err)
	}
	key.Form = form
	private, _, err := key.Write()
	if err != nil {
		t.Fatal(err)
	}
	return private
}

// XML has no room for primes of different lengths, which .NET does not make.
func TestAnUnevenKeyStaysPEM(t *testing.T) {
	key, one := &rsa.PrivateKey{}, big.NewInt(1)
	for _, bits := range []int{1024, 512} {
		// Any prime will do; these are the first ones of their length.
		p := new(big.Int).Add(new(big.Int).Lsh(big.NewInt(3), uint(bits-2)), one)
		for !p.ProbablyPrime(20) || new(big.Int).Mod(new(big.Int).Sub(p, one), big.NewInt(65537)).Sign() == 0 {
			p.Add(p, big.NewInt(2))
		}
		key.Primes = append(key.Primes, p)
	}
	p, q := key.Primes[0], key.Primes[1]
	key.N, key.E = new(big.Int).Mul(p, q), 65537
	key.D = new(big.Int).ModInverse(big.NewInt(65537), new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one)))
	read, err := ReadPrivateKey(secret.New(xmlKeyOf(key)), secret.Text{})
	if err != nil {
		t.Fatal(err)
	}
	read.Form = KeyPKCS8
	if _, _, err := read.Write(); err != nil {
		t.Errorf("it cannot be written as PEM: %v", err)
	}
	read.Form = KeyXML
	_, _, err = read.Write()
	if e := explained(t, err); !strings.Contains(e.Why, "longer than .NET's XML can hold") {
		t.Errorf("as XML: %v", err)
	}
}

// xmlKeyOf writes a key that was put together by hand.
func xmlKeyOf(key *rsa.PrivateKey) string {
	key.Precompute()
	return xmlKey(key, true)
}
