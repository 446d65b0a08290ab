package account

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// DeviceLife is how long a browser counts as one that signed in before.
const DeviceLife = 180 * 24 * time.Hour

// newDevice gives what a browser keeps that has signed in: the user's id, an id
// of the browser, the time it ends (Unix seconds), and a signature. It is signed
// with the hash of the password, so that a new password ends all of them.
func newDevice(u User, now time.Time) string {
	text := u.ID + "." + rand.Text() + "." + strconv.FormatInt(now.Add(DeviceLife).Unix(), 10)
	return text + "." + deviceMAC(u, text)
}

func deviceMAC(u User, text string) string {
	mac := hmac.New(sha256.New, []byte("adalid device\x00"+u.Password))
	mac.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// deviceOf gives the id of the browser where it signed in as the user before, ""
// where it did not.
func deviceOf(u User, cookie string, now time.Time) string {
	parts := strings.Split(cookie, ".")
	if len(parts) != 4 || u.Password == "" || parts[0] != u.ID || len(cookie) > 300 {
		return ""
	}
	text := strings.Join(parts[:3], ".")
	ends, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || now.Unix() >= ends || !hmac.Equal([]byte(deviceMAC(u, text)), []byte(parts[3])) {
		return ""
	}
	return parts[1]
}
