package main

import (
	"context"
	"strconv"

	"adalid"
	"adalid/collectors"
)

// invented is a collector over mentions that are in memory already.
type invented []adalid.Mention

const inventedPage = 2000

// Collect gives the mentions from the cursor on, which is their number.
func (list invented) Collect(ctx context.Context, _ collectors.Query, from collectors.Cursor) (collectors.Page, error) {
	at := 0
	if from != nil {
		var err error
		if at, err = strconv.Atoi(string(from)); err != nil || at < 0 || at > len(list) {
			return collectors.Page{}, adalid.Errorf(adalid.Invalid, "the cursor %q is not one of this collector", from)
		}
	}
	end := min(at+inventedPage, len(list))
	return collectors.Page{
		Mentions: list[at:end:end], Rows: int64(end - at), Read: int64(end), Size: int64(len(list)),
		Next: collectors.Cursor(strconv.Itoa(end)), More: end < len(list),
	}, ctx.Err()
}
