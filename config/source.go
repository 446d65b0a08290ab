package config

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

// Source reads the settings of one source, a YAML file such as the sample.yaml
// of a collector, as the JSON object that they are stored as. What the keys mean
// is for the source's own definition to say.
func Source(text []byte) ([]byte, error) {
	if len(text) > maxFile {
		return nil, fmt.Errorf("the file is larger than %s; is it a settings file?", Size(maxFile))
	}
	values := map[string]any{}
	if err := yaml.Unmarshal([]byte(strings.TrimPrefix(string(text), "\ufeff")), &values); err != nil {
		return nil, fmt.Errorf("no settings of a source: %s", yaml.FormatError(err, false, false)) // without the text: it may hold secrets
	}
	out, err := json.Marshal(values)
	if err != nil {
		return nil, fmt.Errorf("no settings of a source: %w", err)
	}
	return out, nil
}
