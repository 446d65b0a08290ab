package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"adalid/scoring"
)

// versionInfo is what version and the API say about this program.
type versionInfo struct {
	Version  string `json:"version"`
	Revision string `json:"revision"`
	Go       string `json:"go"`
	Formula  string `json:"formula"`
}

func buildVersion() versionInfo {
	v := versionInfo{Version: "dev", Go: runtime.Version(), Formula: scoring.Version}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" && info.Main.Version != "(devel)" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v.Revision = s.Value[:min(12, len(s.Value))]
		}
	}
	return v
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Version of the program and of the scoring formula",
		Args:  args(cobra.NoArgs, "no arguments"),
		RunE: func(_ *cobra.Command, _ []string) error {
			v := buildVersion()
			if a.json {
				return a.printJSON(v)
			}
			fmt.Fprintf(a.out, "adalid %s %s (%s, formula %s)\n", v.Version, v.Revision, v.Go, v.Formula)
			return nil
		},
	}
}
