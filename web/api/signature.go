package api

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// signedWithin is how far a signed request's time may be from now.
const signedWithin = 5 * time.Minute

// checkSignature refuses a request that is not signed with the key as Standard
// Webhooks 1.0 say. The answer does not tell which signature was expected.
func checkSignature(key []byte, in *pushInput, body []byte, now time.Time) error {
	if in.ID == "" || in.Timestamp == "" || in.Signature == "" {
		return newProblem(http.StatusUnauthorized, "This request has to be signed: webhook-id, webhook-timestamp and webhook-signature are missing.")
	}
	at, err := strconv.ParseInt(in.Timestamp, 10, 64)
	if err != nil || at < now.Add(-signedWithin).Unix() || at > now.Add(signedWithin).Unix() {
		return newProblem(http.StatusUnauthorized, "The webhook-timestamp is not within five minutes of this server's time.")
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.", in.ID, in.Timestamp)
	mac.Write(body)
	want := mac.Sum(nil)
	good := false
	for s := range strings.FieldsSeq(in.Signature) {
		encoded, v1 := strings.CutPrefix(s, "v1,")
		given, err := base64.StdEncoding.DecodeString(encoded)
		if v1 && err == nil && hmac.Equal(given, want) {
			good = true
		}
	}
	if !good {
		return newProblem(http.StatusUnauthorized, "The webhook-signature is not right.")
	}
	return nil
}
