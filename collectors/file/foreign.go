package file

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"adalid"
)

const (
	unpack    = "unpack it first"
	saveSheet = "open it and save the sheet as CSV"
	exportIt  = "export CSV or JSON from where it comes from instead"
)

// foreignBytes are the beginnings of files that hold no text.
var foreignBytes = []struct{ begins, what, do string }{
	{"PK\x03\x04", "a ZIP or Excel file", "unpack it, or save the sheet as CSV"},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Office file", saveSheet},
	{"\x1f\x8b", "compressed twice", "unpack it once"},
	{"BZh91AY&SY", "a bzip2 file", unpack},
	{"\xfd7zXZ\x00", "an xz file", unpack},
	{"\x28\xb5\x2f\xfd", "a Zstandard file", unpack},
	{"7z\xbc\xaf\x27\x1c", "a 7-Zip file", unpack},
	{"Rar!\x1a\x07", "a RAR file", unpack},
	{"%PDF-", "a PDF document", exportIt},
	{"\x89PNG\r\n\x1a\n", "a PNG image", exportIt},
	{"\xff\xd8\xff", "a JPEG image", exportIt},
	{"GIF87a", "a GIF image", exportIt},
	{"GIF89a", "a GIF image", exportIt},
	{"PAR1\x15", "a Parquet file", exportIt},
	{"SQLite format 3\x00", "a SQLite database", exportIt},
}

// foreignText are the beginnings of marked-up texts, in lower case.
var foreignText = []struct{ begins, what string }{
	{"<!doctype html", "an HTML page"},
	{"<html", "an HTML page"},
	{"<head", "an HTML page"},
	{"<body", "an HTML page"},
	{"<table", "an HTML page"},
	{"<?xml", "an XML file"},
	{"<rss", "an XML file"},
	{"<feed", "an XML file"},
	{"<svg", "an SVG image"},
}

// foreign refuses kinds of files that hold neither a table nor JSON. raw is the
// unpacked beginning.
func (in *input) foreign(raw []byte) error {
	for _, f := range foreignBytes {
		if bytes.HasPrefix(raw, []byte(f.begins)) {
			return adalid.Errorf(adalid.Invalid, "%s is %s; %s", in.name, f.what, f.do)
		}
	}
	if len(raw) > 12 && string(raw[:4]) == "RIFF" && string(raw[8:12]) == "WEBP" {
		return adalid.Errorf(adalid.Invalid, "%s is a WebP image; %s", in.name, exportIt)
	}
	text := bytes.TrimLeft(in.head, " \t\r\n")
	text = bytes.ToLower(text[:min(len(text), 32)])
	for _, f := range foreignText {
		if bytes.HasPrefix(text, []byte(f.begins)) {
			return adalid.Errorf(adalid.Invalid, "%s is %s; %s", in.name, f.what, exportIt)
		}
	}
	if in.gzErr == nil && binary(in.head) {
		return adalid.Errorf(adalid.Invalid, "%s is no text file; %s", in.name, exportIt)
	}
	return nil
}

// looked is how much of a first line tells what is text.
const looked = 4 << 10

// binary tells bytes of another kind by how much of the first line is no character or
// steers a terminal: of random bytes an eighth, of broken text far less. Later lines
// are rows, which are rejected one by one.
func binary(head []byte) bool {
	first, _, _ := bytes.Cut(head[:min(len(head), looked)], []byte("\n"))
	all, strange := 0, 0
	for _, r := range string(first) {
		all++
		if r == utf8.RuneError || r < ' ' && !strings.ContainsRune("\t\n\v\f\r", r) || r == 0x7f {
			strange++
		}
	}
	return strange > 2 && 12*strange > all
}
