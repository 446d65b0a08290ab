package file

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Canonical field names that a column can hold.
const (
	fPostID = iota
	fURL
	fPlatform
	fObserved
	fAuthor
	fHandle
	fName
	fBio
	fFollowers
	fFollowing
	fVerified
	fAuthorCreated
	fCreated
	fLang
	fText
	fLikes
	fReposts
	fReplies
	fQuotes
	fViews
	fIsRepost
	fRepostOf
	fReplyTo
	fQuoteOf
	fMentions
	fBrandAccount
	fSponsored
	fLabel
	fBrand
	fieldCount
)

// fieldTable holds, per canonical field, the headers by which it is recognised,
// normalised by headerKey, the surest first. English and Spanish; listening
// tools, scrapers and research data.
var fieldTable = [fieldCount]struct{ name, headers string }{
	fPostID: {"post_id", "post_id tweet_id tweet_id_str status_id id_str tweetid statusid post_id_str message_id mention_id comment_id item_id " +
		"twitter_id x_post_id resource_id id_tweet id_del_tweet id_publicacion id_de_publicacion id"},
	fURL: {"url", "permalink post_url tweet_url status_url tweet_link post_link message_url mention_url permanenturl permanent_url twitterurl " +
		"enlace_permanente url_publicacion url link enlace"},
	fPlatform: {"platform", "platform social_network network page_type source_type red_social plataforma"},
	fObserved: {"observed_at", "observed_at fetched_at scraped_at collected_at retrieved_at crawled_at"},
	fAuthor: {"author", "author_id user_id_str user_id userid from_user_id author_user_id author_id_str twitter_author_id x_author_id " +
		"extra_author_attributes_id author_channel_id id_usuario id_de_usuario id_autor autor_id"},
	fHandle: {"handle", "handle screen_name screenname username user_screen_name user_username author_username author_handle author_screen_name " +
		"user_handle twitter_handle twitter_screen_name x_handle extra_author_attributes_short_name tweet_username from_user " +
		"nombre_usuario nombre_de_usuario usuario account cuenta user"},
	fName: {"name", "display_name displayname name user_name full_name author_name author_full_name user_displayname user_full_name " +
		"extra_author_attributes_name nombre nombre_completo nombre_para_mostrar nombre_autor"},
	fBio: {"bio", "user_description author_description author_bio user_bio bio biografia user_rawdescription"},
	fFollowers: {"followers", "followers followers_count follower_count user_followers user_followers_count followerscount user_followerscount " +
		"author_followers author_followers_count twitter_followers x_followers num_followers n_followers extra_author_attributes_followers " +
		"seguidores numero_de_seguidores cantidad_seguidores num_seguidores"},
	fFollowing: {"following", "following followings friends friends_count following_count user_friends user_friends_count user_following friendscount " +
		"user_friendscount author_following twitter_following x_following siguiendo seguidos amigos cantidad_seguidos"},
	fVerified: {"verified", "verified user_verified author_verified is_verified isverified twitter_verified x_verified user_isverified verificado verificada"},
	fAuthorCreated: {"author_created", "author_created user_created user_created_at user_created_account account_created_at author_created_at " +
		"account_created user_created_date"},
	fCreated: {"created_at", "created_at created_at_utc tweet_created_at tweet_created created_date created_utc created_time createdat created " +
		"date_created published_at published_date publish_date date_published published posted_at post_date posted tweet_date " +
		"creado_en fecha_creacion fecha_de_creacion fecha_publicacion fecha_de_publicacion publicado_en publicado " +
		"date_utc datetime date_time fecha_y_hora fecha_hora date fecha timestamp time_stamp time"},
	fLang: {"lang", "lang language tweet_lang lang_code language_code idioma lengua"},
	fText: {"text", "full_text fulltext orig_tweet original_tweet original_text tweet_text text tweet tweets texto_completo texto tweet_content " +
		"rawcontent raw_content content contenido message mensaje post_text post_message body cuerpo comment_text comment comentario review_text " +
		"caption hit_sentence snippet content_snippet opening_text mention post publicacion title titulo headline"},
	fLikes: {"likes", "likes like_count likes_count nlikes favorite_count favoritecount favourite_count favorites favourites favs fav_count num_likes " +
		"likecount public_metrics_like_count twitter_likes x_likes num_points points upvotes cantidad_likes cantidad_me_gusta me_gusta numero_de_me_gusta"},
	fReposts: {"reposts", "reposts repost_count retweet_count retweets retweets_count nretweets retweetcount rts rt_count num_retweets shares share_count " +
		"public_metrics_retweet_count public_metrics_repost_count twitter_retweets x_reposts cantidad_retweets cantidad_rts retuits compartidos"},
	fReplies: {"replies", "replies reply_count replies_count nreplies replycount num_replies num_comments comment_count comments_count comments " +
		"public_metrics_reply_count twitter_replies x_replies cantidad_respuestas respuestas cantidad_comentarios comentarios"},
	fQuotes:   {"quotes", "quotes quote_count quotes_count quotecount public_metrics_quote_count cantidad_citas citas"},
	fViews:    {"views", "views view_count views_count viewcount impression_count public_metrics_impression_count visualizaciones vistas reproducciones"},
	fIsRepost: {"is_repost", "is_repost is_retweet isretweet is_rt es_retweet es_repost"},
	fRepostOf: {"repost_of", "repost_of retweet_of retweet_screen_name retweeted_screen_name twitter_retweet_of x_repost_of"},
	fReplyTo: {"reply_to", "reply_to reply_to_screen_name in_reply_to_screen_name replytosn in_reply_to_username reply_to_username twitter_reply_to " +
		"x_reply_to en_respuesta_a"},
	fQuoteOf:      {"quote_of", "quote_of quoted_screen_name quoted_username quote_url quoted_url"},
	fMentions:     {"mentions", "mentions"},
	fBrandAccount: {"brand_account", "brand_account"},
	fSponsored:    {"sponsored", "sponsored is_sponsored paid_partnership"},
	fLabel:        {"label", "label"},
	fBrand:        {"brand", ""},
}

// authorHeaders name the author without saying whether by key, handle or name.
var authorHeaders = []string{"author", "autor"}

// headerKey folds a header: lower case, no accents, everything else one "_".
func headerKey(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		default:
			gap = true
		}
	}
	return b.String()
}

// platformNames folds what tools call a platform onto our names.
var platformNames = map[string]string{
	"twitter": "x", "x_com": "x", "twitter_com": "x", "x_twitter": "x", "tweet": "x", "tweets": "x", "socialmedia_twitter": "x", "x_formerly_twitter": "x",
	"instagram_public": "instagram", "socialmedia_instagram": "instagram", "facebook_public": "facebook", "socialmedia_facebook": "facebook",
	"socialmedia_youtube": "youtube", "socialmedia_reddit": "reddit", "hacker_news": "hackernews", "youtube_com": "youtube", "reddit_com": "reddit",
	"socialmedia_tiktok": "tiktok", "bsky": "bluesky", "bsky_app": "bluesky",
}
