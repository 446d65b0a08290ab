package sentiment

// attribute is what is left when no pattern fits: where a text names others
// too, what the clauses say that name the brand.
func (r *reading) attribute(m *Model, z *[classCount]float32) string { return "" }
