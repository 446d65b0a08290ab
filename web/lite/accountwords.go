package lite

import "adalid/internal/account"

// accountWords is what the pages about accounts say.
type accountWords struct {
	SignIn, SignInLead, SignOut, SignedOut        string
	Email, Name, NameHint, Password, PasswordHint string
	Present, New, Go                              string
	Setup, SetupLead, SetupHint                   string
	Invitation, InvitationLead, Join, HaveAccount string
	Forgotten, ForgottenLead, NoMail, Sent        string
	NewPassword, NewPasswordLead, Changed, Save   string
	Wrong, TooManyGuesses, Gone, Unusable, Taken  string
	Busy, WrongPresent                            string
	Alone, BehindProxy, As                        string
	NobodySignsIn, ToRankings                     string // in single-user mode
	Elsewhere, NotInvited                         string // single sign-on
	Weak                                          map[account.Weakness]string
}

var englishAccount = accountWords{
	SignIn: "Sign in", SignInLead: "Sign in to see the rankings.", SignOut: "Sign out", SignedOut: "You are signed out.",
	Email: "Email", Name: "Name", NameHint: "As colleagues see it.", Password: "Password", PasswordHint: "At least 12 characters; several words make a good one.",
	Present: "Present password", New: "New password", Go: "Continue",
	Setup: "The first account", SetupLead: "It owns every brand and invites everybody else.",
	SetupHint:  "Nobody has an account yet. The link to make the first one stands in the terminal in which the server was started.",
	Invitation: "You are invited", InvitationLead: "Choose a password for %s.", Join: "Accept", HaveAccount: "Have you an account for this address already? Then give its password.",
	Forgotten: "Forgotten password", ForgottenLead: "If the address has an account, a letter with a link comes to it.",
	NoMail:      "This server sends no mail. Who runs it sets a new password with: adalid user password ADDRESS",
	Sent:        "If the address has an account, the letter is on its way. Its link works once, within an hour.",
	NewPassword: "New password", NewPasswordLead: "It ends every session of the account.", Changed: "The password is changed. Sign in with it.", Save: "Save",
	Wrong: "The address or the password is wrong.", TooManyGuesses: "Too many wrong passwords for this address. Wait a quarter of an hour, or use a browser that signed in before.",
	Gone:     "This link does not work: it was used, or is over, or was never made.",
	Unusable: "The address or the name cannot be used.", Taken: "There is an account already. Sign in, or ask for an invitation.",
	Busy: "Too many at once. Try again in a moment.", WrongPresent: "The present password is wrong.",
	Alone:         "Single-user mode: only this computer reaches the server, and nobody signs in.",
	NobodySignsIn: "Nobody has to sign in here, because nobody has an account yet. For more people: adalid user add ADDRESS --role owner", ToRankings: "To the rankings",
	BehindProxy: "A proxy stands before this server, and nobody has an account yet. Make one on the server: adalid user add ADDRESS --role owner",
	As:          "Signed in as %s.",
	Elsewhere:   "Sign in through the company's sign-on", NotInvited: "You could not be signed in. Only who has an account or an invitation gets in, with a verified mail address.",
	Weak: map[account.Weakness]string{
		account.TooShort:    "The password is too short: at least 12 characters.",
		account.TooLong:     "The password is too long: at most 1024 bytes.",
		account.LikeAddress: "The password is made of the address. Choose another one.",
		account.Common:      "That is one of the commonest passwords. Choose another one.",
		account.NoText:      "The password is not text.",
	},
}

var spanishAccount = accountWords{
	SignIn: "Entrar", SignInLead: "Entra para ver las clasificaciones.", SignOut: "Salir", SignedOut: "Has salido.",
	Email: "Correo electrónico", Name: "Nombre", NameHint: "Como lo ve el equipo.", Password: "Contraseña", PasswordHint: "Al menos 12 caracteres; varias palabras hacen una buena.",
	Present: "Contraseña actual", New: "Contraseña nueva", Go: "Continuar",
	Setup: "La primera cuenta", SetupLead: "Es dueña de todas las marcas e invita a las demás personas.",
	SetupHint:  "Nadie tiene cuenta todavía. El enlace para crear la primera está en el terminal en que se inició el servidor.",
	Invitation: "Tienes una invitación", InvitationLead: "Elige una contraseña para %s.", Join: "Aceptar", HaveAccount: "¿Ya tienes cuenta con esta dirección? Entonces escribe su contraseña.",
	Forgotten: "Contraseña olvidada", ForgottenLead: "Si la dirección tiene cuenta, le llega una carta con un enlace.",
	NoMail:      "Este servidor no envía correo. Quien lo administra pone una contraseña nueva con: adalid user password DIRECCIÓN",
	Sent:        "Si la dirección tiene cuenta, la carta está en camino. Su enlace sirve una vez, durante una hora.",
	NewPassword: "Contraseña nueva", NewPasswordLead: "Termina todas las sesiones de la cuenta.", Changed: "La contraseña ha cambiado. Entra con ella.", Save: "Guardar",
	Wrong: "La dirección o la contraseña no es correcta.", TooManyGuesses: "Demasiadas contraseñas equivocadas para esta dirección. Espera un cuarto de hora, o usa un navegador que ya haya entrado.",
	Gone:     "Este enlace no sirve: se usó, ha caducado o nunca existió.",
	Unusable: "La dirección o el nombre no se puede usar.", Taken: "Ya hay una cuenta. Entra, o pide una invitación.",
	Busy: "Demasiadas peticiones a la vez. Prueba dentro de un momento.", WrongPresent: "La contraseña actual no es correcta.",
	Alone:         "Modo de una sola persona: solo este ordenador llega al servidor, y nadie tiene que entrar.",
	NobodySignsIn: "Aquí nadie tiene que entrar, porque nadie tiene cuenta todavía. Para más personas: adalid user add DIRECCIÓN --role owner", ToRankings: "Ver las clasificaciones",
	BehindProxy: "Hay un proxy delante de este servidor y nadie tiene cuenta todavía. Crea una en el servidor: adalid user add DIRECCIÓN --role owner",
	As:          "Has entrado como %s.",
	Elsewhere:   "Entrar con la cuenta de la empresa", NotInvited: "No se ha podido entrar. Solo entra quien tiene cuenta o invitación, con una dirección de correo verificada.",
	Weak: map[account.Weakness]string{
		account.TooShort:    "La contraseña es demasiado corta: al menos 12 caracteres.",
		account.TooLong:     "La contraseña es demasiado larga: como mucho 1024 bytes.",
		account.LikeAddress: "La contraseña está hecha de la dirección. Elige otra.",
		account.Common:      "Es una de las contraseñas más comunes. Elige otra.",
		account.NoText:      "La contraseña no es texto.",
	},
}
