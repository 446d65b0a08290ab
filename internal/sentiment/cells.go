package sentiment

const (
	modelBits    = 20
	modelBuckets = 1 << modelBits
)

// cells holds the weights of each bucket, both against neutral, in steps of the
// model's scale: negative in the low byte, positive in the high one, each 128
// above its value, so that a text's weights sum up without being taken apart.
type cells [modelBuckets]uint16

const (
	cellZero   = 128
	cellsEmpty = cellZero<<8 | cellZero
)

func newCells() *cells {
	c := &cells{}
	for i := range c {
		c[i] = cellsEmpty
	}
	return c
}

// readCells reads what append wrote.
func readCells(b []byte) *cells {
	c := &cells{}
	for i := range c {
		c[i] = (uint16(b[2*i+1])<<8 | uint16(b[2*i])) ^ cellsEmpty
	}
	return c
}

// append writes the two signed bytes of each bucket.
func (c *cells) append(out []byte) []byte {
	for _, x := range c {
		x ^= cellsEmpty
		out = append(out, byte(x), byte(x>>8))
	}
	return out
}

func (c *cells) set(bucket uint32, minus, plus int8) {
	c[bucket] = (uint16(uint8(plus))<<8 | uint16(uint8(minus))) ^ cellsEmpty
}

// at gives the weights of a bucket for negative and for positive.
func (c *cells) at(bucket uint32) (minus, plus int) {
	x := c[bucket]
	return int(x&0xff) - cellZero, int(x>>8) - cellZero
}

// toward is the weight for positive less that for negative.
func (c *cells) toward(bucket uint32) int {
	minus, plus := c.at(bucket)
	return plus - minus
}

func (c *cells) empty(bucket uint32) bool { return c[bucket] == cellsEmpty }

// add adds the weights of a bucket to those of others.
func (c *cells) add(e *evidence, bucket uint32) {
	x := c[bucket%modelBuckets]
	e.minus += int32(x&0xff) - cellZero
	e.plus += int32(x>>8) - cellZero
	e.n++
}

// sum adds up the weights of a list of buckets.
func (c *cells) sum(list []uint32) evidence {
	var low, both uint64
	for _, b := range list {
		x := uint64(c[b%modelBuckets])
		low += x & 0xff
		both += x
	}
	n := int32(len(list))
	return evidence{int32(low) - cellZero*n, int32((both-low)>>8) - cellZero*n, n}
}
