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

// input is one file, or something that can be read only once: standard input,
// a named pipe, what a shell puts in place of <(…).
type input struct {
	name  string
	path  string        // "" for what can be read only once and was not spooled
	once  *bufio.Reader // nil for files
	pipe  *os.File      // below once; nil for files and for Options.Stdin
	temp  bool          // path is a spooled copy to be removed
	used  bool          // once was read
	size  int64         // compressed bytes; 0 when unknown
	gz    bool
	gzErr error // why the beginning of a gzip file gives no text
	sum   [sha256.Size]byte
	head  []byte // decoded beginning
	short bool   // head is the whole input
	enc   encoding
}

func newInput(path string, stdin io.Reader) (*input, error) {
	if path == "-" {
		return &input{name: "standard input", once: bufio.NewReaderSize(stdin, rawHead)}, nil
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
	if !st.Mode().IsRegular() {
		f, err := os.Open(path)
		if err != nil {
			return nil, adalid.Wrapf(adalid.Invalid, err, "%s cannot be read", path)
		}
		return &input{name: path, pipe: f, once: bufio.NewReaderSize(f, rawHead)}, nil
	}
	in := &input{name: filepath.Base(path), path: path, size: st.Size()}
	return in, in.hash()
}

// same says that two inputs would read from one pipe.
func (in *input) same(o *input) bool {
	if in.pipe == nil || o.pipe == nil {
		return false
	}
	a, err := in.pipe.Stat()
	if err != nil {
		return false
	}
	b, err := o.pipe.Stat()
	return err == nil && os.SameFile(a, b)
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
	in.gz = bytes.HasPrefix(raw, []byte("\x1f\x8b"))
	text := raw
	if in.gz {
		text, whole, in.gzErr = gunzipHead(raw, whole)
	}
	in.enc = detectEncoding(text)
	in.head = in.enc.decodeHead(text)
	in.short = whole
	return in.foreign(text)
}

func (in *input) rawHead() (raw []byte, whole bool, err error) {
	if in.once != nil {
		raw, err = in.once.Peek(rawHead)
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

// gunzipHead unpacks as much as the beginning of a stream allows. A stream that
// ends early is no error as long as it gives some text.
func gunzipHead(raw []byte, whole bool) ([]byte, bool, error) {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, whole, err
	}
	text, err := io.ReadAll(io.LimitReader(z, textHead))
	short := whole && err == nil && len(text) < textHead
	if err == io.ErrUnexpectedEOF && len(text) > 0 {
		err = nil
	}
	return text, short, err
}

// stream is an open input: decoded text and a count of the bytes read below.
type stream struct {
	io.Reader
	file  io.Closer // nil for what can be read only once
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

// open gives the decoded text from offset on. What can be read only once is
// opened once, unless it was spooled.
func (in *input) open(offset int64) (*stream, error) {
	s := &stream{count: &counter{r: in.once}}
	if in.path == "" {
		if in.used {
			return nil, in.again()
		}
		in.used = true
	} else {
		f, err := os.Open(in.path)
		if err != nil {
			return nil, adalid.Wrapf(adalid.Invalid, err, "%s cannot be read", in.name)
		}
		s.file, s.count.r = f, f
		if offset > 0 && !in.gz && in.enc.plain() {
			return s, in.jump(s, f, offset+int64(in.enc.bom))
		}
	}
	if err := in.decode(s); err != nil {
		s.Close()
		return nil, err
	}
	if offset > 0 {
		if _, err := io.CopyN(io.Discard, s, offset); err != nil {
			s.Close()
			return nil, adalid.Wrapf(adalid.Conflict, err, "%s is shorter than when it was read before; start again", in.name)
		}
	}
	return s, nil
}

// jump goes to a byte of a file whose bytes are its text.
func (in *input) jump(s *stream, f *os.File, at int64) error {
	if _, err := f.Seek(at, io.SeekStart); err != nil {
		f.Close()
		return fmt.Errorf("file: seek in %s: %w", in.name, err)
	}
	s.count.n, s.Reader = at, s.count
	return nil
}

func (in *input) again() error {
	return adalid.Errorf(adalid.Conflict, "%s cannot be read twice; start again", in.name)
}

func (in *input) noGzip(err error) error {
	return adalid.Wrapf(adalid.Invalid, err, "%s is no readable gzip file; it is damaged or was cut off, fetch it again", in.name)
}

func (in *input) decode(s *stream) error {
	s.Reader = s.count
	if in.gz {
		z, err := gzip.NewReader(bufio.NewReaderSize(s.count, 64<<10))
		if err != nil {
			return in.noGzip(err)
		}
		s.Reader = z
	}
	s.Reader = in.enc.reader(s.Reader)
	return nil
}

// spool copies what can be read only once to a temporary file, for formats that
// must be read twice. It does nothing to files.
func (in *input) spool() error {
	if in.path != "" {
		return nil
	}
	if in.used {
		return in.again()
	}
	f, err := os.CreateTemp("", "adalid-import-*")
	if err != nil {
		return fmt.Errorf("file: spool %s: %w", in.name, err)
	}
	in.path, in.temp, in.used = f.Name(), true, true
	in.size, err = io.Copy(f, in.once)
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		in.release()
		return fmt.Errorf("file: spool %s: %w", in.name, err)
	}
	return nil
}

// release removes the spooled copy and closes a pipe; it may be called again.
func (in *input) release() {
	if in.temp {
		os.Remove(in.path)
		in.temp = false
	}
	if in.pipe != nil {
		in.pipe.Close()
		in.pipe = nil
	}
}
