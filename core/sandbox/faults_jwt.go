package sandbox

// idTokenFaults are about the token of a sign-in or a refresh.
func idTokenFaults() []fault {
	return []fault{
		{name: "id-token-wrong-issuer", about: "The id token's issuer ends in /login.", idToken: issuedByLogin},
		{name: "id-token-wrong-audience", about: "The id token is meant for another client.", idToken: setClaim("aud", strangeClient)},
		{name: "id-token-audience-list", about: "The audience is a list of two, and azp names the app; this is allowed.",
			idToken: audienceList(func(s *Sandbox) string { return s.app.ClientID })},
		{name: "id-token-wrong-azp", about: "The audience is a list of two, and azp names the other client.",
			idToken: audienceList(func(*Sandbox) string { return strangeClient })},
		{name: "id-token-wrong-nonce", about: "The id token has another sign-in's nonce.", idToken: setClaim(paramNonce, "another sign-in's nonce")},
		{name: "id-token-no-nonce", about: "The id token has no nonce.", idToken: dropClaims(paramNonce)},
		{name: "id-token-other-tenant", about: "The id token is about another tenant than the one that was asked for.", idToken: otherTenant},
		{name: "id-token-alg-none", about: "The id token is not signed, and its header says alg none.", idToken: algNone},
		{name: "id-token-alg-hs256", about: "The id token is signed with HS256, with the public key as the secret.", idToken: algHS256},
		{name: "id-token-bad-signature", about: "One bit of the id token's signature is wrong.", idToken: badSignature},
		{name: "id-token-expired", about: "All times of the id token lie an hour back.", idToken: shifted(-wrongHour)},
		{name: "id-token-not-yet-valid", about: "All times of the id token lie an hour ahead.", idToken: shifted(wrongHour)},
		{name: "id-token-iat-quoted", about: "iat is a number in quotes, as some real tokens have it; this is to be accepted.", idToken: quotedIat},
		{name: "id-token-no-iat", about: "The id token has no iat.", idToken: dropClaims("iat")},
		{name: "id-token-no-exp", about: "The id token has no exp.", idToken: dropClaims("exp")},
		{name: "id-token-no-sub", about: "The id token has no sub.", idToken: dropClaims("sub")},
		{name: "id-token-no-ctx", about: "The id token names no tenant.", idToken: dropClaims("ctx")},
		{name: "id-token-wrong-types", about: "aud is [1], and four other claims are JSON of the wrong kind.", idToken: wrongTypes},
		{name: "id-token-crit", about: "The header demands an extension that nobody knows.", idToken: critical},
		{name: "id-token-duplicate-claims", about: "sub and ctx stand in the id token twice, first with other values.", idToken: doubled},
		{name: "id-token-no-kid", about: "The header has no kid, but an x5t.", idToken: unnamedKey},
		{name: "id-token-no-kid-no-x5t", about: "The header does not say which key has signed; there is one only.", idToken: keyWithoutHint},
		{name: "id-token-unknown-kid", about: "The header names a key that is not in the key set.", idToken: unknownKey},
		{name: "id-token-huge", about: "The id token is larger than 2 MB.", idToken: padded},
		{name: "id-token-no-api-addresses", about: "The id token names no addresses of web services, as SuperOffice has announced.",
			idToken: dropClaims("netserver_url", "webapi_url")},
		{name: "id-token-old-api-addresses", about: "The addresses of web services are old ones: another host, with :443.",
			idToken: func(_ *Sandbox, t tenant, d *draft) {
				d.claims[claimPrefix+"webapi_url"] = "https://online1.superoffice.example:443/" + t.Ctx + "/api/"
				d.claims[claimPrefix+"netserver_url"] = "https://online1.superoffice.example:443/" + t.Ctx + "/Remote/Services88/"
			}},
		{name: "id-token-sparse", about: "Every claim that may be absent is.",
			idToken: dropClaims("upn", "email", "initials", "so_primary_email_address", "identityprovider", "netserver_url", "webapi_url")},
		{name: "id-token-unknown-claims", about: "The id token has claims that no document names, of every kind.",
			idToken: func(_ *Sandbox, _ tenant, d *draft) {
				d.claims[claimPrefix+"licence"] = map[string]any{"seats": 12, "modules": []any{"sales", nil}}
				d.claims["amr"] = []string{"pwd"}
			}},
	}
}

// exchangeTokenFaults are about the token that an exchange returns.
func exchangeTokenFaults() []fault {
	return []fault{
		{name: "exchange-token-wrong-issuer", about: "The returned token's issuer is the sign-in's, not SuperOffice AS.",
			exchanged: func(s *Sandbox, _ tenant, d *draft) { d.claims["iss"] = s.base }},
		{name: "exchange-token-wrong-audience", about: "The audience is spn: and another serial number than the token's own.",
			exchanged: func(_ *Sandbox, t tenant, d *draft) { d.claims["aud"] = "spn:" + t.Serial + "0" }},
		{name: "exchange-token-other-tenant", about: "The token's ctx is another tenant's.",
			exchanged: func(_ *Sandbox, t tenant, d *draft) { d.claims[claimPrefix+"ctx"] = t.Ctx + "0" }},
		{name: "exchange-token-other-serial", about: "Audience and serial number agree with each other, but not with the tenant.",
			exchanged: otherSerial},
		{name: "exchange-token-alg-none", about: "The returned token is not signed, and its header says alg none.", exchanged: algNone},
		{name: "exchange-token-bad-signature", about: "One bit of the returned token's signature is wrong.", exchanged: badSignature},
		{name: "exchange-token-expired", about: "All times of the returned token lie an hour back.", exchanged: shifted(-wrongHour)},
		{name: "exchange-token-no-ticket", about: "The returned token holds no ticket.", exchanged: dropClaims("ticket")},
		{name: faultNewSystemToken, about: "Each exchange replaces the system user token; the one that was sent is refused from then on."},
	}
}
