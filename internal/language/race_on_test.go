//go:build race

package language_test

// raceDetector makes training slow.
const raceDetector = true
