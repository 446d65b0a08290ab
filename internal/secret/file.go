package secret

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"adalid"
)

// FileName is the file in the data folder that holds the key of an installation
// whose configuration has none.
const FileName = "instance.key"

// maxFile bounds what is read of it.
const maxFile = 16 << 10

// Options say where the key is.
type Options struct {
	Given string // the setting privacy.key; "" takes the file
	Dir   string // the data folder, made when it is missing
}

// Load gives the key of an installation: the given one, else that of the file
// in the data folder, which is made at first use, readable by its owner only. Of
// several processes that make it at once all get the same. Unavailable when the
// file cannot be read or written, or when others can read it; Invalid when what
// was given is no key.
func Load(o Options) (Key, error) {
	if o.Given != "" {
		k, err := Parse(o.Given)
		if err != nil {
			return Key{}, adalid.Wrapf(adalid.Invalid, err, "privacy.key of the configuration cannot be used")
		}
		return k, nil
	}
	k, err := read(o.Dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return Key{}, fileFailure(err)
	}
	temp, err := write(o.Dir, Key{[][]byte{fresh()}})
	if err != nil {
		return Key{}, err
	}
	defer os.Remove(temp)
	// A link, unlike a renaming, does not replace what another process made.
	err = os.Link(temp, filepath.Join(o.Dir, FileName))
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = copyNew(temp, filepath.Join(o.Dir, FileName))
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return Key{}, fileFailure(err)
	}
	if err := syncDir(o.Dir); err != nil {
		return Key{}, fileFailure(err)
	}
	return read(o.Dir)
}

// read gives fs.ErrNotExist where there is no file.
func read(dir string) (Key, error) {
	path := filepath.Join(dir, FileName)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Key{}, err
	}
	if err != nil {
		return Key{}, fileFailure(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Key{}, fileFailure(err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return Key{}, adalid.Errorf(adalid.Unavailable, "others can read the key of this installation (%s, mode %04o); make it yours alone: chmod 600 %s", FileName, mode, path)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return Key{}, fileFailure(err)
	}
	k, err := Parse(string(text))
	if err != nil {
		return Key{}, adalid.Wrapf(adalid.Unavailable, err, "the key of this installation (%s) cannot be used; bring back the file from your backup of it", FileName)
	}
	return k, nil
}

// Rotate gives k with a new key, which seals from now on and which is in the
// file of the data folder before Rotate returns; the older ones go on opening.
// Of more than 16 the second oldest is left out. Callers have to see to it that
// only one process does this at a time. A file that is not there is not made:
// the key is then given by the configuration.
func Rotate(dir string) (Key, error) {
	k, err := read(dir)
	if err != nil {
		return Key{}, err
	}
	k.keys = append(k.keys, fresh())
	if len(k.keys) > maxKeys {
		k.keys = append(k.keys[:1:1], k.keys[2:]...)
	}
	temp, err := write(dir, k)
	if err != nil {
		return Key{}, err
	}
	if err := os.Rename(temp, filepath.Join(dir, FileName)); err != nil {
		return Key{}, errors.Join(fileFailure(err), os.Remove(temp))
	}
	if err := syncDir(dir); err != nil {
		return Key{}, fileFailure(err)
	}
	return k, nil
}

// write stores the keys in a new file of their folder.
func write(dir string, k Key) (name string, err error) {
	f, err := os.CreateTemp(dir, FileName+".*") // mode 0600
	if err != nil {
		return "", fileFailure(err)
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			err = errors.Join(fileFailure(err), os.Remove(f.Name()))
		}
	}()
	var text strings.Builder
	text.WriteString("# The key of this installation of Adalid. Keep a copy of it elsewhere than your backups.\n")
	for _, key := range k.keys {
		text.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	}
	if _, err := f.WriteString(text.String()); err != nil {
		return "", err
	}
	return f.Name(), f.Sync()
}

// copyNew stands in for a link on file systems without them.
func copyNew(from, to string) (err error) {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(text); err != nil {
		return err
	}
	return f.Sync()
}

// syncDir makes a new name in a folder last; not every system can.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func fileFailure(err error) error {
	return adalid.Wrapf(adalid.Unavailable, fmt.Errorf("secret: %w", err), "the key of this installation (%s in the data folder) cannot be read or made", FileName)
}
