package rank

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"adalid"
)

// A snapshot is an index as a file: what it begins with, how long the rest of
// the front is, a JSON object, then the memory of the columns one after the
// other, each beginning at a multiple of eight bytes, and at the end the
// checksums of all of it, one for each piece, so that the pieces can be read at
// once. It is written as this machine keeps numbers, and read by nobody else:
// whatever does not fit is built again from the roll-ups.
const (
	snapshotMagic = "adalid\x00\x01" // the last byte is the version of the format
	checkedPiece  = 4 << 20          // bytes that have a checksum together
)

// front is what a snapshot says before its columns.
type front struct {
	Brand     string              `json:"brand"`
	Version   int64               `json:"version"`
	Mark      int64               `json:"mark"`
	Own       []adalid.OwnAccount `json:"own"`
	Platforms []adalid.Platform   `json:"platforms"`
	Langs     []string            `json:"langs"`
	Columns   []int64             `json:"columns"` // bytes of each
}

// errOther says that a snapshot is of other data than asked for, or none.
var errOther = errors.New("the snapshot is of other data")

// castagnoli is the polynomial that processors compute by themselves.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// snapshotFile names a brand's file: brands may be called anything.
func snapshotFile(dir, brand string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(brand)))
	return filepath.Join(dir, hex.EncodeToString(sum[:16])+".index")
}

// save writes the index to a file that replaces the one before when it is whole.
func (x *index) save(dir string) (err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("rank: save index: %w", err)
	}
	f, err := os.CreateTemp(dir, "new-*.index")
	if err != nil {
		return fmt.Errorf("rank: save index: %w", err)
	}
	err = errors.Join(x.write(f), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), snapshotFile(dir, x.brand))
	}
	if err != nil {
		return fmt.Errorf("rank: save index: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}

func (x *index) write(f *os.File) error {
	columns := x.columns()
	head := front{x.brand, x.version, x.mark, x.rules, x.platforms, x.langs, make([]int64, len(columns))}
	for i, c := range columns {
		head.Columns[i] = int64(len(c.raw()))
	}
	text, err := json.Marshal(head)
	if err != nil {
		return err
	}
	text = append(text, bytes.Repeat([]byte{' '}, pad(len(text)))...)
	sums := checksums{to: f}
	put := func(b []byte) {
		if err == nil {
			_, err = sums.Write(b)
		}
	}
	put([]byte(snapshotMagic))
	put(binary.NativeEndian.AppendUint64(nil, uint64(len(text))))
	put(text)
	for _, c := range columns {
		put(c.raw())
		put(make([]byte, pad(len(c.raw()))))
	}
	if err != nil {
		return err
	}
	return sums.end()
}

// checksums writes bytes and behind them the checksums of their pieces, eight
// bytes each.
type checksums struct {
	to   io.Writer
	sum  uint32
	size int // of the piece under way
	all  []byte
}

func (s *checksums) Write(b []byte) (int, error) {
	for rest := b; len(rest) > 0; {
		n := min(len(rest), checkedPiece-s.size)
		s.sum = crc32.Update(s.sum, castagnoli, rest[:n])
		if s.size += n; s.size == checkedPiece {
			s.close()
		}
		rest = rest[n:]
	}
	return s.to.Write(b)
}

func (s *checksums) close() {
	s.all = binary.NativeEndian.AppendUint64(s.all, uint64(s.sum))
	s.sum, s.size = 0, 0
}

func (s *checksums) end() error {
	if s.size > 0 {
		s.close()
	}
	_, err := s.to.Write(s.all)
	return err
}

// readChecked reads a file and gives it without its checksums, which have to be
// right.
func readChecked(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	pieces := int((info.Size() + checkedPiece + 7) / (checkedPiece + 8))
	b := make([]byte, info.Size())
	body := len(b) - 8*pieces
	if body <= (pieces-1)*checkedPiece {
		return nil, errCut
	}
	if _, err := f.ReadAt(b[body:], int64(body)); err != nil {
		return nil, err
	}
	var failed atomic.Pointer[error]
	inParts(pieces, 4, func(from, to int) {
		for i := from; i < to; i++ {
			piece := b[i*checkedPiece : min((i+1)*checkedPiece, body)]
			_, err := f.ReadAt(piece, int64(i*checkedPiece))
			if err == nil && uint64(crc32.Checksum(piece, castagnoli)) != binary.NativeEndian.Uint64(b[body+8*i:]) {
				err = errors.New("a checksum is wrong")
			}
			if err != nil {
				failed.Store(&err)
			}
		}
	})
	if err := failed.Load(); err != nil {
		return nil, *err
	}
	return b[:body:body], nil
}

var errCut = errors.New("it was cut short")

// pad is how many bytes lead from n to the next multiple of eight.
func pad(n int) int { return -n & 7 }

// readSnapshot reads the snapshot of a brand's data; errOther when there is none of
// just these.
func readSnapshot(dir, brand string, state State) (*index, error) {
	b, err := readChecked(snapshotFile(dir, brand))
	if errors.Is(err, os.ErrNotExist) {
		return nil, errOther
	} else if err != nil {
		return nil, err
	}
	head, rest, err := readFront(b)
	if err != nil {
		return nil, err
	}
	if head.Version != state.DataVersion || head.Mark != state.Mark || !slices.Equal(head.Own, state.Own) {
		return nil, errOther
	}
	x := newIndex(head.Brand, state)
	x.platforms, x.langs = head.Platforms, head.Langs
	x.numberLangs()
	columns := x.columns()
	if len(columns) != len(head.Columns) {
		return nil, errors.New("it has other columns")
	}
	for i, c := range columns {
		n := int(head.Columns[i])
		c.use(rest[:n:n])
		rest = rest[n+pad(n):]
	}
	return x, nil
}

// readFront gives the front and the bytes of the columns, as many as it says.
func readFront(b []byte) (front, []byte, error) {
	var head front
	const fixedSize = len(snapshotMagic) + 8
	if len(b) < fixedSize || string(b[:len(snapshotMagic)]) != snapshotMagic {
		return head, nil, errors.New("it is none of this version")
	}
	n := binary.NativeEndian.Uint64(b[len(snapshotMagic):])
	rest := b[fixedSize:]
	if n > uint64(len(rest)) || n%8 != 0 {
		return head, nil, errCut
	}
	if err := json.Unmarshal(rest[:n], &head); err != nil {
		return head, nil, err
	}
	rest = rest[n:]
	left := int64(len(rest))
	for _, size := range head.Columns {
		if size < 0 || size > left {
			return head, nil, errCut
		}
		left -= size + int64(pad(int(size)))
	}
	if left != 0 {
		return head, nil, errCut
	}
	return head, rest, nil
}
