//go:build race

package match_test

// raceDetector makes sync.Pool drop what it is given now and then.
const raceDetector = true
