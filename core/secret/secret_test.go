package secret_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"partnerdesk/core/secret"
)

const canary = "7T:canary-in-a-coal-mine"

type holder struct {
	Name   string
	Ticket secret.Text
	Inner  *secret.Text
	Hidden struct{ t secret.Text }
}

func planted() holder {
	t := secret.New(canary)
	h := holder{Name: "n", Ticket: t, Inner: &t}
	h.Hidden.t = t
	return h
}

func TestNoVerbPrintsASecret(t *testing.T) {
	h := planted()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%08v"} {
		for _, v := range []any{h, &h, h.Ticket, h.Inner, []secret.Text{h.Ticket}, map[string]secret.Text{"k": h.Ticket}} {
			assertHidden(t, verb, fmt.Sprintf(verb, v))
		}
	}
}

func TestNoEncoderPrintsASecret(t *testing.T) {
	h := planted()
	j, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	assertHidden(t, "json", string(j))
	x, err := xml.Marshal(struct {
		XMLName xml.Name `xml:"holder"`
		Ticket  secret.Text
	}{Ticket: h.Ticket})
	if err != nil {
		t.Fatal(err)
	}
	assertHidden(t, "xml", string(x))
	var g bytes.Buffer
	_ = gob.NewEncoder(&g).Encode(h) // gob may refuse; it must not print
	assertHidden(t, "gob", g.String())
	var text, structured bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("x", "secret", h.Ticket, "holder", h)
	slog.New(slog.NewJSONHandler(&structured, nil)).Info("x", "secret", h.Ticket, "holder", h)
	assertHidden(t, "slog text", text.String())
	assertHidden(t, "slog json", structured.String())
	if !strings.Contains(structured.String(), secret.Mask) {
		t.Errorf("the log does not show that a secret stood here: %s", structured.String())
	}
}

func TestASecretIsDecodedFromAnAnswer(t *testing.T) {
	var answer struct {
		AccessToken secret.Text `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(`{"access_token":"8A:Cust1.x"}`), &answer); err != nil {
		t.Fatal(err)
	}
	if answer.AccessToken.Reveal() != "8A:Cust1.x" {
		t.Errorf("decoded %d characters", len(answer.AccessToken.Reveal()))
	}
}

func TestFingerprintComparesWithoutTelling(t *testing.T) {
	a, b := secret.New("one"), secret.New("two")
	if a.Fingerprint() == b.Fingerprint() || len(a.Fingerprint()) != 8 {
		t.Errorf("fingerprints %s and %s", a.Fingerprint(), b.Fingerprint())
	}
	if !a.Equal(secret.New("one")) || a.Equal(b) || a.Equal(secret.Text{}) {
		t.Error("Equal is wrong")
	}
	if (secret.Text{}).Fingerprint() != "none" {
		t.Error("the empty secret has a fingerprint")
	}
}

func assertHidden(t *testing.T, how, printed string) {
	t.Helper()
	if strings.Contains(printed, "canary") || strings.Contains(printed, fmt.Sprintf("%x", canary)) {
		t.Errorf("%s printed the secret: %s", how, printed)
	}
}
