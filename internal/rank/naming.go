package rank

import "adalid"

// naming is how accounts were called up to a moment, and which of them are the
// brand's own.
type naming struct {
	end      int64
	parted   bool
	profile  []int32  // by account: that of its last post, −1 without one
	holder   []int32  // by handle: the account that bore it last, −1: nobody who wrote
	own      []bool   // by person
	ownName  []bool   // by handle
	repeats  []posted // by account: own posts and how many of them repeat an earlier one
	repeater []bool   // by person: says the same again and again, YouTube apart
}

// nameAll works out the naming from everything that was posted up to end.
func (x *index) nameAll(list []piece, end int64) *naming {
	n := &naming{
		end: end, profile: filled(len(x.accounts), -1), holder: filled(len(x.handles), -1),
		own: make([]bool, len(x.people)), ownName: make([]bool, len(x.handles)), repeats: make([]posted, len(x.accounts)),
	}
	for i := range x.accounts {
		if a := &x.accounts[i]; a.own {
			n.own[a.person] = true
		}
	}
	borne := make([]int64, len(x.handles))
	for _, p := range list {
		rs := p.rows
		for i := p.from; i < p.to; i++ {
			n.repeats[rs.account[i]].posts += rs.own[i]
			n.repeats[rs.account[i]].copies += rs.copies[i]
			if rs.profile[i] < 0 {
				continue
			}
			at := rs.account[i]
			a := &x.accounts[at]
			as := &a.profiles[rs.profile[i]]
			if rs.lastOfDay[i] {
				n.profile[at] = rs.profile[i]
			}
			if as.own {
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
	x.findRepeaters(n)
	rules := rulesOf(x.rules)
	for i, h := range x.handles {
		holder := n.holder[i]
		n.ownName[i] = holder >= 0 && n.own[x.accounts[holder].person] || rules.handle(x.platforms[h.platform], h.name)
	}
	return n
}

// author gives an account as it presented itself last.
func (n *naming) author(x *index, a int32) adalid.Author {
	is := &x.accounts[a]
	author := adalid.Author{Platform: x.platforms[is.platform], Key: is.key}
	if p := n.profile[a]; p >= 0 {
		author.Handle, author.Name = is.profiles[p].Handle, is.profiles[p].Name
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
