package sandbox

import "time"

// Paths, as the metadata writes them. They are matched without regard to case, as ASP.NET does.
const (
	pathMetadata  = "/login/.well-known/openid-configuration"
	pathJWKS      = "/login/.well-known/jwks"
	pathAuthorize = "/login/common/oauth/authorize"
	pathTokens    = "/login/common/oauth/tokens"
	pathRevoke    = "/login/common/oauth/Revoke"
	pathLogout    = "/login/logout"
	pathExchange  = "/Login/api/PartnerSystemUser/Authenticate"
	pathSOAP      = "/Login/services/PartnerSystemUserService.svc"
	pathState     = "/api/state/"
	pathTenants   = "/tenants"
	pathControl   = "/control"
	pathProof     = "/control/proof"
	pathCounters  = "/control/counters"
	pathFaults    = "/control/faults"
	pathStyle     = "/sandbox.css"
)

// The words of OAuth and OpenID Connect that occur more than once.
const (
	paramClientID     = "client_id"
	paramClientSecret = "client_secret"
	paramRedirectURI  = "redirect_uri"
	paramState        = "state"
	paramCode         = "code"
	paramNonce        = "nonce"
	paramScope        = "scope"
	paramError        = "error"
	paramErrorText    = "error_description"

	grantCode    = "authorization_code"
	grantRefresh = "refresh_token"

	algRS256 = "RS256"

	modeQuery    = "query"
	modeFormPost = "form_post"

	errInvalidRequest = "invalid_request"
	errInvalidClient  = "invalid_client"
	errInvalidGrant   = "invalid_grant"
	errInvalidScope   = "invalid_scope"
	errAccessDenied   = "access_denied"
)

// claimPrefix precedes SuperOffice's own claims.
const claimPrefix = "http://schemes.superoffice.net/identity/"

const (
	typeJSON   = "application/json"
	typeHTML   = "text/html; charset=utf-8"
	typeForm   = "application/x-www-form-urlencoded"
	hContent   = "Content-Type"
	hCache     = "Cache-Control"
	hAccept    = "Accept"
	noStore    = "no-store"
	appToken   = "SO-AppToken"
	sevenDigit = "2006-01-02T15:04:05.0000000Z07:00"
)

// How long things live.
const (
	codeLife        = 10 * time.Minute
	accessTokenLife = time.Hour
	shortTokenLife  = 20 * time.Minute // what another document says of the same token
	ticketLife      = 6 * time.Hour    // and anew with each use
	idTokenLife     = 5 * time.Minute
	idTokenEarlier  = time.Minute // how much nbf lies before iat
	exchangeLife    = 5 * time.Minute
	stampWindow     = 5 * time.Minute // how far the minute stamp of a signed token may be off, either way
	statusLife      = 5 * time.Minute
)

// Bounds of what is read and kept.
const (
	maxBody         = 1 << 20
	maxCodes        = 10_000
	maxAccessTokens = 50_000
	maxTickets      = 50_000
	maxListed       = 200
	pageLength      = 100
	maxTenants      = 10_000
)
