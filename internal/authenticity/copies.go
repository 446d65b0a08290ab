package authenticity

import "time"

// Copies is what an account's own posts share with those of other accounts: equal
// texts, but for case, links, handles and digits. Other words in them make other
// texts here, for nearness cannot be told without reading every text of a brand.
type Copies struct {
	Posts    int // own posts
	Shared   int // of them, those that another account posted too, at any time
	InStep   int // of them, those that another account posted within the same minute
	Partners int // accounts that posted in step with it, counted up to 20
}

func (c *Copies) values() []int64 {
	if c == nil {
		return nil
	}
	return []int64{percent(c.Shared, c.Posts), int64(c.Posts)}
}

func (c *Copies) inStep() []int64 {
	if c == nil {
		return nil
	}
	return []int64{int64(c.InStep), int64(c.Partners)}
}

// Together is how close in time copies by different accounts count as posted in
// step (Pacheco et al., "Uncovering Coordinated Networks on Social Media",
// ICWSM 2021, find such groups by the same content within a short window).
const Together = time.Minute

// Limits that keep a storm of copies from taking all time and memory.
const (
	stepWindow   = 512 // earlier posts that one is compared with; of more in a minute the oldest are not looked at
	mostPartners = 20  // partners of one account that are counted
)
