package stackexchange

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"adalid/collectors"
)

// CheckBatch is how many posts the platform looks up in one request.
func (*collector) CheckBatch() int { return pageSize }

// Check looks posts up, one request for each site: what is missing in a whole
// answer is gone.
func (c *collector) Check(ctx context.Context, ids []string) (gone []string, err error) {
	var hosts []string
	bySite := map[string][]string{}
	for _, id := range ids {
		host, number, ok := strings.Cut(id, "/")
		if !ok || hostOf(host) != host || number == "" || strings.Trim(number, "0123456789") != "" {
			return nil, fmt.Errorf("stackexchange: check: %w", collectors.Errorf(collectors.Schema, "an id is none of a post"))
		}
		if !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
		bySite[host] = append(bySite[host], number)
	}
	for _, host := range hosts {
		there, err := c.existing(ctx, host, bySite[host])
		if err != nil {
			return nil, fmt.Errorf("stackexchange: check %s: %w", host, err)
		}
		for _, number := range bySite[host] {
			if !there[number] {
				gone = append(gone, host+"/"+number)
			}
		}
	}
	return gone, nil
}

// existing tells which posts of a site there are.
func (c *collector) existing(ctx context.Context, host string, numbers []string) (map[string]bool, error) {
	booked, err := c.meter.Reserve(ctx, unit, 1, 1)
	if err != nil {
		return nil, err
	}
	w, err := c.ask(ctx, postsPath+strings.Join(numbers, ";"), host, url.Values{"pagesize": {strconv.Itoa(pageSize)}})
	if settled := booked.Settle(ctx, 1, nil); err == nil {
		err = settled
	}
	if err != nil {
		return nil, err
	}
	posts := readPosts(*w.Items)
	if *w.HasMore || len(posts) < len(*w.Items) {
		return nil, collectors.Errorf(collectors.Schema, "the answer does not hold all the posts, or some that cannot be read")
	}
	there := map[string]bool{}
	for number := range posts {
		there[number] = true
	}
	return there, nil
}

// Probe asks every site what it is: that tells whether its name and the key are
// good.
func (c *collector) Probe(ctx context.Context) error {
	for _, host := range c.hosts {
		booked, err := c.meter.Reserve(ctx, unit, 1, 1)
		if err != nil {
			return fmt.Errorf("stackexchange: test %s: %w", host, err)
		}
		_, err = c.ask(ctx, infoPath, host, url.Values{})
		if settled := booked.Settle(ctx, 1, nil); err == nil {
			err = settled
		}
		if err != nil {
			return fmt.Errorf("stackexchange: test %s: %w", host, err)
		}
	}
	return nil
}
