package superid

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"math/big"
	"strings"

	"partnerdesk/core/secret"
)

// rsaKeyValue is .NET's RSA.ToXmlString: the names are those of XML Signature (section 4.5.2.2), the
// order is .NET's. The parts after Exponent are there for private keys only. DP, DQ and InverseQ follow
// from the rest: they are written, but not needed to read a key.
type rsaKeyValue struct {
	XMLName  xml.Name `xml:"RSAKeyValue"`
	Modulus  string
	Exponent string
	P        string `xml:",omitempty"`
	Q        string `xml:",omitempty"`
	DP       string `xml:",omitempty"`
	DQ       string `xml:",omitempty"`
	InverseQ string `xml:",omitempty"`
	D        string `xml:",omitempty"`
}

func isXMLKey(raw string) bool { return strings.HasPrefix(raw, "<") }

func decodeXMLKey(raw string) (rsaKeyValue, error) {
	d := xml.NewDecoder(strings.NewReader(raw))
	// The text is Unicode already, whatever encoding the declaration still names.
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var v rsaKeyValue
	if d.Decode(&v) != nil { // the error may quote the key
		return rsaKeyValue{}, refuseKey(ErrKeyForm, "it is no whole RSAKeyValue element")
	}
	return v, nil
}

func parseXMLKey(raw string) (*rsa.PrivateKey, error) {
	v, err := decodeXMLKey(raw)
	if err != nil {
		return nil, err
	}
	if v.Modulus != "" && v.Exponent != "" && v.D == "" && v.P == "" && v.Q == "" {
		return nil, refusePublic()
	}
	public, err := v.public()
	if err != nil {
		return nil, err
	}
	p, errP := xmlNumber("P", v.P)
	q, errQ := xmlNumber("Q", v.Q)
	d, errD := xmlNumber("D", v.D)
	if err := firstOf(errP, errQ, errD); err != nil {
		return nil, err
	}
	bits := public.N.BitLen()
	if p.BitLen()+q.BitLen() > bits+1 || d.BitLen() > bits {
		return nil, refuseKey(ErrKeyForm, "its numbers do not belong together")
	}
	return &rsa.PrivateKey{PublicKey: *public, D: d, Primes: []*big.Int{p, q}}, nil
}

// public reads the public half.
func (v rsaKeyValue) public() (*rsa.PublicKey, error) {
	n, errN := xmlNumber("Modulus", v.Modulus)
	e, errE := xmlNumber("Exponent", v.Exponent)
	if err := firstOf(errN, errE); err != nil {
		return nil, err
	}
	return publicKey(n, e)
}

// publicKey puts a public key together. Go, like most, takes exponents of 31 bits at most.
func publicKey(n, e *big.Int) (*rsa.PublicKey, error) {
	if e.Sign() <= 0 || e.BitLen() > 31 || n.Sign() <= 0 {
		return nil, refuseKey(ErrKeyForm, "its modulus or exponent is out of range")
	}
	return &rsa.PublicKey{N: n, E: int(e.Int64())}, nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// xmlNumber reads a big-endian number in base64; the decoder passes over line breaks, and the rest of
// the white space goes here.
func xmlNumber(name, text string) (*big.Int, error) {
	b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil || len(b) == 0 || len(b) > maxKeyDER {
		return nil, refuseKey(ErrKeyForm, "its "+name+" is missing or not base64")
	}
	return new(big.Int).SetBytes(b), nil
}

// xml writes both halves as .NET's RSA.ToXmlString does. .NET reads a private key only where every part has
// its full length, so short numbers get their leading zeros, and a key whose primes differ in length cannot
// be written.
func (k PrivateKey) xml() (private secret.Text, public string, err error) {
	key, v := k.RSA, publicXML(&k.RSA.PublicKey)
	half, crt := (key.Size()+1)/2, key.Precomputed
	publicText, err := xml.Marshal(v)
	if err != nil {
		return secret.Text{}, "", fmt.Errorf("write the public key as XML: %w", err)
	}
	for _, part := range []struct {
		to     *string
		number *big.Int
		length int
	}{
		{&v.P, key.Primes[0], half}, {&v.Q, key.Primes[1], half}, {&v.DP, crt.Dp, half}, {&v.DQ, crt.Dq, half},
		{&v.InverseQ, crt.Qinv, half}, {&v.D, key.D, key.Size()},
	} {
		if (part.number.BitLen()+7)/8 > part.length {
			return secret.Text{}, "", keyProblem(&keyRefusal{ErrKeyForm, "one of its numbers is longer than .NET's XML can hold", "Keep the key as PEM."})
		}
		*part.to = base64.StdEncoding.EncodeToString(part.number.FillBytes(make([]byte, part.length)))
	}
	privateText, err := xml.Marshal(v)
	if err != nil {
		return secret.Text{}, "", fmt.Errorf("write the private key as XML: %w", err)
	}
	return secret.New(string(privateText)), string(publicText), nil
}

func publicXML(key *rsa.PublicKey) rsaKeyValue {
	b64 := base64.StdEncoding.EncodeToString
	return rsaKeyValue{Modulus: b64(key.N.Bytes()), Exponent: b64(big.NewInt(int64(key.E)).Bytes())}
}
