package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"adalid"
	"adalid/internal/store"
)

// authorColumns are a stable contract; new ones go to the end.
var authorColumns = []string{
	"brand", "author", "handle", "posts", "own", "reposts_made", "likes", "reposts", "replies", "quotes", "views",
	"followers_max", "following_last", "first", "last", "days", "brand_account",
	"out_w", "out_deg", "in_w", "in_deg", "rp_in_w", "rp_in_deg",
}

func (a *app) authorsCommand() *cobra.Command {
	var w window
	var format string
	cmd := &cobra.Command{
		Use:   "authors BRAND",
		Short: "Exact counts per author",
		Long: `Lists every author of the brand with exact counts: posts, own posts, reposts
made, the counters of own posts, followers, days, and edges in and out. An
empty cell means that the source did not say.`,
		Example:           `  adalid authors Acme --format csv > authors.csv`,
		Args:              args(cobra.ExactArgs(1), "one BRAND"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			format, err := a.format(format, "table", "csv", "json")
			if err != nil {
				return err
			}
			span, err := w.span()
			if err != nil {
				return err
			}
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, b adalid.Brand) error {
				return a.authors(cmd.Context(), s, b.Name, span, format)
			})
		},
	}
	w.register(cmd)
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	return cmd
}

func (a *app) authors(ctx context.Context, s *store.Store, brand string, span store.Span, format string) error {
	rows := newRows(a.out, format, authorColumns)
	err := s.Authors(ctx, brand, span, func(c store.AuthorCounts) error {
		return rows.write([]cellValue{
			c.Brand, c.Author, c.Handle, c.Posts, c.Own, c.RepostsMade, c.Likes, c.Reposts, c.Replies, c.Quotes, c.Views,
			c.FollowersMax, c.FollowingLast, c.First, c.Last, c.Days, c.BrandAccount,
			c.OutW, c.OutDeg, c.InW, c.InDeg, c.RpInW, c.RpInDeg,
		})
	})
	if err != nil {
		return err
	}
	return rows.close()
}

func (a *app) edgesCommand() *cobra.Command {
	var w window
	var format string
	var kinds []string
	cmd := &cobra.Command{
		Use:   "edges BRAND",
		Short: "Who mentions and reposts whom, with weights",
		Long: `Lists the interaction edges of the brand: source author, target handle and how
many posts tie them. Mentions and reposts by default; --kind reply,quote for
answers and quotes. A post that names and answers the same account makes a
mention edge and a reply edge.`,
		Args:              args(cobra.ExactArgs(1), "one BRAND"),
		ValidArgsFunction: a.completeBrands,
		RunE: func(cmd *cobra.Command, names []string) error {
			format, err := a.format(format, "table", "csv", "json")
			if err != nil {
				return err
			}
			wanted, err := edgeKinds(kinds)
			if err != nil {
				return err
			}
			span, err := w.span()
			if err != nil {
				return err
			}
			return a.withBrand(cmd.Context(), names[0], func(s *store.Store, brand adalid.Brand) error {
				rows := newRows(a.out, format, []string{"kind", "brand", "src_author", "dst_handle", "weight"})
				err := s.EdgeTotals(cmd.Context(), brand.Name, span, func(e store.EdgeTotal) error {
					kind := edgeNames[e.Kind]
					if !wanted[kind] {
						return nil
					}
					return rows.write([]cellValue{kind, brand.Name, e.Source, e.Target, e.Weight})
				})
				if err != nil {
					return err
				}
				return rows.close()
			})
		},
	}
	w.register(cmd)
	cmd.Flags().StringVar(&format, "format", "table", "table, csv or json")
	cmd.Flags().StringSliceVar(&kinds, "kind", []string{"mention", "repost"}, "mention, repost, reply, quote")
	return cmd
}

// cellValue is a string, an integer, a bool, a time or a pointer to one; nil
// and the zero time print as nothing, in JSON as null.
type cellValue any

func cellText(v cellValue) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case *string:
		return text(v)
	case sentences:
		return strings.Join(v, "; ")
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.UTC().Format(time.RFC3339)
	case *int64:
		if v == nil {
			return ""
		}
		return strconv.FormatInt(*v, 10)
	case *time.Time:
		if v == nil {
			return ""
		}
		return cellText(*v)
	default:
		return fmt.Sprint(v)
	}
}
