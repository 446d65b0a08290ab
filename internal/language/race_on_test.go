//go:build race

package language_test

// raceDetector makes sync.Pool drop what it is given now and then.
const raceDetector = true
