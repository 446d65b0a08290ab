package collectors

import "testing"

func TestHTMLText(t *testing.T) {
	for fragment, want := range map[string]string{
		"one<p>two<p>three":                         "one\n\ntwo\n\nthree",
		"<p>one</p><p>two</p>":                      "one\n\ntwo",
		"<p>one<br>two</p>\n<p>three</p>":           "one\ntwo\n\n\nthree",
		"<div><p>one</p></div>two":                  "one\n\ntwo",
		"a &amp; b &lt;i&gt; &#x27;c&#x27;":         "a & b <i> 'c'",
		"x<script>alert(1)</script><b>y</b>":        "xy",
		"<ul><li>one</li><li>two</li></ul>three":    "one\ntwo\nthree",
		"no markup, 1 < 2":                          "no markup, 1 < 2",
		"<p>quoted</p><pre><code>a  b</code></pre>": "quoted\n\na  b",
	} {
		if got := HTMLText(fragment); got != want {
			t.Errorf("%q: %q, want %q", fragment, got, want)
		}
	}
}
