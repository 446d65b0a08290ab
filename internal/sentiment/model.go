package sentiment

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"math"
	"sync"

	"adalid"
)

//go:embed model.bin
var shipped []byte

// Options of a model.
type Options struct {
	// Identify gives the BCP 47 tag of the language a text is written in, "" when
	// it cannot tell. It is asked about texts that come without a tag and must
	// bear several callers at once. nil leaves such texts unknown.
	Identify func(text string) string
}

// header opens a model file: one line of JSON.
type header struct {
	Format  int                    `json:"format"`
	Seed    uint64                 `json:"seed"`
	Trained []TrainingFile         `json:"trained"`
	Bits    uint                   `json:"bits"`  // buckets are 2^bits
	Scale   float32                `json:"scale"` // of one step of a weight
	Dense   int                    `json:"dense"` // dense features
	Lexicon int                    `json:"lexicon"`
	Sharpen [languageCount]float32 `json:"sharpen"` // inverse temperature of each language
}

// TrainingFile is a file whose rows made the weights.
type TrainingFile struct {
	Name   string `json:"name"`
	Rows   int    `json:"rows"`
	SHA256 string `json:"sha256"`
}

const modelFormat = 1

// columns of weights: negative and positive, each against neutral. Adding the
// same to all three logits changes no probability, so the third is not kept.
const columns = 2

// Model is a hashed multinomial linear model of three classes over words, word
// pairs, character n-grams and a few dense features. It is only read once it is
// made: share one among goroutines.
type Model struct {
	header
	version  string
	weights  *cells
	dense    [languageCount][denseCount][columns]float32
	lex      lexicon
	roles    *roles
	towards  *towards
	idioms   [languageCount]*patterns // whatever a text is about
	identify func(string) string
	readings sync.Pool
}

// New makes the model that ships with the program.
func New(o Options) (*Model, error) { return Load(shipped, o) }

// Load reads a model from a file's bytes, which it keeps.
func Load(data []byte, o Options) (*Model, error) {
	line, rest, found := bytes.Cut(data, []byte("\n"))
	m := &Model{identify: o.Identify, roles: newRoles()}
	if !found || json.Unmarshal(line, &m.header) != nil || m.Format != modelFormat || m.Bits != modelBits || m.header.Dense != denseCount {
		return nil, adalid.Errorf(adalid.Invalid, "this is no sentiment model of this version of adalid; make one with: adalid sentiment train")
	}
	const buckets = columns * modelBuckets
	want := buckets + m.header.Lexicon*5 + int(languageCount)*denseCount*columns*4 + 4
	if m.header.Lexicon < 1 || m.header.Lexicon&(m.header.Lexicon-1) != 0 || len(rest) != want {
		return nil, adalid.Errorf(adalid.Invalid, "the sentiment model is cut short or damaged: %d bytes instead of %d", len(rest), want)
	}
	var err error
	if m.towards, err = newTowards(); err != nil {
		return nil, err
	}
	if m.idioms, err = loadPatterns("idioms_"); err != nil {
		return nil, err
	}
	body := data[:len(data)-4]
	if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(data[len(data)-4:]) {
		return nil, adalid.Errorf(adalid.Invalid, "the sentiment model is damaged: its checksum is wrong")
	}
	sum := sha256.Sum256(append(patternTexts(), body...))
	m.version = hex.EncodeToString(sum[:6])
	m.weights = readCells(rest[:buckets])
	rest = rest[buckets:]
	m.lex.keys = make([]uint32, m.header.Lexicon)
	for i := range m.lex.keys {
		m.lex.keys[i] = binary.LittleEndian.Uint32(rest[i*4:])
	}
	m.lex.sift()
	rest = rest[m.header.Lexicon*4:]
	m.lex.values = signed(rest[:m.header.Lexicon])
	rest = rest[m.header.Lexicon:]
	for l := range m.dense {
		for d := range m.dense[l] {
			for c := range m.dense[l][d] {
				m.dense[l][d][c] = math.Float32frombits(binary.LittleEndian.Uint32(rest))
				rest = rest[4:]
			}
		}
	}
	return m, nil
}

func signed(b []byte) []int8 {
	out := make([]int8, len(b))
	for i, x := range b {
		out[i] = int8(x)
	}
	return out
}

// encode writes the file that Load reads.
func (m *Model) encode() ([]byte, error) {
	m.Format, m.header.Dense, m.header.Lexicon = modelFormat, denseCount, len(m.lex.keys)
	line, err := json.Marshal(m.header)
	if err != nil {
		return nil, fmt.Errorf("sentiment: encode model: %w", err)
	}
	out := append(line, '\n')
	out = m.weights.append(out)
	for _, k := range m.lex.keys {
		out = binary.LittleEndian.AppendUint32(out, k)
	}
	for _, x := range m.lex.values {
		out = append(out, byte(x))
	}
	for _, l := range m.dense {
		for _, d := range l {
			for _, x := range d {
				out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
			}
		}
	}
	return binary.LittleEndian.AppendUint32(out, crc32.ChecksumIEEE(out)), nil
}

// Version names the model by the contents of its file and the patterns of the
// program: 12 hexadecimal digits. What was scored by another version may be
// scored differently now.
func (m *Model) Version() string { return m.version }

// Trained lists the files whose rows made the weights.
func (m *Model) Trained() []TrainingFile { return m.header.Trained }
