/* Tables of parameters and segments that say nothing of the page. */
#include "lib/web/url_key_params.h"

/* Names in any case; one that ends in '*' stands for all that begin so. Names that sites use for
 * other things too ("ref", "source", "cid") are none. */
struct names {
	const char *const *at;
	size_t n;
};

static const char *const tracking[] = {
	"utm_*", /* Google Analytics, "URL builders", and those who follow it */
	"gclid", "gclsrc", "dclid", "gbraid", "wbraid", "srsltid", "_ga", "_gl", /* Google */
	"fbclid", "fb_action_ids", "fb_action_types", "fb_source", "fb_ref", /* Meta */
	"igshid", "igsh", /* Instagram */
	"msclkid", /* Microsoft */
	"yclid", "ysclid", "ymclid", "_openstat", /* Yandex, Openstat */
	"twclid", /* X */
	"ttclid", /* TikTok */
	"li_fat_id", /* LinkedIn */
	"rdt_cid", /* Reddit */
	"ScCid", /* Snapchat */
	"epik", /* Pinterest */
	"mc_cid", "mc_eid", /* Mailchimp */
	"ml_subscriber", "ml_subscriber_hash", /* MailerLite */
	"mkt_tok", /* Marketo */
	"_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "hsCtaTracking", /* HubSpot */
	"oly_anon_id", "oly_enc_id", /* Omeda, Olytics */
	"vero_id", "vero_conv", /* Vero */
	"wickedid", /* Wicked Reports */
	"_kx", /* Klaviyo */
	"_bta_tid", "_bta_c", /* Bronto */
	"__s", /* Drip */
	"s_cid", "s_kwcid", "ef_id", /* Adobe */
	"mtm_*", "matomo_campaign", "matomo_kwd", "pk_campaign", "pk_kwd", "pk_keyword",
	"pk_source", "pk_medium", "pk_content", "pk_cid", /* Matomo, "campaign tracking" */
	"irclickid", /* Impact */
	"dicbo", /* Outbrain */
	"tblci", /* Taboola */
	"wprov", /* Wikimedia, "Provenance" */
};

/* The Internet Archive's canonicalisers (archive-commons' URLRegexTransformer, Heritrix'
 * StripSessionIDs) know these, and "sid" by a value of 32 characters. The others that go with it
 * name sessions of conferences as well, and need the same. */
static const char *const sessions[] = { "jsessionid", "phpsessid", "aspsessionid*", "cfid",
	"cftoken" };
static const char *const sessions_by_value[] = { "sid", "sessid", "sessionid", "session_id" };

static const char *const indexes[] = { "index.html", "index.htm", "index.shtml", "index.xhtml",
	"index.php", "index.asp", "index.aspx", "index.jsp", "index.cgi", "index.cfm", "index.pl",
	"default.htm", "default.html", "default.asp", "default.aspx" };

/* Bytes of a session's identifier, in hexadecimal or letters and digits. */
enum { SID_BYTES = 32, ASP_BYTES = 24 };

static bool is_word(struct slice s, const char *name)
{
	size_t n = strlen(name);

	if (n && name[n - 1] == '*')
		return s.n >= n - 1 && strncasecmp(s.p, name, n - 1) == 0;
	return slice_is_word(s, name);
}

static bool is_one_of(struct slice s, struct names names)
{
	for (size_t i = 0; i < names.n; i++)
		if (is_word(s, names.at[i]))
			return true;
	return false;
}

static struct slice name_of(struct slice param)
{
	return slice_head(param, slice_find(param, SLICE("=")));
}

bool url_param_tracks(struct slice param)
{
	return is_one_of(name_of(param), (struct names){ tracking, ARRAY_LEN(tracking) });
}

static size_t alphanumerics(struct slice s)
{
	size_t n = 0;

	while (n < s.n &&
		((s.p[n] >= '0' && s.p[n] <= '9') ||
			((s.p[n] | 32) >= 'a' && (s.p[n] | 32) <= 'z')))
		n++;
	return n;
}

bool url_param_is_session(struct slice param)
{
	struct slice name = name_of(param), value = slice_skip(param, name.n + 1);

	if (is_one_of(name, (struct names){ sessions, ARRAY_LEN(sessions) }))
		return true;
	return value.n == SID_BYTES && alphanumerics(value) == SID_BYTES &&
		is_one_of(name, (struct names){ sessions_by_value, ARRAY_LEN(sessions_by_value) });
}

bool url_segment_is_session(struct slice segment)
{
	enum { PART = 1 + 1 + ASP_BYTES + 1 }; /* "S(", 24 characters, ")" */
	size_t parts = 0;

	if (!slice_starts(segment, SLICE("(")) || !slice_ends(segment, SLICE(")")))
		return false;
	for (segment = slice_skip(segment, 1); segment.n > PART; parts++) {
		if (alphanumerics(slice_head(segment, 1)) != 1 || segment.p[1] != '(' ||
			alphanumerics(slice_skip(segment, 2)) != ASP_BYTES ||
			segment.p[PART - 1] != ')')
			return false;
		segment = slice_skip(segment, PART);
	}
	return parts && segment.n == 1;
}

bool url_segment_is_index(struct slice segment)
{
	return is_one_of(segment, (struct names){ indexes, ARRAY_LEN(indexes) });
}
