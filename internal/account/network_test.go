package account

import "testing"

func TestNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"203.0.113.9": "203.0.113.9", "203.0.113.9:80": "203.0.113.9", "::ffff:203.0.113.9": "203.0.113.9",
		"2001:db8:1:2:3::4": "2001:db8:1:2::/64", "[2001:db8:1:2:5::4]:80": "2001:db8:1:2::/64", "[fe80::1%eth0]:80": "fe80::/64",
		"odd": "odd", "": "",
	} {
		if got := Network(address); got != want {
			t.Errorf("%s counts as %s, want %s", address, got, want)
		}
	}
}
