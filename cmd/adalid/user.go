package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"adalid"
	"adalid/internal/account"
	"adalid/internal/store"
	"adalid/web/api"
)

func (a *app) userCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "user",
		Short: "Who may sign in, and what they may do",
		Long: `Keeps the accounts of a server. Passwords are asked for on the terminal or read
from standard input, never given as an argument. As soon as there is one account,
everybody has to sign in.`,
	}
	cmd.AddCommand(a.userAdd(), a.userInvite(), a.userList(), a.userPassword(), a.userRole(), a.userSwitch("disable", true), a.userSwitch("enable", false), a.userRemove())
	return cmd
}

// withAccounts opens the database for a command about people.
func (a *app) withAccounts(ctx context.Context, do func(*account.Accounts) error) error {
	cfg, err := a.settings()
	if err != nil {
		return err
	}
	return a.withStore(ctx, func(s *store.Store) error {
		base := cfg.Server.PublicURL
		if base == "" {
			base = "http://" + cfg.Server.Address
		}
		return do(account.New(account.Options{Store: s, Base: base, Language: cfg.Mail.Language, Now: a.now, Logger: a.logger(cfg)}))
	})
}

// withUser is withAccounts for one person, named by address or id.
func (a *app) withUser(ctx context.Context, name string, do func(*account.Accounts, account.User) error) error {
	return a.withAccounts(ctx, func(people *account.Accounts) error {
		u, found, err := people.Store.UserByEmail(ctx, name)
		if err == nil && !found {
			if u, err = people.Store.User(ctx, name); adalid.CodeOf(err) == adalid.NotFound {
				return adalid.Errorf(adalid.NotFound, "nobody has an account with the address %q. All of them: adalid user list", name)
			}
		}
		if err != nil {
			return err
		}
		return do(people, u)
	})
}

// grants reads --role values: ROLE for every brand, or BRAND=ROLE; with none,
// "none" takes a role away.
func grants(values []string, none bool) ([]account.Grant, error) {
	var list []account.Grant
	for _, v := range values {
		brand, name := account.EveryBrand, v
		if i := strings.LastIndexByte(v, '='); i >= 0 {
			if brand, name = strings.TrimSpace(v[:i]), v[i+1:]; brand == "" {
				return nil, adalid.Errorf(adalid.Invalid, "--role %q names no brand; write BRAND=ROLE, or ROLE alone for every brand", v)
			}
		}
		g := account.Grant{Brand: brand}
		if name != "none" || !none {
			role, err := account.ParseRole(name)
			if err != nil {
				return nil, err
			}
			g.Role = role
		}
		list = append(list, g)
	}
	return list, nil
}

const roleHelp = "BRAND=viewer, analyst, manager or owner; a role alone is for every brand; may be repeated"

func (a *app) userAdd() *cobra.Command {
	var roles []string
	var name string
	cmd := &cobra.Command{
		Use:   "add ADDRESS",
		Short: "Make an account; the password is asked for",
		Example: `  adalid user add ana@brand.example --role owner
  adalid user add ben@brand.example --role "My brand=analyst"`,
		Args: args(cobra.ExactArgs(1), "one ADDRESS"),
		RunE: func(cmd *cobra.Command, given []string) error {
			list, err := grants(roles, false)
			if err != nil {
				return err
			}
			if err := account.CheckEmail(given[0]); err != nil {
				return err
			}
			password, err := a.readPassword()
			if err != nil {
				return err
			}
			return a.withAccounts(cmd.Context(), func(people *account.Accounts) error {
				u, err := people.Add(cmd.Context(), account.Newcomer{Email: given[0], Name: name, Password: password}, list)
				if err != nil {
					return err
				}
				return a.report(api.WireUser(u), "%s has an account.\n", u.Email)
			})
		},
	}
	cmd.Flags().StringArrayVar(&roles, "role", nil, roleHelp)
	cmd.Flags().StringVar(&name, "name", "", "name that colleagues see (default: the address before the @)")
	return cmd
}

func (a *app) userInvite() *cobra.Command {
	var roles []string
	cmd := &cobra.Command{
		Use:   "invite ADDRESS",
		Short: "Make a link with which somebody makes their own account",
		Args:  args(cobra.ExactArgs(1), "one ADDRESS"),
		RunE: func(cmd *cobra.Command, given []string) error {
			list, err := grants(roles, false)
			if err != nil {
				return err
			}
			return a.withAccounts(cmd.Context(), func(people *account.Accounts) error {
				t, link, _, err := people.Invite(cmd.Context(), account.Local(), account.Guest{Email: given[0], Grants: list})
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(api.Invited{Invitation: api.WireInvitation(t), Link: &link})
				}
				fmt.Fprintf(a.err, "Hand this to %s; it works once, until %s:\n", t.Email, cellText(t.Expires))
				fmt.Fprintln(a.out, link)
				return nil
			})
		},
	}
	cmd.Flags().StringArrayVar(&roles, "role", nil, roleHelp)
	return cmd
}

func (a *app) userList() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Everybody with an account or an invitation",
		Args:  args(cobra.NoArgs, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			format, err := a.format(format, "table", "csv", "json")
			if err != nil {
				return err
			}
			return a.withAccounts(cmd.Context(), func(people *account.Accounts) error {
				users, open, err := people.List(cmd.Context(), account.Local())
				if err != nil {
					return err
				}
				if len(users)+len(open) == 0 && format == "table" {
					fmt.Fprintln(a.err, "Nobody has an account. Make one: adalid user add ADDRESS --role owner")
					return nil
				}
				return a.writeUsers(format, users, open)
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	return cmd
}

func (a *app) writeUsers(format string, users []account.User, open []account.Ticket) error {
	rows := newRows(a.out, format, []string{"email", "name", "roles", "state", "created", "signed_in", "id"})
	for _, u := range users {
		state := "active"
		if !u.Disabled.IsZero() {
			state = "disabled"
		}
		if err := rows.write([]cellValue{u.Email, u.Name, rolesText(u.Grants), state, u.Created, u.SignedIn, u.ID}); err != nil {
			return err
		}
	}
	for _, t := range open {
		if err := rows.write([]cellValue{t.Email, "", rolesText(t.Grants), "invited", t.Made, nil, t.ID()}); err != nil {
			return err
		}
	}
	return rows.close()
}

// rolesText writes roles as --role takes them.
func rolesText(list []account.Grant) string {
	var out []string
	for _, g := range list {
		if g.Brand == account.EveryBrand {
			out = append(out, g.Role.String())
		} else {
			out = append(out, g.Brand+"="+g.Role.String())
		}
	}
	return strings.Join(out, ", ")
}

func (a *app) userPassword() *cobra.Command {
	return &cobra.Command{
		Use:   "password ADDRESS",
		Short: "Set a new password, which ends their sessions",
		Args:  args(cobra.ExactArgs(1), "one ADDRESS"),
		RunE: func(cmd *cobra.Command, given []string) error {
			return a.withUser(cmd.Context(), given[0], func(people *account.Accounts, u account.User) error {
				password, err := a.readPassword()
				if err != nil {
					return err
				}
				if u, err = people.SetPassword(cmd.Context(), u, password, ""); err != nil {
					return err
				}
				return a.report(api.WireUser(u), "%s has a new password, and every session of theirs has ended.\n", u.Email)
			})
		},
	}
}

func (a *app) userRole() *cobra.Command {
	var roles []string
	cmd := &cobra.Command{
		Use:     "role ADDRESS",
		Short:   "Give and take roles, which ends their sessions; brands not named keep theirs",
		Example: `  adalid user role ben@brand.example --role "My brand=manager" --role "Old brand=none"`,
		Args:    args(cobra.ExactArgs(1), "one ADDRESS"),
		RunE: func(cmd *cobra.Command, given []string) error {
			list, err := grants(roles, true)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				return adalid.Errorf(adalid.Invalid, "there is nothing to change; give --role")
			}
			return a.changeUser(cmd.Context(), given[0], account.Change{Grants: list}, "has these roles now: ")
		},
	}
	cmd.Flags().StringArrayVar(&roles, "role", nil, roleHelp+"; none takes a role away")
	return cmd
}

func (a *app) changeUser(ctx context.Context, name string, c account.Change, done string) error {
	return a.withUser(ctx, name, func(people *account.Accounts, u account.User) error {
		u, err := people.ChangeUser(ctx, account.Local(), u.ID, c)
		if err != nil {
			return err
		}
		if c.Grants != nil {
			done += rolesText(u.Grants)
		}
		return a.report(api.WireUser(u), "%s %s\n", u.Email, done)
	})
}

// userSwitch is disable and enable.
func (a *app) userSwitch(verb string, disabled bool) *cobra.Command {
	short, done := "Let somebody sign in again", "can sign in again."
	if disabled {
		short, done = "Keep somebody out; the account stays, its sessions end", "cannot sign in any more."
	}
	return &cobra.Command{
		Use:   verb + " ADDRESS",
		Short: short,
		Args:  args(cobra.ExactArgs(1), "one ADDRESS"),
		RunE: func(cmd *cobra.Command, given []string) error {
			return a.changeUser(cmd.Context(), given[0], account.Change{Disabled: &disabled}, done)
		},
	}
}

func (a *app) userRemove() *cobra.Command {
	return &cobra.Command{
		Use:   "remove ADDRESS",
		Short: "Remove somebody's account",
		Args:  args(cobra.ExactArgs(1), "one ADDRESS"),
		RunE: func(cmd *cobra.Command, given []string) error {
			return a.withUser(cmd.Context(), given[0], func(people *account.Accounts, u account.User) error {
				if err := people.Remove(cmd.Context(), account.Local(), u.ID); err != nil {
					return err
				}
				return a.report(api.WireUser(u), "%s has no account any more.\n", u.Email)
			})
		},
	}
}

// readPassword asks for a password without showing it, or reads the first line of
// what is piped in.
func (a *app) readPassword() (string, error) {
	if f, ok := a.in.(*os.File); ok && isTerminal(f) {
		return a.askPassword(f)
	}
	line, err := bufio.NewReader(io.LimitReader(a.in, account.LongestPassword+4)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", adalid.Errorf(adalid.Invalid, "no password came on standard input; type it on a terminal, or pipe one line in")
	}
	return line, nil
}

func (a *app) askPassword(f *os.File) (string, error) {
	var typed [2]string
	for i, prompt := range [...]string{"New password: ", "Once more: "} {
		fmt.Fprint(a.err, prompt)
		b, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(a.err)
		if err != nil {
			return "", fmt.Errorf("read the password: %w", err)
		}
		typed[i] = string(b)
	}
	if typed[0] != typed[1] {
		return "", adalid.Errorf(adalid.Invalid, "the two differ; nothing was changed")
	}
	return typed[0], nil
}
