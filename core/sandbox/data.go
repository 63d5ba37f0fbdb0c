package sandbox

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// companyNames are what tenants are called: every script and mark that a program stumbles over.
func companyNames() []string {
	return []string{
		"Fjellfisk & Sønner AS",
		"Zakład Ślusarski Żółw Sp. z o.o.",
		"株式会社さくら商事",
		"O'Brien’s Bakery Ltd",
		"Müller & Söhne Straßenbau GmbH",
		"Ελαιόλαδα Κρήτης Α.Ε.",
		"شركة النور للتجارة",
		"Žluťoučký Kůň s.r.o.",
		"Ünlü Çelik Sanayi A.Ş.",
		"Société Générale d’Étude <Lyon>",
		"Ísafold – Þjónusta ehf.",
		"ТОВ «Їжак і Ґава»",
	}
}

func countries() []country {
	return []country{
		{578, "Norway", "NO", "NOK", "47"},
		{616, "Poland", "PL", "PLN", "48"},
		{392, "Japan", "JP", "JPY", "81"},
		{372, "Ireland", "IE", "EUR", "353"},
		{276, "Germany", "DE", "EUR", "49"},
	}
}

const (
	firstCtx = 10001
	// severalTenants is how many tenants the administrator of several has, while there are enough.
	severalTenants = 3
	loginDomain    = "@sandbox.example"
	adminLogin     = "admin" + loginDomain
	userLogin      = "user" + loginDomain
)

// makeTenants makes n tenants. The same seed makes the same ones.
func makeTenants(n int, dice *rand.Rand) []tenant {
	names, lands := companyNames(), countries()
	tenants := make([]tenant, n)
	for i := range tenants {
		name := names[i%len(names)]
		if round := i / len(names); round > 0 {
			name += " " + strconv.Itoa(round+1)
		}
		ctx := "Cust" + strconv.Itoa(firstCtx+i)
		tenants[i] = tenant{
			Ctx: ctx, CompanyName: name, Country: lands[i%len(lands)],
			// The running number keeps two tenants from drawing the same serial.
			Serial:     fmt.Sprintf("1%03d%06d", dice.IntN(1000), i*97+dice.IntN(97)),
			SystemUser: makeSystemUser(ctx, dice),
		}
	}
	return tenants
}

func makeSystemUser(ctx string, dice *rand.Rand) associate {
	return associate{
		ID: 200 + dice.IntN(50), Name: "SYS-PD", FullName: appName + " (system user)",
		PersonID: 900 + dice.IntN(90), Login: "systemuser." + strings.ToLower(ctx) + loginDomain,
		System: true,
	}
}

// makeUsers makes one administrator of several tenants but not of all, one administrator of each tenant
// that is left, and one user who is no administrator.
func makeUsers(tenants []tenant, dice *rand.Rand) []user {
	several := min(severalTenants, max(1, len(tenants)-1))
	users := []user{
		newUser(adminLogin, "Ada Ødegård", "AØ", true, tenants[:several], dice),
		newUser(userLogin, "Uli Nørdmann", "UN", false, tenants[:1], dice),
	}
	for i := several; i < len(tenants); i++ {
		number := strings.TrimPrefix(tenants[i].Ctx, "Cust")
		users = append(users, newUser("admin"+number+loginDomain, "Administrator "+number, "A"+number, true,
			tenants[i:i+1], dice))
	}
	return users
}

func newUser(login, name, initials string, admin bool, of []tenant, dice *rand.Rand) user {
	u := user{Login: login, FullName: name, Initials: initials, Administrator: admin}
	for _, t := range of {
		m := membership{Ctx: t.Ctx, AssociateID: 5 + dice.IntN(90), PersonID: 10 + dice.IntN(800)}
		if !admin {
			m.AssociateID += 95 // so that no two people of a tenant share a number
		}
		u.Memberships = append(u.Memberships, m)
	}
	return u
}

// directory finds tenants and users. It never changes once it is made.
type directory struct {
	tenants []tenant
	users   []user
	byCtx   map[string]*tenant // by the lower-case context identifier
	byLogin map[string]*user   // by the lower-case login
}

func newDirectory(tenants []tenant, users []user) *directory {
	d := &directory{tenants: tenants, users: users, byCtx: map[string]*tenant{}, byLogin: map[string]*user{}}
	for i := range tenants {
		d.byCtx[strings.ToLower(tenants[i].Ctx)] = &tenants[i]
	}
	for i := range users {
		d.byLogin[strings.ToLower(users[i].Login)] = &users[i]
	}
	return d
}

func (d *directory) tenant(ctx string) (tenant, bool) {
	t, ok := d.byCtx[strings.ToLower(ctx)]
	if !ok {
		return tenant{}, false
	}
	return *t, true
}

func (d *directory) user(login string) (user, bool) {
	u, ok := d.byLogin[strings.ToLower(strings.TrimSpace(login))]
	if !ok {
		return user{}, false
	}
	return *u, true
}

// tenantsOf lists the tenants that u belongs to.
func (d *directory) tenantsOf(u user) []tenant {
	out := make([]tenant, 0, len(u.Memberships))
	for _, m := range u.Memberships {
		if t, ok := d.tenant(m.Ctx); ok {
			out = append(out, t)
		}
	}
	return out
}
