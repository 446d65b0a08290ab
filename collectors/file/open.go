package file

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"adalid"
)

const (
	rawHead  = 256 << 10 // bytes looked at before the first row
	textHead = 1 << 20   // the same after decompression
)

// input is one file or standard input.
type input struct {
	name  string
	path  string        // "" for standard input that was not spooled
	stdin *bufio.Reader // nil for files
	temp  bool          // path is a spooled copy to be removed
	used  bool          // standard input was read
	size  int64         // compressed bytes; 0 when unknown
	gz    bool
	sum   [sha256.Size]byte
	head  []byte // decoded beginning
	short bool   // head is the whole input
	enc   encoding
}

func newInput(path string, stdin io.Reader) (*input, error) {
	if path == "-" {
		return &input{name: "standard input", stdin: bufio.NewReaderSize(stdin, rawHead)}, nil
	}
	st, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, adalid.Errorf(adalid.NotFound, "%s: there is no such file", path)
	case err != nil:
		return nil, adalid.Wrapf(adalid.Invalid, err, "%s cannot be read", path)
	case st.IsDir():
		return nil, adalid.Errorf(adalid.Invalid, "%s is a folder; name the files in it", path)
	}
	in := &input{name: filepath.Base(path), path: path, size: st.Size()}
	return in, in.hash()
}

// hash reads the whole file once, so that the same content is the same source
// wherever it lies.
func (in *input) hash() error {
	f, err := os.Open(in.path)
	if err != nil {
		return adalid.Wrapf(adalid.Invalid, err, "%s cannot be read", in.path)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.CopyBuffer(h, onlyReader{f}, make([]byte, 1<<20)); err != nil {
		return fmt.Errorf("file: read %s: %w", in.path, err)
	}
	h.Sum(in.sum[:0])
	return nil
}

type onlyReader struct{ io.Reader }

// look reads the beginning: compression, encoding and the first text.
func (in *input) look() error {
	raw, whole, err := in.rawHead()
	if err != nil {
		return err
	}
	if bytes.HasPrefix(raw, []byte("PK\x03\x04")) {
		return adalid.Errorf(adalid.Invalid, "%s is a ZIP or Excel file; unpack it, or save the sheet as CSV", in.name)
	}
	in.gz = len(raw) > 2 && raw[0] == 0x1f && raw[1] == 0x8b
	text := raw
	if in.gz {
		text, whole = gunzipHead(raw, whole)
	}
	in.enc = detectEncoding(text)
	in.head = in.enc.decodeHead(text)
	in.short = whole
	return nil
}

func (in *input) rawHead() (raw []byte, whole bool, err error) {
	if in.stdin != nil {
		raw, err = in.stdin.Peek(rawHead)
		if err != nil && err != io.EOF {
			return nil, false, fmt.Errorf("file: read %s: %w", in.name, err)
		}
		return bytes.Clone(raw), err == io.EOF, nil
	}
	f, err := os.Open(in.path)
	if err != nil {
		return nil, false, adalid.Wrapf(adalid.Invalid, err, "%s cannot be read", in.name)
	}
	defer f.Close()
	raw, err = io.ReadAll(io.LimitReader(f, rawHead))
	if err != nil {
		return nil, false, fmt.Errorf("file: read %s: %w", in.name, err)
	}
	return raw, int64(len(raw)) >= in.size, nil
}

// gunzipHead unpacks as much as the beginning of a stream allows.
func gunzipHead(raw []byte, whole bool) ([]byte, bool) {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, whole
	}
	text, err := io.ReadAll(io.LimitReader(z, textHead))
	return text, whole && err == nil && len(text) < textHead
}

// stream is an open input: decoded text and a count of the bytes read below.
type stream struct {
	io.Reader
	file  io.Closer // nil for standard input
	count *counter
}

func (s *stream) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// open gives the decoded text from offset on. Standard input can be opened
// once, at its beginning, unless it was spooled.
func (in *input) open(offset int64) (*stream, error) {
	if in.path == "" {
		if in.used || offset != 0 {
			return nil, adalid.Errorf(adalid.Conflict, "standard input cannot be read twice; start again")
		}
		in.used = true
		s := &stream{count: &counter{r: in.stdin}}
		return s, in.decode(s)
	}
	f, err := os.Open(in.path)
	if err != nil {
		return nil, adalid.Wrapf(adalid.Invalid, err, "%s cannot be read", in.name)
	}
	s := &stream{file: f, count: &counter{r: f}}
	if offset > 0 && !in.gz && in.enc.plain() {
		at := offset + int64(in.enc.bom)
		if _, err := f.Seek(at, io.SeekStart); err != nil {
			f.Close()
			return nil, fmt.Errorf("file: seek in %s: %w", in.name, err)
		}
		s.count.n = at
		s.Reader = s.count
		return s, nil
	}
	if err := in.decode(s); err != nil {
		f.Close()
		return nil, err
	}
	if offset > 0 {
		if _, err := io.CopyN(io.Discard, s, offset); err != nil {
			f.Close()
			return nil, adalid.Wrapf(adalid.Conflict, err, "%s is shorter than when it was read before; start again", in.name)
		}
	}
	return s, nil
}

func (in *input) decode(s *stream) error {
	s.Reader = s.count
	if in.gz {
		z, err := gzip.NewReader(bufio.NewReaderSize(s.count, 64<<10))
		if err == io.ErrUnexpectedEOF || err == io.EOF {
			s.Reader = cutReader{}
			return nil
		}
		if err != nil {
			return adalid.Wrapf(adalid.Invalid, err, "%s is no readable gzip file", in.name)
		}
		s.Reader = z
	}
	s.Reader = in.enc.reader(s.Reader)
	return nil
}

// cutReader stands for a gzip file that ends inside its own header.
type cutReader struct{}

func (cutReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// spool copies standard input to a temporary file, for what must be read
// twice. It does nothing to files.
func (in *input) spool() error {
	if in.path != "" {
		return nil
	}
	if in.used {
		return adalid.Errorf(adalid.Conflict, "standard input cannot be read twice; start again")
	}
	f, err := os.CreateTemp("", "adalid-import-*")
	if err != nil {
		return fmt.Errorf("file: spool standard input: %w", err)
	}
	in.path, in.temp, in.used = f.Name(), true, true
	in.size, err = io.Copy(f, in.stdin)
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		in.remove()
		return fmt.Errorf("file: spool standard input: %w", err)
	}
	return nil
}

func (in *input) remove() {
	if in.temp {
		os.Remove(in.path)
		in.temp = false
	}
}
