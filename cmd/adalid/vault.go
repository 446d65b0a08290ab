package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"adalid/collectors"
	"adalid/config"
	"adalid/internal/scan"
	"adalid/internal/secret"
)

// vault seals the secret settings of sources with the installation's key, which
// it reads, or makes, when it is first needed.
type vault struct {
	kinds []collectors.Definition
	load  func() (secret.Key, error)

	mu  sync.Mutex
	key secret.Key // zero until it was needed
}

func (a *app) vault(cfg *config.Config) *vault {
	o := secret.Options{Given: cfg.Privacy.Key.Reveal(), Dir: cfg.Data.Dir}
	return &vault{kinds: a.kinds, load: func() (secret.Key, error) { return secret.Load(o) }}
}

// held gives the key; renewed reads it anew, as another process may have changed
// it.
func (v *vault) held(renewed bool) (secret.Key, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.key.Zero() && !renewed {
		return v.key, nil
	}
	key, err := v.load()
	if err == nil {
		v.key = key
	}
	return key, err
}

// suppression gives the key that people who were erased are recognised with.
func (v *vault) suppression() ([]byte, error) {
	key, err := v.held(false)
	return key.Derive("suppression"), err
}

// optOut gives the key that links to the opt-out page are signed with.
func (v *vault) optOut() ([]byte, error) {
	key, err := v.held(false)
	return key.Derive("opt-out"), err
}

const sourcePurpose = "source settings"

// boundTo keeps a sealed setting from being read as that of another source.
func boundTo(x scan.Source, field string) []byte {
	return fmt.Appendf(nil, "%q %q %q", x.Name, x.Collector, field)
}

// secretSetting tells whether a setting has to be sealed: of a kind that is not
// there nothing is known to be harmless.
func (v *vault) secretSetting(collector, field string) bool {
	i := slices.IndexFunc(v.kinds, func(d collectors.Definition) bool { return d.Name == collector })
	if i < 0 {
		return true
	}
	j := slices.IndexFunc(v.kinds[i].Fields, func(f collectors.Field) bool { return f.Key == field })
	return j < 0 || v.kinds[i].Fields[j].Secret
}

// Seal implements store.Vault.
func (v *vault) Seal(x scan.Source) (json.RawMessage, error) {
	values := map[string]json.RawMessage{}
	if json.Unmarshal(x.Settings, &values) != nil {
		return x.Settings, nil // no settings at all: whoever reads them says so
	}
	changed := false
	for field, value := range values {
		if !v.secretSetting(x.Collector, field) || collectors.Sealed(value) || string(value) == "null" {
			continue
		}
		key, err := v.held(false)
		if err != nil {
			return nil, err
		}
		sealed, err := key.Seal(sourcePurpose, value, boundTo(x, field))
		if err != nil {
			return nil, err
		}
		if values[field], err = json.Marshal(map[string]string{collectors.SealedKey: sealed}); err != nil {
			return nil, fmt.Errorf("seal: %w", err)
		}
		changed = true
	}
	if !changed {
		return x.Settings, nil
	}
	return json.Marshal(values)
}

// Open implements store.Vault.
func (v *vault) Open(x scan.Source) json.RawMessage {
	values := map[string]json.RawMessage{}
	if json.Unmarshal(x.Settings, &values) != nil {
		return x.Settings
	}
	changed := false
	for field, value := range values {
		if !collectors.Sealed(value) {
			continue
		}
		plain, err := v.open(value, boundTo(x, field))
		if err != nil {
			continue // doctor tells; whoever needs it is told by the collector's settings
		}
		values[field], changed = plain, true
	}
	if !changed {
		return x.Settings
	}
	opened, err := json.Marshal(values)
	if err != nil { // what was sealed was no JSON
		return x.Settings
	}
	return opened
}

func (v *vault) open(value json.RawMessage, bound []byte) ([]byte, error) {
	sealed := map[string]string{}
	if err := json.Unmarshal(value, &sealed); err != nil {
		return nil, err
	}
	var plain []byte
	var err error
	for _, renewed := range []bool{false, true} {
		var key secret.Key
		if key, err = v.held(renewed); err != nil {
			return nil, err
		}
		if plain, err = key.Open(sourcePurpose, sealed[collectors.SealedKey], bound); err == nil {
			return plain, nil
		}
	}
	return nil, err
}
