package journal

import "strings"

// namesSecret reports whether an attribute's key says that its value is a secret, in any spelling. It errs
// on the side of hiding: "token_type" is hidden too.
func namesSecret(key string) bool {
	for i := range len(key) {
		for _, word := range secretWords(key[i]) {
			if beginsWith(key[i:], word) {
				return true
			}
		}
	}
	// Everyday words hide only when they stand alone: "status_code" and "tenant_state" are shown.
	for segment := range strings.SplitSeq(key, ".") {
		var buf [24]byte
		switch string(plainName(buf[:0], segment)) {
		case "code", "state", "authcode", "oauthstate", "pem", "pwd", "pin":
			return true
		}
	}
	return false
}

// secretWords returns the words that begin with c, so that most characters of a key cost one comparison.
func secretWords(c byte) []string {
	switch c | 0x20 {
	case 'a':
		return wordsA[:]
	case 'b':
		return wordsB[:]
	case 'c':
		return wordsC[:]
	case 'j':
		return wordsJ[:]
	case 'n':
		return wordsN[:]
	case 'p':
		return wordsP[:]
	case 's':
		return wordsS[:]
	case 't':
		return wordsT[:]
	case 'v':
		return wordsV[:]
	}
	return nil
}

var (
	wordsA = [...]string{"authorization", "apikey", "assertion"}
	wordsB = [...]string{"bearer"}
	wordsC = [...]string{"cookie"}
	wordsJ = [...]string{"jwt"}
	wordsN = [...]string{"nonce"}
	wordsP = [...]string{"password", "passwd", "passphrase", "privatekey"}
	wordsS = [...]string{"secret", "signingkey"}
	wordsT = [...]string{"token", "ticket"}
	wordsV = [...]string{"verifier"}
)

// beginsWith reports whether key begins with word, whatever its case, dashes, underscores and spaces.
func beginsWith(key, word string) bool {
	n := 0
	for i := 0; i < len(key) && n < len(word); i++ {
		switch c := key[i]; {
		case c|0x20 == word[n]:
			n++
		case c != '-' && c != '_' && c != ' ':
			return false
		}
	}
	return n == len(word)
}

// harmlessKey knows the keys that speak of a secret without telling it.
func harmlessKey(key string) bool {
	return hasSuffixFold(key, "fingerprint") || hasSuffixFold(key, "_until")
}

func hasSuffixFold(s, suffix string) bool {
	return len(s) >= len(suffix) && strings.EqualFold(s[len(s)-len(suffix):], suffix)
}
