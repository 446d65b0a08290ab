package file

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"adalid"
)

// owner is the account that an X archive belongs to.
type owner struct {
	author adalid.Author
	sum    []byte // of the file that says so
}

// findOwner takes the account from the mapping (--map author=…, handle, name)
// or from account.js, which lies next to tweets.js in the archive.
func findOwner(in *input, opt *Options) (owner, error) {
	var o owner
	for _, m := range opt.Map {
		switch m.Field {
		case "author":
			o.author.Key = m.Column
		case "handle":
			o.author.Handle = cleanHandle(m.Column)
		case "name":
			o.author.Name = m.Column
		default:
			return o, adalid.Errorf(adalid.Invalid, "%s is an X archive, in which only author, handle and name can be given, not %s", in.name, m.Field)
		}
	}
	if o.author.Key == "" && o.author.Handle == "" && in.once == nil {
		if err := o.read(filepath.Join(filepath.Dir(in.path), "account.js")); err != nil {
			return o, err
		}
	}
	if o.author.Key == "" {
		o.author.Key = lower(o.author.Handle)
	}
	if o.author.Key == "" {
		return o, adalid.Errorf(adalid.Invalid,
			"%s does not say whose tweets it holds; put the archive's account.js next to it, or give the account: --map author=ID --map handle=NAME", in.name)
	}
	return o, nil
}

// read takes the account from account.js; a file that is not there says
// nothing.
func (o *owner) read(path string) error {
	f, err := os.Open(path)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return adalid.Wrapf(adalid.Invalid, err, "account.js cannot be read")
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return fmt.Errorf("file: read account.js: %w", err)
	}
	sum := sha256.Sum256(b)
	o.sum = sum[:]
	if _, after, ok := bytes.Cut(b, []byte("=")); ok && archivePrefix(b) {
		b = after
	}
	var list []struct {
		Account struct {
			ID      idText `json:"accountId"`
			Handle  string `json:"username"`
			Name    string `json:"accountDisplayName"`
			Created string `json:"createdAt"`
		} `json:"account"`
	}
	if err := json.Unmarshal(bytes.TrimRight(b, "; \r\n"), &list); err != nil || len(list) == 0 {
		return adalid.Errorf(adalid.Invalid, "account.js is not that of an X archive")
	}
	a := list[0].Account
	o.author.Key, o.author.Handle, o.author.Name = string(a.ID), cleanHandle(a.Handle), a.Name
	var d dates
	if at, err := d.parse(a.Created); err == nil {
		o.author.Created = at
	}
	return nil
}

// tweetArchive is a tweet of X's archive, where ids and counts are texts.
type tweetArchive struct {
	ID        idText `json:"id"`
	IDStr     idText `json:"id_str"`
	FullText  string `json:"full_text"`
	Text      string `json:"text"`
	CreatedAt string `json:"created_at"`
	Lang      string `json:"lang"`
	Likes     idText `json:"favorite_count"`
	Reposts   idText `json:"retweet_count"`
	ReplyTo   string `json:"in_reply_to_screen_name"`
	Entities  *struct {
		Mentions []struct {
			ScreenName string `json:"screen_name"`
		} `json:"user_mentions"`
	} `json:"entities"`
}

type postArchive struct {
	dates dates
	owner owner
}

func (postArchive) begin(int64) error { return nil }

func (d postArchive) decode(p *page, raw []byte, at *place) {
	var e struct {
		Tweet json.RawMessage `json:"tweet"`
	}
	var t tweetArchive
	err := unmarshal(raw, &e)
	if err == nil {
		if len(e.Tweet) == 0 {
			e.Tweet = raw
		}
		err = unmarshal(e.Tweet, &t)
	}
	at.row++
	p.Rows++
	if err != nil {
		p.reject(*at, "", "", "is no tweet: "+err.Error(), raw)
		return
	}
	m, field, why := d.mention(p, &t)
	if why != "" {
		p.reject(*at, field, field, why, raw)
		return
	}
	p.add(&m, taken{mentions: t.Entities != nil}, *at)
}

func (d postArchive) mention(p *page, t *tweetArchive) (m adalid.Mention, field, why string) {
	m.Author = d.owner.author
	m.ID = firstID(t.IDStr, t.ID)
	m.Text = clean(t.FullText)
	if m.Text == "" {
		m.Text = clean(t.Text)
	}
	m.Lang = lower(t.Lang)
	m.ReplyTo = lower(cleanHandle(t.ReplyTo))
	if m.Text == "" {
		return m, "text", "there is no text"
	}
	if t.CreatedAt != "" {
		at, err := d.dates.parse(t.CreatedAt)
		if err != nil {
			return m, "created_at", fmt.Sprintf("%q %v", cutText([]byte(t.CreatedAt)), err)
		}
		m.CreatedAt = at
	}
	if m.ID == "" && m.CreatedAt.IsZero() {
		return m, "post_id", "there is neither an id nor a time"
	}
	for _, c := range []struct {
		field string
		text  idText
		to    **int64
	}{{"likes", t.Likes, &m.Likes}, {"reposts", t.Reposts, &m.Reposts}} {
		if c.text == "" {
			continue
		}
		n, ok := parseCount(string(c.text))
		if !ok {
			return m, c.field, fmt.Sprintf("%q is no count", cutText([]byte(c.text)))
		}
		*c.to = p.intp(n)
	}
	if m.Author.Handle != "" && m.ID != "" {
		m.URL = "https://x.com/" + m.Author.Handle + "/status/" + m.ID
	}
	if t.Entities != nil {
		if x, ok := repostPrefix(m.Text); ok {
			p.addHandle(x)
		}
		for _, u := range t.Entities.Mentions {
			p.addHandle(strings.TrimPrefix(u.ScreenName, "@"))
		}
		m.Mentions = p.list()
	}
	return m, "", ""
}
