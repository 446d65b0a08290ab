package rank

import "adalid"

// naming is how accounts were called up to a moment, and which of them are the
// brand's own.
type naming struct {
	end     int64
	parted  bool
	profile []int32 // by account: that of its last post, −1 without one
	holder  []int32 // by handle: the account that bore it last, −1: nobody who wrote
	own     []bool  // by person
	ownName []bool  // by handle
}

// nameAll works out the naming from everything that was posted up to end.
func (x *index) nameAll(list []piece, end int64) *naming {
	n := &naming{
		end: end, profile: filled(len(x.accounts), -1), holder: filled(x.handles.len(), -1),
		own: make([]bool, x.people.len()), ownName: make([]bool, x.handles.len()),
	}
	for i := range x.accounts {
		if a := &x.accounts[i]; a.own {
			n.own[a.person] = true
		}
	}
	borne := make([]int64, x.handles.len())
	for _, p := range list {
		rs := p.rows
		for i := p.from; i < p.to; i++ {
			if rs.profile[i] < 0 {
				continue
			}
			at := rs.account[i]
			a := &x.accounts[at]
			as := &x.profiles[x.profileStart[at]+rs.profile[i]]
			if rs.lastOfDay[i] {
				n.profile[at] = rs.profile[i]
			}
			if as.own == 1 {
				n.own[a.person] = true
			}
			if h := as.handle; h >= 0 {
				holder := n.holder[h]
				if holder < 0 || rs.last[i] > borne[h] || rs.last[i] == borne[h] && at < holder {
					n.holder[h], borne[h] = at, rs.last[i]
				}
			}
		}
	}
	rules := rulesOf(x.rules)
	for p, platform := range x.platforms {
		for i := x.handleStart[p]; i < x.handleStart[p+1]; i++ {
			holder := n.holder[i]
			n.ownName[i] = holder >= 0 && n.own[x.accounts[holder].person] || len(rules) > 0 && rules.handle(platform, x.handles.at(i))
		}
	}
	return n
}

// author gives an account as it presented itself last.
func (n *naming) author(x *index, a int32) adalid.Author {
	author := adalid.Author{Platform: x.platformOf(a), Key: x.keys.at(a)}
	if n.profile[a] >= 0 {
		p := x.profileStart[a] + n.profile[a]
		author.Handle, author.Name = x.shownHandles.at(p), x.shownNames.at(p)
	}
	return author
}

func filled(n int, with int32) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = with
	}
	return s
}
