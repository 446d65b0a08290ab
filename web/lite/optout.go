package lite

import (
	"bytes"
	"html/template"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"adalid"
	"adalid/internal/account"
)

// OptOutPath is where people object who have no account here.
const OptOutPath = Prefix + "/opt-out"

// OptOuts carries objections out.
type OptOuts interface {
	// Valid tells whether a link is one that was made here; it says nothing of
	// whom it was made for, or whether anything is stored of them.
	Valid(token string) bool
	// OptOut erases whom the link was made for, everywhere and for good. It does not
	// wait for the end; NotFound for a link that is not valid.
	OptOut(token string) error
}

// OptOutOptions are what the page answers from.
type OptOutOptions struct {
	OptOuts    OptOuts
	Controller string           // who is responsible; "" is left out
	Contact    string           // how to reach them; "" is left out
	Logger     *slog.Logger     // nil: no log
	Now        func() time.Time // nil: time.Now
}

// optOut is the page by which people object.
type optOut struct {
	OptOutOptions
	page  *template.Template
	style string // its address

	mu     sync.Mutex
	minute int64          // of what is counted
	asked  map[string]int // links that are not valid, by network
}

// mostAsks bounds how many links that are not valid one network may try in a
// minute, and mostAddresses how many are counted: beyond it everybody without a
// valid one waits for the next minute. Valid links are always answered.
const (
	mostAsks      = 20
	mostAddresses = 10_000
	mostForm      = 4 << 10 // bytes
)

// NewOptOut makes the handler of the opt-out page, for GET and POST. It needs no
// account and no script, and gives nothing away: every link that is not valid
// gets the same answer, and every valid one too, whoever it was made for.
func NewOptOut(o OptOutOptions) (http.Handler, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	page, err := template.ParseFS(files, "optout.tmpl")
	if err != nil {
		return nil, err
	}
	_, style, err := styleSheet()
	if err != nil {
		return nil, err
	}
	return &optOut{OptOutOptions: o, page: page, style: style, asked: map[string]int{}}, nil
}

// optOutView is what the page shows.
type optOutView struct {
	W                   optOutWords
	Style               string
	Other               string // the same page in the other language
	Token               string
	Ask, Done           bool
	Controller, Contact string
}

// ServeHTTP answers GET with what will happen and a button, POST by doing it.
func (h *optOut) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	v := &optOutView{W: optOutIn(r), Style: h.style, Controller: h.Controller, Contact: h.Contact}
	token := r.URL.Query().Get("t")
	if r.Method == http.MethodPost {
		if err := r.ParseForm(); err != nil {
			h.write(w, v, http.StatusBadRequest)
			return
		}
		token = r.PostForm.Get("t")
	}
	v.Other = OptOutPath + "?lang=" + v.W.OtherLang + "&t=" + template.URLQueryEscaper(token)
	if !h.OptOuts.Valid(token) { // that costs less than counting
		if h.allowed(r) {
			h.write(w, v, http.StatusNotFound)
			return
		}
		w.Header().Set("Retry-After", "60")
		v.W.Invalid = v.W.TooOften
		h.write(w, v, http.StatusTooManyRequests)
		return
	}
	if r.Method != http.MethodPost {
		v.Ask, v.Token = true, token
		h.write(w, v, http.StatusOK)
		return
	}
	if err := h.OptOuts.OptOut(token); err != nil {
		if adalid.CodeOf(err) != adalid.NotFound {
			h.Logger.Error("opt-out", "error", err)
		}
		v.W.Invalid = v.W.Failed
		h.write(w, v, http.StatusServiceUnavailable)
		return
	}
	v.Done = true
	h.write(w, v, http.StatusOK)
}

// allowed counts the links that are not valid in a minute.
func (h *optOut) allowed(r *http.Request) bool {
	host := account.Network(r.RemoteAddr)
	h.mu.Lock()
	defer h.mu.Unlock()
	if minute := h.Now().Unix() / 60; minute != h.minute {
		h.minute = minute
		clear(h.asked)
	}
	if _, known := h.asked[host]; !known && len(h.asked) >= mostAddresses {
		return false
	}
	h.asked[host]++
	return h.asked[host] <= mostAsks
}

func (h *optOut) write(w http.ResponseWriter, v *optOutView, status int) {
	var page bytes.Buffer
	if err := h.page.Execute(&page, v); err != nil {
		h.Logger.Error("opt-out: template", "error", err)
		page.Reset()
		page.WriteString(template.HTMLEscapeString(v.W.Failed))
		status = http.StatusInternalServerError
	}
	head := w.Header()
	head.Set("Content-Type", "text/html; charset=utf-8")
	head.Set("Content-Language", v.W.Lang)
	head.Set("Vary", "Accept-Language")
	head.Set("Cache-Control", "no-store")
	head.Set("X-Robots-Tag", "noindex")
	head.Set("Content-Length", strconv.Itoa(page.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes())
}

// optOutWords is what the page says in one language.
type optOutWords struct {
	Lang, OtherLang, OtherName              string
	Title, Lead, What, Where, Once, Button  string
	DoneTitle, DoneText                     string
	InvalidTitle, Invalid, TooOften, Failed string
	Responsible                             string
}

var optOutEnglish = optOutWords{
	Lang: "en", OtherLang: "es", OtherName: "Español",
	Title:  "Object, and have your data erased",
	Lead:   "You got this link because public posts of yours may be kept here.",
	What:   "With the button below everything goes that is kept about the account this link was made for: profile, posts, figures and scores. What others wrote stays, without your user name. We note, without your name, not to collect you again.",
	Where:  "It holds for every brand that is looked after here. You need no account and give no reason.",
	Once:   "It cannot be undone, and takes a few minutes at most.",
	Button: "Erase everything about me", DoneTitle: "It is being erased",
	DoneText:     "Whatever was kept about the account is being erased and is not collected again. There is nothing more to do.",
	InvalidTitle: "This link does not work", Invalid: "The address is not complete, or was not made here. Open it again from the message that you got, as a whole.",
	TooOften: "That was often in a short time. Please try again in a minute.", Failed: "That did not work. Please try again in a few minutes.",
	Responsible: "Who is responsible:",
}

var optOutSpanish = optOutWords{
	Lang: "es", OtherLang: "en", OtherName: "English",
	Title:  "Oponerse y borrar sus datos",
	Lead:   "Ha recibido este enlace porque aquí pueden guardarse publicaciones públicas suyas.",
	What:   "Con el botón de abajo se borra todo lo que se guarda sobre la cuenta para la que se hizo este enlace: perfil, publicaciones, cifras y puntuaciones. Lo que otros escribieron se queda, sin su nombre de usuario. Anotamos, sin su nombre, que no se le vuelva a recoger.",
	Where:  "Vale para todas las marcas que se siguen aquí. No necesita cuenta ni dar motivos.",
	Once:   "No se puede deshacer y tarda unos minutos como mucho.",
	Button: "Borrar todo sobre mí", DoneTitle: "Se está borrando",
	DoneText:     "Lo que se guardaba sobre la cuenta se está borrando y no se vuelve a recoger. No tiene que hacer nada más.",
	InvalidTitle: "Este enlace no funciona", Invalid: "La dirección no está completa o no se hizo aquí. Ábrala de nuevo desde el mensaje que recibió, entera.",
	TooOften: "Han sido muchos intentos en poco tiempo. Inténtelo de nuevo en un minuto.", Failed: "No ha funcionado. Inténtelo de nuevo en unos minutos.",
	Responsible: "Responsable:",
}

// optOutIn picks the language that was asked for, else the browser's first that
// there is.
func optOutIn(r *http.Request) optOutWords {
	switch r.URL.Query().Get("lang") {
	case "es":
		return optOutSpanish
	case "en":
		return optOutEnglish
	}
	for tag := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		switch tag = strings.ToLower(strings.TrimSpace(tag)); {
		case strings.HasPrefix(tag, "es"):
			return optOutSpanish
		case strings.HasPrefix(tag, "en"):
			return optOutEnglish
		}
	}
	return optOutEnglish
}
