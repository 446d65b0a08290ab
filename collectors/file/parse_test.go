package file

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"adalid/collectors"
)

func TestMentionsInText(t *testing.T) {
	for text, want := range map[string]string{
		"@a":                                 "a",
		"hi @Ab_9, @ab_9":                    "ab_9",
		"＠full ＠@x":                          "full x",
		"a@b !@c #@d $@e %@f &@g *@h @@i":    "",
		"/@j .@k (@l) é@m":                   "k l m",
		"@cut… @whole ...":                   "whole",
		"@fifteenletters1 @sixteenletters12": "fifteenletters1",
		"@a@b":                               "",
		"@":                                  "",
		"mail x@y.org":                       "",
		"RT @Mara_Uno: @":                    "mara_uno",
		"@ñ @n":                              "n",
	} {
		p := &page{}
		if got := strings.Join(p.textMentions(text), " "); got != want {
			t.Errorf("%q mentions %q, want %q", text, got, want)
		}
	}
}

func TestRepostPrefix(t *testing.T) {
	for text, want := range map[string]string{
		"RT @Mara_Uno: hi": "Mara_Uno", "RT @a:": "a", "RT @a hi": "", "rt @a: hi": "", " RT @a: hi": "", "RT @: hi": "",
		"RT @sixteenletters12: hi": "", "RT if you like": "",
	} {
		if got, _ := repostPrefix(text); got != want {
			t.Errorf("%q reposts %q, want %q", text, got, want)
		}
	}
}

func TestCounts(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "1234": 1234, " 7 ": 7, "12,345": 12345, "1.234": 1234, "1.234.567": 1234567, "1,234,567": 1234567, "123.0": 123, "1234.00": 1234,
		"11.7K": 11700, "11,7k": 11700, "1.2M": 1200000, "1,2 mil": 1200, "3 mil": 3000, "2 mill.": 2000000, "1 millón": 1000000, "1.5B": 1500000000,
		"1 234": 1234, "1\u00a0234": 1234, "1\u202f234": 1234, "1'234": 1234, "1.2E+04": 12000, "1e3": 1000, "1.234,0": 1234, "1,234.0": 1234,
		"9223372036854775807": 9223372036854775807, "0.0": 0, "+5": 5,
	} {
		if got, ok := parseCount(text); !ok || got != want {
			t.Errorf("%q is %d %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "-1", "x", "1.5", "1.2.3", "1,23,456", "9223372036854775808", "1e99", "NaN", "0x10", "1.23456", "12.7.1K", ".", ",", "K", "1..000", "0.123"} {
		if got, ok := parseCount(text); ok {
			t.Errorf("%q is taken for %d", text, got)
		}
	}
}

func TestIDs(t *testing.T) {
	for text, want := range map[string]struct {
		id      string
		damaged bool
	}{
		"570306876897628160": {"570306876897628160", false}, " 12 ": {"12", false}, `="123456"`: {"123456", false}, "'99": {"99", false},
		"5.70306E+17": {"5.70306E+17", true}, "5,70306E+17": {"5,70306E+17", true}, "1e+18": {"1e+18", true},
		"1177691667333292e3": {"1177691667333292000", false}, "1.1786298876173599e+18": {"1178629887617359900", false},
		"1340539111971516416.0": {"1340539111971516416", false}, "570306000000000000": {"570306000000000000", true},
		"1e5": {"1e5", false}, "3kabc": {"3kabc", false}, "at://did/x": {"at://did/x", false}, "NA": {"", false}, "": {"", false},
		"12e4567": {"12e4567", false}, "1.5": {"1.5", false}, "row0": {"row0", false},
	} {
		if id, damaged := cleanID(text); id != want.id || damaged != want.damaged {
			t.Errorf("%q is %q %v, want %+v", text, id, damaged, want)
		}
	}
}

func TestDates(t *testing.T) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		text, order string
		zone        *time.Location
		year        int
		want        string
	}{
		{"2020-12-20T06:06:44Z", "", nil, 0, "2020-12-20T06:06:44Z"},
		{"2020-12-20 06:06:44", "", nil, 0, "2020-12-20T06:06:44Z"},
		{"2020-12-20 06:06:44", "", madrid, 0, "2020-12-20T05:06:44Z"},
		{"2020-12-20T06:06:44.987654+02:00", "", nil, 0, "2020-12-20T04:06:44Z"},
		{"2020-12-20 06:06:44 -0330", "", nil, 0, "2020-12-20T09:36:44Z"},
		{"2020-12-20 06:06:44+00:00", "", nil, 0, "2020-12-20T06:06:44Z"},
		{"2020-12-20 06:06:44 UTC", "", madrid, 0, "2020-12-20T06:06:44Z"},
		{"2020-12-20", "", nil, 0, "2020-12-20T00:00:00Z"},
		{"2020/12/20 6:06", "", nil, 0, "2020-12-20T06:06:00Z"},
		{"20201220", "", nil, 0, "2020-12-20T00:00:00Z"},
		{"20201220060644", "", nil, 0, "2020-12-20T06:06:44Z"},
		{"1608444404", "", nil, 0, "2020-12-20T06:06:44Z"},
		{"1608444404.25", "", nil, 0, "2020-12-20T06:06:44Z"},
		{"1608444404999", "", nil, 0, "2020-12-20T06:06:44Z"},
		{"1608444404999999", "", nil, 0, "2020-12-20T06:06:44Z"},
		{"Sun Dec 20 06:06:44 +0000 2020", "", madrid, 0, "2020-12-20T06:06:44Z"},
		{"Sun, 20 Dec 2020 06:06:44 GMT", "", nil, 0, "2020-12-20T06:06:44Z"},
		{"23-11-2016 18:40", "dmy", nil, 0, "2016-11-23T18:40:00Z"},
		{"8/4/2016 11:52", "mdy", nil, 0, "2016-08-04T11:52:00Z"},
		{"8/4/2016 11:52", "dmy", nil, 0, "2016-04-08T11:52:00Z"},
		{"8/4/16 12:52 AM", "mdy", nil, 0, "2016-08-04T00:52:00Z"},
		{"16-04-08", "ymd", nil, 0, "2016-04-08T00:00:00Z"},
		{"20 dic 2020", "", nil, 0, "2020-12-20T00:00:00Z"},
		{"20 de diciembre de 2020 a las 15:04", "", nil, 0, "2020-12-20T15:04:00Z"},
		{"dom., 20 dic. 2020 3:04 p. m.", "", nil, 0, "2020-12-20T15:04:00Z"},
		{"Dec 20, 2020, 3:04 PM", "", nil, 0, "2020-12-20T15:04:00Z"},
		{"3:04 PM · Dec 20, 2020", "", nil, 0, "2020-12-20T15:04:00Z"},
		{"20-Dec-2020 03:04PM", "", nil, 0, "2020-12-20T15:04:00Z"},
		{"December 20th, 2020", "", nil, 0, "2020-12-20T00:00:00Z"},
		{"Dec 20", "", nil, 2021, "2021-12-20T00:00:00Z"},
		{"20/12 10:00", "dmy", nil, 2021, "2021-12-20T10:00:00Z"},
		{"29/2/2024", "dmy", nil, 0, "2024-02-29T00:00:00Z"},
	} {
		d := dates{order: DateOrder(tt.order), zone: time.UTC, year: tt.year}
		if tt.zone != nil {
			d.zone = tt.zone
		}
		got, err := d.parse(tt.text)
		if err != nil || got.Format(time.RFC3339) != tt.want {
			t.Errorf("%q is %v %v, want %s", tt.text, got, err, tt.want)
		}
	}
	for text, want := range map[string]error{
		"soon": errDate, "": errDate, "12": errDate, "2020-02-30": errDateRange, "1/2/2020": errDateOrder, "Dec 20": errDateYear, "20/12 10:00": errDateYear,
		"2020-12-20T25:00:00Z": errDateRange, "1900-01-01": errDateRange, "13:00 PM 1 jan 2020": errDateRange, "creado_en": errDate, "99999999999999999": errDate,
	} {
		d := dates{order: AutoOrder, zone: time.UTC}
		if got, err := d.parse(text); err != want {
			t.Errorf("%q is %v %v, want %v", text, got, err, want)
		}
	}
}

func TestYearsOfTwoDigits(t *testing.T) {
	d := dates{order: DMY, zone: time.UTC, now: 2026}
	for text, want := range map[string]int{"1/2/26": 2026, "1/2/27": 2027, "1/2/99": 1999, "2 feb 19": 2019} {
		if at, err := d.parse(text); err != nil || at.Year() != want {
			t.Errorf("%q is in %d, %v, want %d", text, at.Year(), err, want)
		}
	}
	if at, err := d.parse("1/2/28"); err != errDateRange {
		t.Errorf("a year to come is %v, %v", at, err)
	}
}

func TestListedHandles(t *testing.T) {
	for text, want := range map[string][]string{
		"['a', 'b']": {"a", "b"},
		`["@a","b"]`: {"a", "b"},
		"a, @b;c":    {"a", "b", "c"},
		"[]":         nil,
		"[{'user_id': '1', 'username': 'a'}, {'id': 2, 'screen_name': \"b\", 'name': \"O'x, {y}\"}]": {"1:a", "2:b"},
	} {
		var got []string
		listHandles(text, func(id, h string) {
			if id != "" {
				h = id + ":" + h
			}
			got = append(got, h)
		})
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s holds %v, want %v", text, got, want)
		}
	}
}

func TestHTMLText(t *testing.T) {
	for in, want := range map[string]string{
		"<p>one<br>two</p><p>three &amp; four</p>":                                  "one\ntwo\n\nthree & four",
		"<p>a<br/>b<script>x</script><style>y</style></p>":                          "a\nb",
		`<a href="x"><span class="invisible">https://</span><span>e.org</span></a>`: "https://e.org",
		"plain": "plain", "": "", "<p>un<b>closed": "unclosed",
	} {
		if got := collectors.HTMLText(in); got != want {
			t.Errorf("%s is %q, want %q", in, got, want)
		}
	}
}

// Every header must belong to one field only, in the form that headerKey gives.
func TestHeaderTable(t *testing.T) {
	seen := map[string]string{}
	for _, f := range fieldTable {
		for _, h := range strings.Fields(f.headers) {
			if headerKey(h) != h {
				t.Errorf("%q is written %q", h, headerKey(h))
			}
			if other, ok := seen[h]; ok {
				t.Errorf("%q is a header of %s and of %s", h, other, f.name)
			}
			seen[h] = f.name
		}
	}
	if got := headerKey("  Fecha de Publicación (UTC) "); got != "fecha_de_publicacion_utc" {
		t.Errorf("got %q", got)
	}
}
