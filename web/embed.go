package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// built gives the embedded files of the app.
func built() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil
	}
	return sub
}

// whole gives ui, or nil where it has no page to begin with: the app was not
// built.
func whole(ui fs.FS) fs.FS {
	if ui == nil {
		return nil
	}
	if _, err := fs.Stat(ui, "index.html"); err != nil {
		return nil
	}
	return ui
}
