package config

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// prefix begins the name of every variable of ours.
const prefix = "ADALID_"

// foreign names variables that are no settings: ADALID_CONFIG names the settings
// file, the others belong to tests and development.
var foreign = [...]string{"ADALID_CONFIG", "ADALID_DATA", "ADALID_WIRE_DIR", "ADALID_CONTRACTS_DIR", "ADALID_SLOW"}

const foreignTests = "ADALID_TEST_"

// variables gives our variables that are set. An empty one counts as not set:
// compose files pass those for what was left out.
func variables(environ []string) map[string]string {
	env := map[string]string{}
	for _, e := range environ {
		name, value, _ := strings.Cut(e, "=")
		if _, again := env[name]; !again && strings.HasPrefix(name, prefix) && value != "" {
			env[name] = value
		}
	}
	return env
}

// environment reads the settings given as variables.
func (l *loader) environment(env map[string]string, readFile func(string) ([]byte, error)) {
	byName := map[string]key{}
	for _, k := range l.keys {
		byName[k.variable()] = k
		if k.secret {
			byName[k.variable()+"_FILE"] = k
		}
	}
	known := slices.Collect(maps.Keys(byName))
	for _, name := range slices.Sorted(maps.Keys(env)) {
		at := place{source: name}
		k, ok := byName[name]
		switch {
		case !ok && (slices.Contains(foreign[:], name) || strings.HasPrefix(name, foreignTests)):
		case !ok:
			l.add(at, "", "unknown variable"+likely(known, name))
		case name == k.variable():
			l.set(at, k, env[name])
		case env[k.variable()] != "":
			l.bad[k.path] = true
			l.add(at, "", "both it and "+k.variable()+" are set; keep one")
		default:
			text, fault := secretFile(readFile, env[name])
			if fault != "" {
				l.bad[k.path] = true
				l.add(at, "", fault)
				continue
			}
			l.set(at, k, text)
		}
	}
}

func likely(known []string, name string) string {
	short := func(s string) string { return strings.TrimPrefix(s, prefix) }
	if n := nearest(known, short(name), short); n != "" {
		return "; did you mean " + n + "?"
	}
	return "; no setting has this name"
}

// set gives a setting its value from outside a file.
func (l *loader) set(at place, k key, text string) {
	l.origin[k.path] = at
	for i := range l.origin {
		if strings.HasPrefix(i, k.path+"[") {
			delete(l.origin, i) // entries of the list that is replaced
		}
	}
	delete(l.bad, k.path)
	if err := setText(k.value, text); err != nil {
		l.bad[k.path] = true
		l.add(at, "", quote(text)+" "+err.Error())
	}
}

// secretFile reads a secret, or says what is wrong. The path is not shown: who
// mixes up the two variables put the secret there.
func secretFile(readFile func(string) ([]byte, error), path string) (text, fault string) {
	b, err := readFile(path)
	var p *fs.PathError
	switch {
	case errors.As(err, &p):
		return "", "the file it names cannot be read: " + p.Err.Error()
	case err != nil:
		return "", "the file it names cannot be read"
	case len(b) > maxFile:
		return "", "the file it names is larger than " + Size(maxFile).String()
	}
	if text = strings.TrimSpace(string(b)); text == "" {
		return "", "the file it names is empty"
	}
	return text, ""
}
