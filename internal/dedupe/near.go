package dedupe

const (
	// nearGram is the length in bytes of the pieces of a text that vote.
	nearGram = 5
	// nearShortest is how many bytes must be left of a text after Normalise for
	// its pieces to say something: below, one other word changes nearly all.
	nearShortest = 24
	// NearBits is how many of the 64 bits the near hashes of near copies may
	// differ in: one other word of some fifteen moves about 9, while unrelated
	// texts differ in 32 ± 4.
	NearBits = 10
)

// NearHash is a simhash (Charikar, "Similarity Estimation Techniques from
// Rounding Algorithms", STOC 2002; 64 bits) over the pieces of five bytes of
// what [Normalise] leaves of a text: each piece votes with the bits of its own
// hash. It is 0 where fewer than 24 bytes are left, which is too little to
// compare.
func NearHash(text string) uint64 {
	var buf [512]byte
	b := Normalise(text, buf[:0])
	if len(b) < nearShortest {
		return 0
	}
	var votes [64]int32
	for i := range len(b) - nearGram + 1 {
		h := fnvOffset
		h.bytes(b[i : i+nearGram])
		v := mix(uint64(h))
		for k := range votes {
			votes[k] += int32(v>>k&1)<<1 - 1
		}
	}
	var out uint64
	for k, n := range votes {
		if n > 0 {
			out |= 1 << k
		}
	}
	return max(out, 1) // 0 says that there is too little text
}

// mix spreads a hash over all its bits, which FNV does not do for short pieces
// (the finaliser of MurmurHash3, Appleby).
func mix(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
