package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"adalid"
	"adalid/collectors"
)

// rejectLog keeps the first rejected rows for the summary and writes all of
// them to a file.
type rejectLog struct {
	path  string
	file  *os.File
	first []collectors.Reject
}

const rejectsShown = 5

// checkRejects refuses a --rejects that would spoil a file: one of those read, or
// one that holds something else than rejected rows.
func checkRejects(path string, inputs []string) error {
	if path == "" {
		return nil
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return nil // to be made, written into, or refused when it is opened
	}
	for _, input := range inputs {
		if of, err := os.Stat(input); err == nil && os.SameFile(info, of) {
			return adalid.Errorf(adalid.Invalid, "--rejects %s is a file to be imported; name another one", path)
		}
	}
	f, err := os.Open(path)
	if err != nil {
		return adalid.Wrapf(adalid.Invalid, err, "cannot read --rejects %s: %v", path, err)
	}
	defer f.Close()
	if !holdsRejects(f) {
		return adalid.Errorf(adalid.Invalid, "--rejects %s exists and holds something else than rejected rows; name another file", path)
	}
	return nil
}

// holdsRejects tells whether a file is empty or begins with a line of rejectLog,
// which may be cut short.
func holdsRejects(f io.Reader) bool {
	line, err := bufio.NewReader(f).ReadSlice('\n')
	if len(line) == 0 {
		return err == io.EOF
	}
	decoder := json.NewDecoder(bytes.NewReader(line))
	for _, want := range []json.Token{json.Delim('{'), "source"} {
		if got, err := decoder.Token(); err != nil || got != want {
			return false
		}
	}
	return true
}

// begin empties a file of rejected rows, unless the import goes on where one was
// cut short: its first rows are in there.
func (l *rejectLog) begin(resumed bool) error {
	info, err := os.Stat(l.path)
	if l.path == "" || resumed || err != nil || !info.Mode().IsRegular() {
		return nil
	}
	if err := os.Truncate(l.path, 0); err != nil {
		return l.unwritable(adalid.Invalid, err)
	}
	return nil
}

func (l *rejectLog) add(r collectors.Reject) error {
	if len(l.first) < rejectsShown {
		l.first = append(l.first, r)
	}
	if l.path == "" {
		return nil
	}
	if l.file == nil {
		var err error
		if l.file, err = os.OpenFile(l.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600); err != nil {
			return l.unwritable(adalid.Invalid, err)
		}
	}
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode rejected row %d: %w", r.Row, err)
	}
	if _, err := l.file.Write(append(line, '\n')); err != nil {
		return l.unwritable(adalid.Unavailable, err)
	}
	return nil
}

func (l *rejectLog) unwritable(code adalid.Code, err error) error {
	return adalid.Wrapf(code, err, "cannot write --rejects %s: %v", l.path, err)
}

func (l *rejectLog) close() error {
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}
