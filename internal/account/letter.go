package account

import "fmt"

// letters are what is mailed, in one language.
type letters struct {
	invitationSubject, invitationText string // who invites, the link
	resetSubject, resetText           string // the link
}

func (l letters) invitation(by, link string) (subject, text string) {
	return l.invitationSubject, fmt.Sprintf(l.invitationText, by, link)
}

func (l letters) reset(link string) (subject, text string) {
	return l.resetSubject, fmt.Sprintf(l.resetText, link)
}

// words gives the letters in a language, or in that of the settings.
func (a *Accounts) words(language string) letters {
	if language == "" {
		language = a.Language
	}
	if language == "es" {
		return spanishLetters
	}
	return englishLetters
}

var englishLetters = letters{
	invitationSubject: "You are invited to Adalid",
	invitationText: `%s invites you to Adalid, where the team sees who speaks for its brands.

Choose your password here; the link works once, within seven days:
%s

If you expected no invitation, do nothing.
`,
	resetSubject: "A new password for Adalid",
	resetText: `Somebody asked for a new password for your account at Adalid.

Choose it here; the link works once, within an hour:
%s

If it was not you, do nothing: your password stays as it is.
`,
}

var spanishLetters = letters{
	invitationSubject: "Invitación a Adalid",
	invitationText: `%s te invita a Adalid, donde el equipo ve quién habla a favor de sus marcas.

Elige aquí tu contraseña; el enlace sirve una vez, durante siete días:
%s

Si no esperabas ninguna invitación, no hagas nada.
`,
	resetSubject: "Contraseña nueva para Adalid",
	resetText: `Alguien ha pedido una contraseña nueva para tu cuenta de Adalid.

Elígela aquí; el enlace sirve una vez, durante una hora:
%s

Si no has sido tú, no hagas nada: tu contraseña sigue siendo la misma.
`,
}
