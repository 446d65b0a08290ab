package adalid_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// TestDockerfile holds the image to its promises: built static, nothing but the
// program in it, not root, data in one volume.
func TestDockerfile(t *testing.T) {
	src, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`\\\n\s*`).ReplaceAllString(string(src), "")
	build, last, ok := strings.Cut(text, "\nFROM scratch\n")
	if !ok || strings.Contains(last, "\nFROM ") {
		t.Fatal("the last stage must be FROM scratch")
	}
	for _, want := range []string{"CGO_ENABLED=0 go build ", " -tags nomsgpack ", " -trimpath "} {
		if !strings.Contains(build, want) {
			t.Errorf("the build stage lacks %q", want)
		}
	}
	for _, want := range []string{
		`(?m)^USER [1-9][0-9]*:[1-9][0-9]*$`, `(?m)^VOLUME \["/data"\]$`, `(?m)^ENV .*\bADALID_DATA_DIR=/data\b`,
		`(?m)^COPY --from=build --chown=[1-9][0-9]*:[1-9][0-9]* \S+ /data$`, `(?m)^ENTRYPOINT \["/adalid"\]$`, `(?m)^CMD \["serve"\]$`,
	} {
		if !regexp.MustCompile(want).MatchString(last) {
			t.Errorf("the image lacks %s", want)
		}
	}
	if found := regexp.MustCompile(`(?m)^(RUN|SHELL|ADD|HEALTHCHECK) .*`).FindString(last); found != "" {
		t.Errorf("a scratch image cannot %q", found)
	}
	if strings.Contains(last, "0.0.0.0") || strings.Contains(last, "no-auth") {
		t.Error("an image started without arguments must not be open to the network")
	}
}

// TestCompose holds compose.yaml to a read-only, powerless container that only
// this machine reaches.
func TestCompose(t *testing.T) {
	src, err := os.ReadFile("compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Services map[string]struct {
			ReadOnly    bool     `yaml:"read_only"`
			Privileged  bool     `yaml:"privileged"`
			NetworkMode string   `yaml:"network_mode"`
			CapAdd      []string `yaml:"cap_add"`
			CapDrop     []string `yaml:"cap_drop"`
			SecurityOpt []string `yaml:"security_opt"`
			Tmpfs       []string `yaml:"tmpfs"`
			Ports       []string `yaml:"ports"`
			Volumes     []string `yaml:"volumes"`
		} `yaml:"services"`
	}
	if err := yaml.Unmarshal(src, &file); err != nil {
		t.Fatal(err)
	}
	s, ok := file.Services["adalid"]
	switch {
	case !ok || len(file.Services) != 1:
		t.Fatalf("services: %v", file.Services)
	case !s.ReadOnly:
		t.Error("the root file system must be read-only")
	case s.Privileged || len(s.CapAdd) > 0 || !slices.Equal(s.CapDrop, []string{"ALL"}):
		t.Error("the container must have no capabilities")
	case !slices.Contains(s.SecurityOpt, "no-new-privileges:true"):
		t.Error("no-new-privileges is missing")
	case !slices.Equal(s.Tmpfs, []string{"/tmp"}) || !slices.Equal(s.Volumes, []string{"data:/data"}):
		t.Error("only /tmp and /data may be written to")
	case s.NetworkMode != "" || len(s.Ports) == 0:
		t.Error("the container must publish its port")
	}
	for _, p := range s.Ports {
		if !strings.HasPrefix(p, "127.0.0.1:") {
			t.Errorf("port %s is open to the network", p)
		}
	}
}
