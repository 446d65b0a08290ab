//go:build !race

package sentiment_test

const raceDetector = false
