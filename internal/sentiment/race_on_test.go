//go:build race

package sentiment_test

// raceDetector makes sync.Pool drop what it is given now and then.
const raceDetector = true
