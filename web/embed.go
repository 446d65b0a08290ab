package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// built gives the files of the app, or nil when it was not built.
func built() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil
	}
	if _, err := fs.Stat(sub, "index.html"); err != nil {
		return nil
	}
	return sub
}
