package file

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"adalid"
	"adalid/collectors"
)

// cursor is where the next row begins: the file, the offset in its text, and
// what its reader knew there.
type cursor struct {
	Source  string    `json:"source"` // of which contents and options it speaks
	File    int       `json:"file"`   // from 0; the number of files at the end
	Offset  int64     `json:"offset"` // bytes of decoded text; 0 before the first row
	Row     int64     `json:"row,omitempty"`
	Line    int64     `json:"line,omitempty"`
	Nest    nest      `json:"nest,omitempty"`    // posts.nest
	Page    int64     `json:"page,omitempty"`    // posts.page
	Order   DateOrder `json:"order,omitempty"`   // of dates, once decided
	Barrier int64     `json:"barrier,omitempty"` // table.barrier
}

func (c cursor) bytes() collectors.Cursor {
	b, err := json.Marshal(c)
	if err != nil { // strings and numbers alone
		return nil
	}
	return b
}

// parseCursor reads a cursor; nil is the beginning. A cursor of other contents
// or options is a Conflict.
func (c *Collector) parseCursor(b collectors.Cursor) (cursor, error) {
	if len(b) == 0 {
		return cursor{Source: c.source}, nil
	}
	var cur cursor
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&cur); err != nil || cur.File < 0 || cur.File > len(c.inputs) || cur.Offset < 0 || cur.Page < 0 || cur.Nest < atTop || cur.Nest > pastItems {
		return cur, adalid.Errorf(adalid.Invalid, "the stored position of this import cannot be read; start again")
	}
	if cur.Source != c.source {
		return cur, adalid.Errorf(adalid.Conflict, "the stored position belongs to other files or options; start again")
	}
	return cur, nil
}

// sourceName is the same for the same contents read with the same options.
func sourceName(opt *Options, inputs []*input, extra []byte) string {
	h := sha256.New()
	h.Write([]byte(opt.key()))
	for _, in := range inputs {
		if in.once != nil {
			return once
		}
		h.Write(in.sum[:])
	}
	h.Write(extra)
	return "file:" + hex.EncodeToString(h.Sum(nil))
}
