package rank

// joint counts whom several accounts of one person on one platform are tied to,
// each counterpart once and the person's own accounts never: the first account
// has the number, the others have 0. Across platforms nobody is counted twice.
func (c *collector) joint(w *window, nets []*network) map[int32]int64 {
	groups := c.grouped(w, nets)
	if groups == nil {
		return nil
	}
	type pair struct {
		of   int32 // the group
		with int32 // an account, or the complement of a handle that nobody who wrote bears
	}
	met, count := map[pair]bool{}, map[int32]int64{}
	for account, of := range groups {
		if of >= 0 {
			count[int32(account)] = 0
		}
	}
	meet := func(of, with int32) {
		if p := (pair{of, with}); of >= 0 && !met[p] {
			met[p] = true
			count[of]++
		}
	}
	c.eachTie(w.list, func(source, target, holder int32) {
		if holder < 0 {
			meet(groups[source], ^target)
		} else if c.x.accounts[source].person != c.x.accounts[holder].person {
			meet(groups[source], holder)
			meet(groups[holder], source)
		}
	})
	return count
}

// grouped gives each account's group, the accounts of one person on one platform,
// by the first of them, −1: none; nil where nobody has several there.
func (c *collector) grouped(w *window, nets []*network) (groups []int32) {
	for i := range w.people {
		first := w.start[i]
		for at := first + 1; at < w.start[i+1]; at++ { // accounts stand by platform
			a, b := w.accounts[first].account, w.accounts[at].account
			platform := c.x.accounts[a].platform
			if platform != c.x.accounts[b].platform {
				first = at
				continue
			}
			if !nets[platform].known {
				continue
			}
			if groups == nil {
				groups = filled(len(c.x.accounts), -1)
			}
			groups[a], groups[b] = a, a
		}
	}
	return groups
}

// eachTie visits the edges that tie people to each other, as the networks have
// them: source and holder are accounts, holder −1 where nobody who wrote bears
// the target.
func (c *collector) eachTie(list []piece, visit func(source, target, holder int32)) {
	for _, p := range list {
		for i := p.edgesFrom; i < p.edgesTo; i++ {
			source, target := p.edges.source[i], p.edges.target[i]
			if !c.names.own[c.x.accounts[source].person] && !c.names.ownName[target] {
				visit(source, target, c.names.holder[target])
			}
		}
	}
}
