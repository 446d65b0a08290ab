package api

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"adalid/internal/account"
)

// Privacy answers for the rights of people whose posts are stored. Unknown people
// are NotFound.
type Privacy interface {
	// Erase removes a person, from one brand or, with "", from all; a result that
	// is not Done goes on without the caller.
	Erase(ctx context.Context, brand, person string) (Erasure, error)
	// OnErased adds something that is called after every erasure, by whichever
	// process: to drop what is in memory.
	OnErased(forget func())
	// Dossier gives everything that is stored about a person.
	Dossier(ctx context.Context, brand, person string) (Dossier, error)
	// Notices lists how people stand who are to be informed, those first who have
	// to be soonest.
	Notices(ctx context.Context, brand string) ([]Notice, error)
	// Notice gives how one person stands, with the text in a language.
	Notice(ctx context.Context, brand, person, lang string) (NoticeDetail, error)
	// SetInformed records that a person was informed; a zero at takes it back.
	SetInformed(ctx context.Context, brand, person string, at time.Time, channel, by string) error
	// Retention lists how long a brand's posts are kept, and SetRetention changes
	// it for a platform, "" for all: nil days take the rule back, 0 keep without
	// limit.
	Retention(ctx context.Context, brand string) ([]Retention, error)
	SetRetention(ctx context.Context, brand, platform string, days *int64, by string) error
}

// Erasure is what an erasure did.
type Erasure struct {
	Done          bool            `json:"done" doc:"false: it goes on. From now on nothing of the person is stored any more."`
	Accounts      []ErasedAccount `json:"accounts" nullable:"false" doc:"Accounts that were the person's."`
	Brands        []ErasedBrand   `json:"brands" nullable:"false" doc:"What was taken out of each."`
	Texts         []ErasedTexts   `json:"texts" nullable:"false" doc:"Rows of other tables that named them."`
	RemovedFiles  []string        `json:"removed_files" nullable:"false" doc:"Copies of older databases beside the database."`
	Namesakes     []ErasedAccount `json:"namesakes" nullable:"false" doc:"Accounts with the same handle elsewhere, which stay."`
	FilesLookedAt *int            `json:"files_looked_at,omitempty" doc:"Only on the command line: files of the data folder in which the handles were looked for afterwards."`
	FilesLeft     []string        `json:"files_left,omitempty" nullable:"false" doc:"Those in which one still stands."`
	Suppressed    int             `json:"suppressed" doc:"Entries that keep the person from being collected again."`
}

// ErasedAccount is an account by its id, without its handle.
type ErasedAccount struct {
	Brand    string `json:"brand"`
	Platform string `json:"platform"`
	ID       string `json:"id"`
}

// ErasedBrand counts what was taken out of a brand.
type ErasedBrand struct {
	Brand     string `json:"brand"`
	Accounts  int64  `json:"accounts"`
	Mentions  int64  `json:"mentions"`
	Rewritten int64  `json:"rewritten" doc:"Mentions of others that no longer name the person."`
}

// ErasedTexts counts rows that named the person.
type ErasedTexts struct {
	Table string `json:"table"`
	Rows  int64  `json:"rows"`
}

// NewErasure names whom to erase from every brand.
type NewErasure struct {
	Person string `json:"person" minLength:"1" maxLength:"300" doc:"An id of a ranking, or platform/handle."`
}

// Dossier is everything that is stored about a person.
type Dossier struct {
	Brand  string         `json:"brand"`
	Person string         `json:"person"`
	Made   time.Time      `json:"made"`
	About  DossierAbout   `json:"about"`
	Score  Null[Score]    `json:"score" doc:"As it is now; null: too little to rank, or no mention."`
	Tables []DossierTable `json:"tables" nullable:"false"`
}

// DossierAbout is what GDPR Art. 15 (1) asks for beside the data.
type DossierAbout struct {
	Controller string   `json:"controller"`
	Contact    string   `json:"contact"`
	Purpose    string   `json:"purpose"`
	Basis      string   `json:"legal_basis"`
	Sources    []string `json:"sources" nullable:"false" doc:"Platforms on which the posts were public."`
	Recipients string   `json:"recipients"`
	Retention  string   `json:"retention"`
	Logic      string   `json:"logic" doc:"How the score is made."`
	Rights     string   `json:"rights"`
}

// DossierTable is what one table holds.
type DossierTable struct {
	Table   string           `json:"table"`
	Columns []DossierColumn  `json:"columns" nullable:"false"`
	Rows    []map[string]any `json:"rows" nullable:"false"`
}

// DossierColumn says what a column is.
type DossierColumn struct {
	Name  string `json:"name"`
	What  string `json:"what"`
	About string `json:"about" enum:"person,colleague,nobody"`
	Kept  string `json:"kept"`
}

// Notice is how somebody stands who is to be told that data are kept about them.
type Notice struct {
	Person     string     `json:"person"`
	Platform   string     `json:"platform"`
	Handle     *string    `json:"handle"`
	Stored     time.Time  `json:"stored_at" doc:"When the first of their accounts was stored."`
	Due        time.Time  `json:"due_at" doc:"Until when to inform them: a month later, GDPR Art. 14 (3)."`
	State      string     `json:"state" enum:"due,overdue,informed"`
	InformedAt *time.Time `json:"informed_at"`
	Channel    *string    `json:"channel" doc:"By what."`
	InformedBy *string    `json:"informed_by"`
}

// NoticeDetail is one person's notice with its text.
type NoticeDetail struct {
	Notice
	Text string `json:"text" doc:"What to tell them, with a link by which they object."`

	Missing []string `json:"missing" nullable:"false" enum:"controller,contact,link" doc:"What is not set yet and stands in [brackets] in the text, which is not to be sent so."`

	Link *string `json:"link" doc:"That link; null while neither privacy.url nor server.public_url is set: then nobody else could open it."`
}

// NoticeList is a page of a brand's people.
type NoticeList struct {
	Items    []Notice `json:"items" nullable:"false" doc:"Those first who have to be informed soonest; informed ones last."`
	Total    int      `json:"total" doc:"People in the state asked for."`
	Due      int      `json:"due" doc:"People not yet informed, overdue ones included."`
	Overdue  int      `json:"overdue"`
	Informed int      `json:"informed"`
}

// NewNotice records that somebody was informed.
type NewNotice struct {
	Channel string     `json:"channel" minLength:"1" maxLength:"200" doc:"By what: mail, a direct message, …"`
	At      *time.Time `json:"informed_at,omitempty" doc:"Left out: now."`
}

// Retention is how long posts of a platform are kept.
type Retention struct {
	Platform string     `json:"platform" doc:"all: platforms without a rule of their own."`
	Days     *int64     `json:"days" doc:"null: without limit."`
	Fixed    bool       `json:"fixed" doc:"A rule of the platform itself, which cannot be changed: posts that were not read again for so long go."`
	SetBy    *string    `json:"set_by"`
	SetAt    *time.Time `json:"set_at"`
}

// RetentionList is a brand's rules.
type RetentionList struct {
	Items []Retention `json:"items" nullable:"false"`
}

// NewRetention says how long to keep posts.
type NewRetention struct {
	Days *int64 `json:"days" nullable:"true" minimum:"1" maximum:"36500" doc:"null: without limit, whatever the rule for all says."`
}

type (
	erasureAnswer struct {
		Status int
		Body   Erasure
	}
	newErasureInput struct{ Body NewErasure }
	dossierAnswer   struct {
		Disposition string `header:"Content-Disposition"`
		Body        Dossier
	}
	noticesInput struct {
		BrandPath
		State  string `query:"state" enum:"all,due,overdue,informed" default:"all"`
		Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
		Offset int    `query:"offset" minimum:"0" maximum:"10000000" default:"0"`
	}
	noticesAnswer struct{ Body NoticeList }
	noticeInput   struct {
		DecidedPath
		Lang string `query:"lang" enum:"en,es" default:"en" doc:"Of the text."`
	}
	noticeAnswer   struct{ Body NoticeDetail }
	newNoticeInput struct {
		DecidedPath
		Body NewNotice
	}
	retentionAnswer struct{ Body RetentionList }
	// RetentionPath is the address of a rule.
	RetentionPath struct {
		BrandPath
		Platform string `path:"platform" maxLength:"50" pattern:"^[a-z0-9_.-]+$" doc:"all, or the name of a platform."`
	}
	newRetentionInput struct {
		RetentionPath
		Body NewRetention
	}
)

func (s *server) registerPrivacy(a huma.API) {
	if s.Privacy != nil {
		s.Privacy.OnErased(s.rankings.kept.Purge)
		s.Privacy.OnErased(s.networks.kept.Purge)
	}
	const person = "/brands/{brand}/advocates/{id}"
	erased := described(op(http.MethodDelete, person, "erase-advocate", "Erase a person from a brand, for good"),
		"Removes what is stored of all accounts of the person, rewrites what others wrote so that it no longer names them, and keeps them from being collected again for this brand. It cannot be undone.")
	register(a, also(erased, "202", "It goes on; from now on nothing of the person is stored any more"), s.eraseAdvocate)
	everywhere := described(op(http.MethodPost, "/erasures", "erase-person", "Erase a person from every brand, for good"),
		"As for one brand; brands that are added later keep them out too. Somebody of whom nothing is stored is kept out as well.")
	register(a, also(everywhere, "202", "It goes on"), s.erasePerson)
	register(a, described(op(http.MethodGet, person+"/data", "get-advocate-data", "Everything that is stored about a person"),
		"What a person may ask for (GDPR Art. 15), as a file: every row of every table that is about them, with what it is and how long it is kept. Posts of others that name them are among it, without who wrote them."), s.getDossier)
	register(a, op(http.MethodGet, "/brands/{brand}/notices", "list-notices", "Who has to be told that data are kept about them (GDPR Art. 14)"), s.listNotices)
	register(a, op(http.MethodGet, person+"/notice", "get-notice", "Whether a person was informed, and what to tell them"), s.getNotice)
	register(a, op(http.MethodPut, person+"/notice", "set-notice", "Record that a person was informed"), s.setNotice)
	register(a, op(http.MethodDelete, person+"/notice", "undo-notice", "Take that back"), s.undoNotice)
	register(a, op(http.MethodGet, "/brands/{brand}/retention", "list-retention", "How long posts are kept"), s.listRetention)
	const rule = "/brands/{brand}/retention/{platform}"
	register(a, described(op(http.MethodPut, rule, "set-retention", "Say how long posts of a platform are kept"),
		"The server removes older ones, with the people of whom nothing is left, within a day."), s.setRetention)
	register(a, op(http.MethodDelete, rule, "drop-retention", "Take a rule back"), s.dropRetention)
}

// actor names who does something.
func actor(ctx context.Context) string {
	a := account.From(ctx)
	return cmp.Or(a.ID, a.Name, "api")
}

func erasureStatus(e Erasure, err error) (*erasureAnswer, error) {
	if err != nil {
		return nil, err
	}
	out := &erasureAnswer{http.StatusOK, e}
	if !e.Done {
		out.Status = http.StatusAccepted
		out.Body.Accounts, out.Body.Namesakes, out.Body.Brands = []ErasedAccount{}, []ErasedAccount{}, []ErasedBrand{}
		out.Body.Texts, out.Body.RemovedFiles = []ErasedTexts{}, []string{}
	}
	return out, nil
}

func (s *server) eraseAdvocate(ctx context.Context, in *DecidedPath) (*erasureAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	// Nobody stored is nobody found: only who sees all brands keeps strangers out.
	if _, err := s.Privacy.Notice(ctx, b.Name, in.ID, "en"); err != nil {
		return nil, err
	}
	return erasureStatus(s.Privacy.Erase(ctx, b.Name, in.ID))
}

func (s *server) erasePerson(ctx context.Context, in *newErasureInput) (*erasureAnswer, error) {
	return erasureStatus(s.Privacy.Erase(ctx, "", in.Body.Person))
}

func (s *server) getDossier(ctx context.Context, in *DecidedPath) (*dossierAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	d, err := s.Privacy.Dossier(ctx, b.Name, in.ID)
	if err != nil {
		return nil, err
	}
	return &dossierAnswer{`attachment; filename="person-` + d.Person + `.json"`, d}, nil
}

func (s *server) listNotices(ctx context.Context, in *noticesInput) (*noticesAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	all, err := s.Privacy.Notices(ctx, b.Name)
	if err != nil {
		return nil, err
	}
	out := NoticeList{Items: []Notice{}}
	var wanted []Notice
	for _, n := range all {
		switch n.State {
		case "informed":
			out.Informed++
		case "overdue":
			out.Overdue++
			out.Due++
		default:
			out.Due++
		}
		if in.State == "all" || n.State == in.State || in.State == "due" && n.State == "overdue" {
			wanted = append(wanted, n)
		}
	}
	out.Total = len(wanted)
	if in.Offset < len(wanted) {
		out.Items = wanted[in.Offset:min(len(wanted), in.Offset+in.Limit)]
	}
	return &noticesAnswer{out}, nil
}

func (s *server) getNotice(ctx context.Context, in *noticeInput) (*noticeAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	n, err := s.Privacy.Notice(ctx, b.Name, in.ID, in.Lang)
	if err != nil {
		return nil, err
	}
	return &noticeAnswer{n}, nil
}

func (s *server) setNotice(ctx context.Context, in *newNoticeInput) (*empty, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	at := s.Now()
	if in.Body.At != nil {
		at = *in.Body.At
	}
	return nil, s.Privacy.SetInformed(ctx, b.Name, in.ID, at, in.Body.Channel, actor(ctx))
}

func (s *server) undoNotice(ctx context.Context, in *DecidedPath) (*empty, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	return nil, s.Privacy.SetInformed(ctx, b.Name, in.ID, time.Time{}, "", actor(ctx))
}

func (s *server) listRetention(ctx context.Context, in *BrandPath) (*retentionAnswer, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	list, err := s.Privacy.Retention(ctx, b.Name)
	if err != nil {
		return nil, err
	}
	return &retentionAnswer{RetentionList{append([]Retention{}, list...)}}, nil
}

func (s *server) setRetention(ctx context.Context, in *newRetentionInput) (*empty, error) {
	days := in.Body.Days
	if days == nil {
		days = new(int64(0))
	}
	return s.changeRetention(ctx, in.RetentionPath, days)
}

func (s *server) dropRetention(ctx context.Context, in *RetentionPath) (*empty, error) {
	return s.changeRetention(ctx, *in, nil)
}

func (s *server) changeRetention(ctx context.Context, in RetentionPath, days *int64) (*empty, error) {
	b, err := s.Brands.Brand(ctx, in.Brand)
	if err != nil {
		return nil, err
	}
	platform := in.Platform
	if platform == "all" {
		platform = ""
	}
	return nil, s.Privacy.SetRetention(ctx, b.Name, platform, days, actor(ctx))
}
