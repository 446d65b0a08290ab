package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLanguageIdentify(t *testing.T) {
	t.Parallel()
	r := cli(t, t.TempDir(), "me encanta esta tienda\r\n\n😀\nich liebe diesen laden", "language", "identify")
	var langs []string
	for line := range strings.Lines(r.out) {
		lang, rest, _ := strings.Cut(line, "\t")
		if confidence, _, _ := strings.Cut(rest, "\t"); len(confidence) != len("0.000") {
			t.Errorf("%q: no confidence", line)
		}
		langs = append(langs, lang)
	}
	if r.code != 0 || strings.Join(langs, ",") != "es,,,de" || !strings.HasSuffix(r.out, "\tich liebe diesen laden\n") {
		t.Errorf("%+v", r)
	}
	if r := cli(t, t.TempDir(), "hello\n", "language", "identify", "--tag", "pt-BR"); r.out != "pt\t1.000\thello\n" {
		t.Errorf("with a tag: %+v", r)
	}
}

func TestLanguageEval(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "invented_spanish_val.tsv")
	if err := os.WriteFile(path, []byte("0\tme encanta esta tienda\n1\tich liebe diesen laden\n1\t😀\n2\tno vuelvo nunca más\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := ok(t, dir, "language", "eval", path); !strings.Contains(out, "50.0 %  (15.0 to 85.0)") || !strings.Contains(out, "unknown 1") || !strings.Contains(out, "de 1") {
		t.Error(out)
	}
	if out := ok(t, dir, "language", "eval", path, "--json"); !strings.Contains(out, `"accuracy": 0.5`) {
		t.Error(out)
	}
	bad := filepath.Join(dir, "texts.tsv")
	if err := os.WriteFile(filepath.Join(dir, "english.tsv"), []byte("no tab\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		bad: "says no language", filepath.Join(dir, "english.tsv"): "line 1: no tab", filepath.Join(dir, "german.tsv"): "no such file",
	} {
		if r := cli(t, dir, "", "language", "eval", path); r.code != 2 || !strings.Contains(r.err, want) {
			t.Errorf("%s: %+v", path, r)
		}
	}
}

func TestLanguageTrain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := filepath.Join(dir, "model.bin")
	for args, want := range map[string]string{
		"--data " + dir: "say where the texts are", "--out " + out: "say where the texts are", "--data " + dir + " --out " + out: "no semeval",
	} {
		if r := cli(t, dir, "", append([]string{"language", "train"}, strings.Fields(args)...)...); r.code != 2 || !strings.Contains(r.err, want) {
			t.Errorf("%s: %+v", args, r)
		}
	}
	for name, text := range map[string]string{
		"semeval2013_2016_english_train.tsv": "this shop is great", "umsab_english_train.tsv": "worst service ever", "umsab_french_train.tsv": "j'adore ce magasin",
		"umsab_german_train.tsv": "ich liebe diesen laden", "umsab_hindi_train.tsv": "ye phone bahut accha hai", "umsab_italian_train.tsv": "adoro questo negozio",
		"umsab_portuguese_train.tsv": "adorei a loja", "umsab_spanish_train.tsv": "me encanta la tienda", "umsab_spanish_val.tsv": "not read",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("1\t"+text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if r := cli(t, dir, "", "language", "train", "--data", dir, "--out", out); r.code != 0 || !strings.Contains(r.err, "from 8 texts") {
		t.Errorf("%+v", r)
	}
	if info, err := os.Stat(out); err != nil || info.Size() > 300_000 {
		t.Errorf("%v, %v", info, err)
	}
}
