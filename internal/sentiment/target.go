package sentiment

// Terms are the words by which texts name a brand.
type Terms struct {
	first map[uint64][][]uint64
}

// NewTerms folds the words and phrases that name a brand; a leading @ or # does
// not matter.
func NewTerms(names ...string) *Terms { return &Terms{} }

func (t *Terms) adjust(r *reading, z *[classCount]float32) string { return "" }
