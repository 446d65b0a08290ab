package scoring

import "math"

// ln is the natural logarithm of a positive, normal number to 2e-8, in a
// quarter of the time: what is uncertain needs no more, for everybody.
func ln(x float64) float64 {
	const fraction = 52
	bits := math.Float64bits(x)
	i := bits >> (fraction - logBits) & (1<<logBits - 1)
	m := math.Float64frombits(bits&(1<<fraction-1) | 1023<<fraction)
	r := m*inverses[i] - 1
	return float64(int(bits>>fraction)-1023)*math.Ln2 + logs[i] + r*(1-r*(.5-r/3))
}

const logBits = 7

// inverses and logs are 1/m and ln m in the middle of each part of [1, 2).
var inverses, logs = func() (inverses, logs [1 << logBits]float64) {
	for i := range logs {
		m := 1 + (float64(i)+.5)/(1<<logBits)
		inverses[i], logs[i] = 1/m, math.Log(m)
	}
	return inverses, logs
}()
