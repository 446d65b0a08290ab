package account

import (
	"net"
	"net/netip"
)

// Network is what counts as one address where requests are limited by where they
// come from: an address with or without a port; of IPv6 the first 64 bits, which
// one customer has to themselves. What is no address counts as it is.
func Network(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap().WithZone(""); ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}
