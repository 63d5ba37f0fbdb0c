package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"partnerdesk/app"
	"partnerdesk/core/secret"
	"partnerdesk/core/tenant"
	"partnerdesk/core/workbench"
)

// registrationCommand holds the commands on registrations.
type registrationCommand struct {
	Add    addRegistration    `cmd:"" help:"Store an app's registration, in the place of one of the same name."`
	List   listRegistrations  `cmd:"" help:"List the registrations."`
	Use    useRegistration    `cmd:"" help:"Make a registration the one that sign-in uses when none is named."`
	Remove removeRegistration `cmd:"" help:"Remove a registration that no tenant hangs on."`
}

// The environment variables that a secret may come from, where no file is named.
const (
	clientSecretVariable = "PARTNERDESK_CLIENT_SECRET"
	privateKeyVariable   = "PARTNERDESK_PRIVATE_KEY"
	// keyPassphraseVariable is used with an encrypted key only.
	keyPassphraseVariable = "PARTNERDESK_KEY_PASSPHRASE"
)

type addRegistration struct {
	Name                     string                  `arg:"" help:"What to call it."`
	Environment              tenant.Environment      `required:"" enum:"sandbox, sod, qaonline, online, custom" placeholder:"ENV" help:"One of ${enum}."`
	BaseURL                  string                  `placeholder:"URL" help:"The address of a custom environment."`
	ClientID                 string                  `required:"" placeholder:"ID" help:"The client id: 32 hexadecimal digits."`
	ClientSecretFile         string                  `placeholder:"F" help:"The file with the client secret; - for standard input, the null device for an app that has none. Without it: the variable PARTNERDESK_CLIENT_SECRET."`
	PrivateKey               string                  `placeholder:"F" help:"The file with the app's private key, XML or PEM; - for standard input. Without it: the variable PARTNERDESK_PRIVATE_KEY."`
	PrivateKeyPassphraseFile string                  `placeholder:"F" help:"The file with the passphrase of an encrypted private key, which is stored without it; - for standard input. Without it: the variable PARTNERDESK_KEY_PASSPHRASE."`
	Certificate              string                  `placeholder:"F" help:"The file with SuperOffice's public certificate of this environment, PEM or DER, to validate tokens with in the place of the key set."`
	RedirectURI              string                  `placeholder:"URI" default:"http://127.0.0.1:0" help:"The loopback address that the portal knows; port 0 for any (default ${default})."`
	RedirectPattern          string                  `placeholder:"P" help:"What the portal knows: a redirect URI, or a regular expression such as ^http://127.0.0.1\\:\\d{4,10}$$. Refuses a --redirect-uri that does not fit it."`
	Exchange                 tenant.ExchangeProtocol `enum:"rest, soap" default:"rest" placeholder:"P" help:"How system user tokens are exchanged for tickets: ${enum} (default ${default})."`
}

// Validate refuses flags that cannot be right whatever the data directory holds.
func (c *addRegistration) Validate() error {
	fixed := c.Environment.BaseURL()
	switch {
	case !slices.Contains(tenant.Environments(), c.Environment):
		return nil // what the parser finds wrong with it comes first
	case c.Environment == tenant.Custom && c.BaseURL == "":
		return errors.New("a custom environment needs --base-url")
	case c.Environment == tenant.Sandbox && c.BaseURL != "":
		return errors.New("the sandbox has no fixed address: leave --base-url out")
	case fixed != "" && c.BaseURL != "" && strings.TrimRight(c.BaseURL, "/") != fixed:
		return fmt.Errorf("the address of %s is %s: leave --base-url out", c.Environment, fixed)
	case c.PrivateKeyPassphraseFile != "" && c.PrivateKey == "" && os.Getenv(privateKeyVariable) == "":
		return errors.New("there is a passphrase, but no private key")
	case c.ClientSecretFile == "" && os.Getenv(clientSecretVariable) == "":
		return fmt.Errorf("--client-secret-file is missing, and %s is not set", clientSecretVariable)
	}
	if err := oneOnStandardInput("client secret, private key, passphrase and certificate",
		c.ClientSecretFile, c.PrivateKey, c.PrivateKeyPassphraseFile, c.Certificate); err != nil {
		return err
	}
	if c.RedirectPattern != "" {
		if err := tenant.RedirectURIFits(c.RedirectPattern, c.RedirectURI); err != nil {
			return err
		}
	}
	base := c.BaseURL
	if c.Environment == tenant.Sandbox {
		base = "http://127.0.0.1" // the real one is known when the sandbox has been found
	}
	return c.registration(base, secret.Text{}, secret.Text{}).Validate()
}

func (c *addRegistration) registration(base string, clientSecret, privateKey secret.Text) tenant.Registration {
	return tenant.Registration{
		Name: c.Name, Environment: c.Environment, Base: strings.TrimRight(cmp.Or(c.Environment.BaseURL(), base), "/"),
		ClientID: c.ClientID, ClientSecret: clientSecret, PrivateKey: privateKey, RedirectURI: c.RedirectURI,
		Exchange: c.Exchange,
	}
}

// Run stores the registration. The secrets are read before the data directory is touched.
func (c *addRegistration) Run(ctx context.Context, s *session) error {
	clientSecret, err := s.secretOf("client secret", c.ClientSecretFile, clientSecretVariable)
	if err != nil {
		return err
	}
	if strings.ContainsAny(clientSecret.Reveal(), " \t\r\n") {
		return unreadable("client secret", cmp.Or(c.ClientSecretFile, clientSecretVariable), errors.New("it holds more than one word"), "")
	}
	privateKey, err := s.openKey(c.PrivateKey, c.PrivateKeyPassphraseFile)
	if err != nil {
		return err
	}
	certificate, err := s.certificateOf(c.Certificate)
	if err != nil {
		return err
	}
	return s.with(ctx, func(a *app.App) error {
		base := c.BaseURL
		if c.Environment == tenant.Sandbox {
			if err := a.Sandbox.Ensure(ctx); err != nil {
				return err
			}
			base = a.Sandbox.BaseURL()
		}
		reg := c.registration(base, clientSecret, privateKey)
		reg.Certificate = string(certificate)
		if err := a.Workbench.AddRegistration(ctx, reg); err != nil {
			return err
		}
		if key, err := workbench.CheckKey(privateKey, secret.Text{}); err == nil && key.Weak {
			s.out.note("The private key has %d bits: %s.\n", key.Bits, weakKeyWarning())
		}
		return s.showRegistration(ctx, a, c.Name)
	})
}

// secretOf reads a secret from the file that was named, else from the environment.
func (s *session) secretOf(what, file, variable string) (secret.Text, error) {
	if file != "" {
		return s.readSecret(what, file)
	}
	return secret.New(strings.TrimRight(os.Getenv(variable), "\r\n")), nil
}

func (s *session) showRegistration(ctx context.Context, a *app.App, name string) error {
	o, err := a.Workbench.Overview(ctx)
	if err != nil {
		return err
	}
	r, _ := findRegistration(o, name)
	return s.out.value(r, func(w io.Writer) { writeRegistration(w, r) })
}

func writeRegistration(w io.Writer, r workbench.RegistrationView) {
	fmt.Fprintf(w, "Registration:\t%s\n", plain(r.Name))
	fmt.Fprintf(w, "Environment:\t%s\n", r.Environment.Label())
	fmt.Fprintf(w, "Address:\t%s\n", plain(r.Base))
	fmt.Fprintf(w, "Client id:\t%s\n", r.ClientID)
	fmt.Fprintf(w, "Client secret:\t%s\n", fingerprint(r.SecretFingerprint, "none: sign-in only, no system user"))
	fmt.Fprintf(w, "Private key:\t%s\n", fingerprint(r.KeyFingerprint, "none: no system user"))
	fmt.Fprintf(w, "Certificate:\t%s\n", pinned(r.Certificate))
	fmt.Fprintf(w, "Redirect URI:\t%s\n", plain(r.RedirectURI))
	fmt.Fprintf(w, "Exchange:\tby %s\n", strings.ToUpper(string(r.Exchange)))
	fmt.Fprintf(w, "Current:\t%s\n", yesNo(r.Current))
}

// pinned names a certificate as tokens do.
func pinned(c *workbench.CertificateView) string {
	if c == nil {
		return "none: tokens are validated with the key set"
	}
	text := fmt.Sprintf("pinned, thumbprint %s, until %s", c.Thumbprint, at(c.NotAfter))
	if c.Warning != "" {
		text += ". " + c.Warning
	}
	return text
}

// fingerprint names a secret by its fingerprint, or says what it means that there is none.
func fingerprint(f, none string) string {
	if f == "none" {
		return none
	}
	return "fingerprint " + f
}

type listRegistrations struct{}

// Run lists the registrations. On a new data directory this is what brings the built-in one into being.
func (listRegistrations) Run(ctx context.Context, s *session) error {
	return s.with(ctx, func(a *app.App) error {
		o, err := a.Workbench.Overview(ctx)
		if err != nil {
			return err
		}
		if _, found := findRegistration(o, tenant.SandboxName); !found {
			if err := a.Sandbox.Ensure(ctx); err != nil {
				s.out.warn(err) // the other registrations are there all the same
			}
			if o, err = a.Workbench.Overview(ctx); err != nil {
				return err
			}
		}
		s.warnOfDamage(o)
		list := append([]workbench.RegistrationView{}, o.Registrations...)
		return s.out.value(list, func(w io.Writer) { writeRegistrations(w, list) })
	})
}

func writeRegistrations(w io.Writer, list []workbench.RegistrationView) {
	fmt.Fprintln(w, "\tNAME\tENVIRONMENT\tCLIENT ID\tADDRESS")
	for _, r := range list {
		mark := ""
		if r.Current {
			mark = "*"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", mark, plain(r.Name), r.Environment, r.ClientID, plain(r.Base))
	}
}

type useRegistration struct {
	Name string `arg:"" help:"The registration."`
}

// Run makes the registration the current one.
func (c *useRegistration) Run(ctx context.Context, s *session) error {
	return s.with(ctx, func(a *app.App) error {
		if err := s.ensureBuiltIn(ctx, a, c.Name); err != nil {
			return err
		}
		if err := a.Workbench.UseRegistration(ctx, c.Name); err != nil {
			return err
		}
		return s.showRegistration(ctx, a, c.Name)
	})
}

// ensureBuiltIn brings the built-in registration into being where it is named and not there yet.
func (s *session) ensureBuiltIn(ctx context.Context, a *app.App, name string) error {
	if name != tenant.SandboxName {
		return nil
	}
	o, err := a.Workbench.Overview(ctx)
	if err != nil {
		return err
	}
	if _, found := findRegistration(o, name); found {
		return nil
	}
	return a.Sandbox.Ensure(ctx)
}

type removeRegistration struct {
	Name string `arg:"" help:"The registration."`
}

// Run removes the registration.
func (c *removeRegistration) Run(ctx context.Context, s *session) error {
	return s.with(ctx, func(a *app.App) error {
		if err := a.Workbench.RemoveRegistration(ctx, c.Name); err != nil {
			return err
		}
		removed := struct {
			Removed string `json:"removed"`
		}{c.Name}
		return s.out.value(removed, func(w io.Writer) { fmt.Fprintf(w, "Removed the registration %s.\n", plain(c.Name)) })
	})
}
