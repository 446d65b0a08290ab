package fetch

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"adalid/collectors"
)

// forbidden are addresses that no request may reach, in every class.
var forbidden = []string{
	"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
	"169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1",
	"192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
	"240.0.0.1", "255.255.255.255", "168.63.129.16",
	"::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
	"64:ff9b:1::1", "100::1", "2001::1", "2001:0:53aa:64c:0:fbff:80ff:fffe", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::1", "2002:a9fe:a9fe::1",
	"3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fd20:ce::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
	"2a00:1450:4001::5efe:10.0.0.1", "2a00:1450:4001::200:5efe:7f00:1",
}

func TestTheGuardJudgesAddresses(t *testing.T) {
	judge := newJudge()
	for _, a := range forbidden {
		network := "tcp4"
		if strings.Contains(a, ":") {
			network = "tcp6"
		}
		for _, port := range []string{"80", "443"} {
			if err := judge(network, net.JoinHostPort(a, port)); err == nil {
				t.Errorf("%s passes", a)
			}
		}
	}
	for _, a := range []string{"8.8.8.8:80", "8.8.8.8:443", "172.32.0.1:443", "100.128.0.1:80", "168.63.129.17:80", "[2a00:1450:4001:800::200e]:443"} {
		network := "tcp4"
		if a[0] == '[' {
			network = "tcp6"
		}
		if err := judge(network, a); err != nil {
			t.Errorf("%s: %v", a, err)
		}
	}
	for _, c := range [][2]string{{"tcp4", "8.8.8.8:22"}, {"tcp4", "8.8.8.8:8080"}, {"tcp4", "8.8.8.8:0"}, {"udp4", "8.8.8.8:443"}, {"unix", "/run/x"}, {"tcp4", "8.8.8.8"}, {"tcp4", "host:80"}} {
		if err := judge(c[0], c[1]); err == nil {
			t.Errorf("%s %s passes", c[0], c[1])
		}
	}
}

// names is a DNS server in memory: each question for a name takes the next of
// its answers, the last one stays.
type names struct {
	mu      sync.Mutex
	answers map[string][]string
	all     string // for every other name
}

func (n *names) next(name string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := n.answers[strings.ToLower(strings.TrimSuffix(name, "."))]
	if len(list) == 0 {
		return n.all
	}
	if len(list) > 1 {
		n.answers[name] = list[1:]
	}
	return list[0]
}

func (n *names) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go n.answer(ours)
		return theirs, nil
	}}
}

func (n *names) answer(c net.Conn) {
	defer c.Close()
	for {
		var size [2]byte
		if _, err := io.ReadFull(c, size[:]); err != nil {
			return
		}
		question := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(c, question); err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(question) != nil || len(m.Questions) == 0 {
			return
		}
		q := m.Questions[0]
		reply := dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true}, Questions: m.Questions[:1]}
		if q.Type == dnsmessage.TypeA {
			for a := range strings.FieldsSeq(n.next(q.Name.String())) {
				reply.Answers = append(reply.Answers, dnsmessage.Resource{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1},
					Body:   &dnsmessage.AResource{A: [4]byte(net.ParseIP(a).To4())},
				})
			}
		}
		out, err := reply.Pack()
		if err != nil {
			return
		}
		if _, err := c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(out))), out...)); err != nil {
			return
		}
	}
}

// recorded is a Client that never connects: what would have been dialled is
// written down after the guard had its word.
type recorded struct {
	*Client
	mu      sync.Mutex
	dialled []string
}

func recorder(t *testing.T, dns *names, allow ...string) *recorded {
	t.Helper()
	c, err := New(Options{UserAgent: "test", AllowHosts: allow, Resolver: dns.resolver()})
	if err != nil {
		t.Fatal(err)
	}
	r := &recorded{Client: c}
	c.connect = func(_, address string) error {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.dialled = append(r.dialled, address)
		return &refusal{address: address} // nothing leaves this test
	}
	t.Cleanup(c.Close)
	return r
}

// try sends a request; the addresses it would have reached.
func (r *recorded) try(t *testing.T, address string) ([]string, error) {
	t.Helper()
	req := &http.Request{Method: http.MethodGet, Header: http.Header{}}
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	req.URL, r.dialled = u, nil
	_, err = r.Doer("x", collectors.Limits{}).Do(req.WithContext(t.Context()))
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Compact(r.dialled), err
}

// escapes are the ways into a private network; where names are resolved, every
// resolver is taken to give what the one of inet_aton would.
func escapes() map[string]string {
	hosts := map[string]string{ // host as written: the address a resolver makes of it
		"2130706433": "127.0.0.1", "0177.0.0.1": "127.0.0.1", "0x7f.0.0.1": "127.0.0.1", "0x7f000001": "127.0.0.1", "127.1": "127.0.0.1",
		"017700000001": "127.0.0.1", "2852039166": "169.254.169.254", "0xa9fea9fe": "169.254.169.254", "0": "0.0.0.0",
		"private.example": "10.0.0.1", "PRIVATE.Example": "10.0.0.1", "private.example.": "10.0.0.1", "b\u00fccher.example": "192.168.1.1",
		"metadata.example": "169.254.169.254", "azure.example": "168.63.129.16", "cgnat.example": "100.64.1.1", "%31%32%37.0.0.1": "127.0.0.1",
		"①②⑦.⓪.⓪.①": "127.0.0.1", "127。0。0。1": "127.0.0.1", "two.example": "10.0.0.1 10.0.0.2",
	}
	for _, a := range forbidden {
		if a == "::ffff:8.8.8.8" {
			continue // the system makes it the public address that it is
		}
		if strings.Contains(a, ":") {
			hosts["["+strings.ReplaceAll(a, "%", "%25")+"]"] = ""
		} else {
			hosts[a] = ""
			hosts[a+"."] = a
		}
	}
	return hosts
}

func TestNothingPrivateIsDialled(t *testing.T) {
	for host, address := range escapes() {
		r := recorder(t, &names{all: address})
		for _, u := range []string{"http://" + host + "/", "https://" + host + "/latest/meta-data", "http://" + host + ":80/x"} {
			dialled, err := r.try(t, u)
			if len(dialled) > 0 || err == nil {
				t.Errorf("%s: dialled %v, %v", u, dialled, err)
			}
		}
	}
}

// TestTheGuardIsWhatHolds removes the guard: then TestNothingPrivateIsDialled
// would fail.
func TestTheGuardIsWhatHolds(t *testing.T) {
	escaped := 0
	for host, address := range escapes() {
		r := recorder(t, &names{all: address})
		r.judge = func(string, string) error { return nil }
		if dialled, _ := r.try(t, "http://"+host+"/"); len(dialled) > 0 {
			escaped++
		}
	}
	if escaped < 50 {
		t.Errorf("without the guard only %d addresses are dialled: the matrix tests nothing", escaped)
	}
}

func TestAddressesThatAreNoAddresses(t *testing.T) {
	r := recorder(t, &names{all: "8.8.8.8"}, "127.0.0.1", "good.example")
	for _, u := range []string{
		"http://good.example@127.0.0.1/", "http://127.0.0.1:80@good.example/", "http://user:canary@good.example/", "http://@good.example/",
		"file:///etc/passwd", "gopher://good.example/", "ftp://good.example/", "http:good.example", "http:///x", "//good.example/", "good.example", "http://:80/",
		"unix:///run/docker.sock", "HTTPX://good.example/", "javascript:alert(1)", "data:text/plain,x",
	} {
		dialled, err := r.try(t, u)
		if len(dialled) > 0 || err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: dialled %v, %v", u, dialled, err)
		}
	}
	for _, u := range []string{`http://good.example\@127.0.0.1/`, "http://good.example%00.example/", "http://[::1", "http://good.example:99999999/"} {
		if dialled, err := r.try(t, u); len(dialled) > 0 || err == nil {
			t.Errorf("%s: dialled %v, %v", u, dialled, err)
		}
	}
}

func TestRebinding(t *testing.T) {
	dns := &names{answers: map[string][]string{"turn.example": {"8.8.8.8", "127.0.0.1"}, "mixed.example": {"10.0.0.1 8.8.4.4"}}}
	r := recorder(t, dns)
	for range 3 {
		dialled, err := r.try(t, "http://turn.example/")
		if err == nil || slices.ContainsFunc(dialled, func(a string) bool { return a != "8.8.8.8:80" }) {
			t.Errorf("dialled %v, %v", dialled, err)
		}
	}
	if dialled, _ := r.try(t, "http://mixed.example/"); !slices.Contains(dialled, "8.8.4.4:80") || slices.Contains(dialled, "10.0.0.1:80") {
		t.Errorf("of a public and a private address %v are dialled", dialled)
	}
}

func TestTheAllowList(t *testing.T) {
	dns := &names{all: "10.0.0.1"}
	r := recorder(t, dns, "lan.example", "port.example:8080", "10.0.0.9", "[fd00::9]:9000", "FD00::A")
	for u, want := range map[string]string{
		"http://lan.example/": "10.0.0.1:80", "https://lan.example/": "10.0.0.1:443", "http://LAN.example:22/": "10.0.0.1:22",
		"http://port.example:8080/": "10.0.0.1:8080", "http://10.0.0.9:7/": "10.0.0.9:7", "http://[fd00::9]:9000/": "[fd00::9]:9000", "http://[fd00:0::a]/": "[fd00::a]:80",
		"http://port.example/": "", "http://port.example:80/": "", "http://sub.lan.example/": "", "http://lan.example.evil.example/": "", "http://xlan.example/": "",
		"http://10.0.0.1/": "", "http://[fd00::9]/": "", "http://[fd00::9]:9001/": "",
	} {
		dialled, err := r.try(t, u)
		if got := strings.Join(dialled, " "); got != want || err == nil {
			t.Errorf("%s: dialled %q, want %q (%v)", u, got, want, err)
		}
	}
	for _, bad := range []string{"", "http://x", "x/y", "x:0", "x:99999", "x:080", "bücher.example", "a b", ":80", "x:"} {
		if _, err := New(Options{UserAgent: "test", AllowHosts: []string{bad}}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	for _, bad := range []string{"", " ", "x\r\nHost: y", "ñ"} {
		if _, err := New(Options{UserAgent: bad}); err == nil {
			t.Errorf("user agent %q is taken", bad)
		}
	}
}

func TestARefusalSaysWhatToDo(t *testing.T) {
	for u, want := range map[string]string{
		"http://private.example/":    "fetch.allow_hosts",
		"http://public.example:8080": "80 and 443",
	} {
		_, err := recorder(t, &names{answers: map[string][]string{"public.example": {"8.8.8.8"}}, all: "10.1.2.3"}).try(t, u)
		var e *collectors.Error
		if !errors.As(err, &e) || e.Kind != collectors.Forbidden || !strings.Contains(e.Message+e.Fix, want) || strings.Contains(e.Message+e.Fix, "10.1") {
			t.Errorf("%s: %#v", u, err)
		}
	}
	r := recorder(t, &names{all: ""})
	var e *collectors.Error
	if _, err := r.try(t, "http://nobody.example/"); !errors.As(err, &e) || e.Kind != collectors.Transient || !strings.Contains(e.Message, "no such host") {
		t.Errorf("no such host: %#v", err)
	}
}

func TestSecretNames(t *testing.T) {
	for name, want := range map[string]bool{
		"Authorization": true, "Cookie": true, "X-Api-Key": true, "key": true, "access_token": true, "accessToken": true, "PRIVATE-TOKEN": true, "sig": true,
		"client_secret": true, "Proxy-Authorization": true, "X-Auth": true, "code": true, "jwt": true,
		"Accept": false, "keyword": false, "author": false, "q": false, "User-Agent": false, "If-None-Match": false, "page": false, "lang_code_x": true,
	} {
		if secretName(name) != want {
			t.Errorf("%s: want %v", name, want)
		}
	}
}

func TestRedacted(t *testing.T) {
	for in, want := range map[string]string{
		"https://user:pass@h.example:8/a/b?token=canary#canary":                 "https://h.example:8/a/b",
		"https://hooks.example/services/T0123/B0123/abcdEFGH0123456789canaryxx": "https://hooks.example/services/T0123/B0123/…",
		"https://h.example/api/v1/statuses/109876543210987654/context":          "https://h.example/api/v1/statuses/109876543210987654/context",
	} {
		u, err := url.Parse(in)
		if err != nil || Redacted(u) != want {
			t.Errorf("%s: %s", in, Redacted(u))
		}
	}
}

func FuzzAddress(f *testing.F) {
	for host := range escapes() {
		f.Add("http://" + host + "/")
	}
	f.Fuzz(func(t *testing.T, address string) {
		if len(address) > 300 {
			return
		}
		if dialled, _ := recorder(t, &names{all: "10.0.0.1"}).try(t, address); slices.ContainsFunc(dialled, func(a string) bool { return newJudge()("tcp4", a) != nil && newJudge()("tcp6", a) != nil }) {
			t.Fatalf("%s reaches %v", address, dialled)
		}
	})
}
