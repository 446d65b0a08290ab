package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"adalid"
)

// whole writes a file that appears under its name when it is complete; a replaced
// one is there until then. A link stays one, and what is no file, such as a pipe
// or a device, is written into.
func whole(path string, mode fs.FileMode, write func(*os.File) error) (err error) {
	place, into, err := outputPlace(path)
	if err != nil {
		return err
	}
	if into {
		f, err := os.OpenFile(place, os.O_WRONLY, 0)
		if err != nil {
			return unwritable(path, err)
		}
		return errors.Join(write(f), f.Close())
	}
	tmp, err := os.CreateTemp(filepath.Dir(place), "."+filepath.Base(place)+".tmp-*") // mode 0600
	if err != nil {
		return unwritable(path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	if err := errors.Join(write(tmp), tmp.Chmod(mode), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), place); err != nil {
		return unwritable(path, err)
	}
	return nil
}

// outputPlace follows links to where a file is written; into tells what is there
// already and must not be replaced.
func outputPlace(path string) (place string, into bool, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		place, err = linkEnd(path)
	case err == nil && info.IsDir():
		return "", false, adalid.Errorf(adalid.Invalid, "%q is a folder; name a file in it", path)
	case err == nil && !info.Mode().IsRegular():
		return path, true, nil
	case err == nil:
		place, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return "", false, unwritable(path, err)
	}
	return place, false, nil
}

// mostLinks is how many links to links are followed.
const mostLinks = 40

// linkEnd gives the name at the end of links to a file that does not exist yet.
func linkEnd(path string) (string, error) {
	for range mostLinks {
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode()&fs.ModeSymlink == 0 {
			return path, nil
		}
		if err != nil {
			return "", err
		}
		to, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return "", syscall.ELOOP
}

func isRegular(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}

func unwritable(path string, err error) error {
	if noRoom(err) {
		return err // which says what to do
	}
	return adalid.Wrapf(adalid.Unavailable, err, "%q cannot be written; check that its folder exists and may be written", path)
}

// noRoom tells errors of a disk that is full, or full for this user.
func noRoom(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
