/* Parses robots.txt into patterns and matches them. */
#include "lib/web/robots.h"

#include "lib/core/buf.h"
#include "lib/core/mem.h"

#include <stdlib.h>

enum { TARGET_MAX = 64 * 1024, DELAY_MAX = 3600 };

/* A pattern is kept in normal form: see normalise. */
struct rule {
	uint64_t agents; /* for whom it holds */
	uint32_t at, n; /* its bytes in robots.patterns */
	bool allow;
	bool anchored; /* ended in '$': the target ends where it does */
};

struct robots {
	struct rule *rules;
	size_t n, cap;
	struct buf patterns;
	size_t n_agents;
	double delay[]; /* of each agent */
};

/* --- lines ------------------------------------------------------------------------------------ */

enum key { KEY_OTHER, KEY_AGENT, KEY_ALLOW, KEY_DISALLOW, KEY_DELAY };

static const struct {
	const char *name;
	enum key key;
} keys[] = {
	{ "user-agent", KEY_AGENT },
	{ "useragent", KEY_AGENT },
	{ "user agent", KEY_AGENT },
	{ "allow", KEY_ALLOW },
	{ "disallow", KEY_DISALLOW },
	{ "dissallow", KEY_DISALLOW },
	{ "dissalow", KEY_DISALLOW },
	{ "disalow", KEY_DISALLOW },
	{ "diasllow", KEY_DISALLOW },
	{ "disallaw", KEY_DISALLOW },
	{ "crawl-delay", KEY_DELAY },
	{ "crawldelay", KEY_DELAY },
};

static const char blanks[] = " \t\v\f";

/* Takes a line off the front: ends are CR, LF or both. False at the end, and for a last line that
 * the limit may have cut. */
static bool next_line(struct slice *rest, bool cut, struct slice *line)
{
	size_t n = 0;

	if (!rest->n)
		return false;
	while (n < rest->n && rest->p[n] != '\n' && rest->p[n] != '\r')
		n++;
	if (n == rest->n && cut)
		return false;
	*line = slice_head(*rest, n);
	*rest = slice_skip(*rest, n + 1);
	return true;
}

/* "Disallow: /x # why" is a key and "/x". Without a colon the first blank is taken for it. */
static enum key read_line(struct slice line, struct slice *value)
{
	struct slice key;
	size_t colon;

	line = slice_trim(slice_head(line, slice_find(line, SLICE("#"))), blanks);
	colon = slice_find(line, SLICE(":"));
	if (colon == line.n) {
		for (colon = 0; colon < line.n && !byte_in(line.p[colon], blanks);)
			colon++;
		if (colon == line.n)
			return KEY_OTHER;
	}
	key = slice_trim(slice_head(line, colon), blanks);
	*value = slice_trim(slice_skip(line, colon + 1), blanks);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (slice_is_word(key, keys[i].name))
			return keys[i].key;
	return KEY_OTHER;
}

/* --- normal form ------------------------------------------------------------------------------ */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* RFC 3986, section 2.3. */
static bool is_unreserved(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' ||
		c == '.' || c == '_' || c == '~';
}

static void put_escaped(struct buf *out, unsigned char c)
{
	static const char digits[] = "0123456789ABCDEF";

	buf_byte(out, '%');
	buf_byte(out, digits[c >> 4]);
	buf_byte(out, digits[c & 15]);
}

/* RFC 9309, section 2.2.2: octets outside ASCII are escaped, unreserved ones are not, so that two
 * spellings of one path are equal bytes. In a target '*' and '$' mean themselves and are escaped,
 * as a pattern has to write them. */
static void normalise(struct slice s, bool target, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		int high = -1, low = -1;

		if (c == '%' && i + 2 < s.n) {
			high = hex_digit(s.p[i + 1]);
			low = hex_digit(s.p[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			c = (unsigned char)(high << 4 | low);
			i += 2;
			if (is_unreserved(c))
				buf_byte(out, (char)c);
			else
				put_escaped(out, c);
		} else if (c <= ' ' || c >= 0x7F || (target && (c == '*' || c == '$'))) {
			put_escaped(out, c);
		} else {
			buf_byte(out, (char)c);
		}
	}
}

/* --- groups ----------------------------------------------------------------------------------- */

/* A file while it is read. named and star are of the group that the lines stand in. */
struct parser {
	struct robots *r;
	const char *const *agents;
	uint64_t named;
	bool star;
	bool in_rules; /* the next user-agent begins another group */
	uint64_t seen; /* crawlers that have a group of their own */
	uint64_t *stars; /* a bit a rule: it stood under "*" too */
	size_t cap_stars;
	double star_delay;
};

/* The product token at the front of a value; letters, '_' and '-' (RFC 9309, section 2.2.1), and
 * digits, which some real ones have. */
static struct slice token_of(struct slice value)
{
	size_t n = 0;

	while (n < value.n &&
		(is_unreserved((unsigned char)value.p[n]) && value.p[n] != '.' &&
			value.p[n] != '~'))
		n++;
	return slice_head(value, n);
}

static void read_agent(struct parser *p, struct slice value)
{
	struct slice token = token_of(value);

	if (p->in_rules) {
		p->named = 0;
		p->star = false;
		p->in_rules = false;
	}
	if (value.n && *value.p == '*' && (value.n == 1 || byte_in(value.p[1], blanks)))
		p->star = true;
	for (size_t i = 0; i < p->r->n_agents; i++)
		if (slice_is_word(token, p->agents[i]))
			p->named |= (uint64_t)1 << i;
	p->seen |= p->named;
}

static void read_rule(struct parser *p, struct slice value, bool allow)
{
	struct robots *r = p->r;
	size_t at = r->patterns.n;
	bool anchored;

	p->in_rules = true;
	if (!value.n || value.n > ROBOTS_MAX_PATTERN || (!p->named && !p->star))
		return;
	anchored = value.p[value.n - 1] == '$';
	if (value.n == anchored) /* "$" alone matches no target: they begin with a slash */
		return;
	normalise(slice_head(value, value.n - anchored), false, &r->patterns);
	mem_grow(&r->rules, r->n, &r->cap, sizeof(*r->rules));
	if (r->n / 64 >= p->cap_stars)
		mem_grow(&p->stars, p->cap_stars, &p->cap_stars, sizeof(*p->stars));
	if (r->n % 64 == 0)
		p->stars[r->n / 64] = 0;
	p->stars[r->n / 64] |= (uint64_t)p->star << r->n % 64;
	r->rules[r->n++] = (struct rule){
		.agents = p->named,
		.at = (uint32_t)at,
		.n = (uint32_t)(r->patterns.n - at),
		.allow = allow,
		.anchored = anchored,
	};
}

static void read_delay(struct parser *p, struct slice value)
{
	double seconds = 0, scale = 1;
	size_t i = 0;

	for (; i < value.n && value.p[i] >= '0' && value.p[i] <= '9' && seconds < DELAY_MAX; i++)
		seconds = seconds * 10 + (value.p[i] - '0');
	if (i < value.n && value.p[i] == '.')
		for (i++; i < value.n && value.p[i] >= '0' && value.p[i] <= '9' && scale > 1e-6;
			i++)
			seconds += (scale /= 10) * (value.p[i] - '0');
	seconds = MIN(seconds, (double)DELAY_MAX);
	if (p->star)
		p->star_delay = MAX(p->star_delay, seconds);
	for (size_t a = 0; a < p->r->n_agents; a++)
		if (p->named >> a & 1)
			p->r->delay[a] = MAX(p->r->delay[a], seconds);
}

/* Those without a group of their own get the rules of "*"; rules for nobody go. */
static void resolve(struct parser *p)
{
	struct robots *r = p->r;
	uint64_t all = r->n_agents == 64 ? ~(uint64_t)0 : ((uint64_t)1 << r->n_agents) - 1;
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (p->stars[i / 64] >> i % 64 & 1)
			r->rules[i].agents |= all & ~p->seen;
		if (r->rules[i].agents)
			r->rules[n++] = r->rules[i];
	}
	r->n = n;
	if (n == 0) { /* most files keep nobody out: as little as can be is held of them */
		free(r->rules);
		r->rules = NULL;
		r->cap = 0;
		buf_release(&r->patterns);
	}
	for (size_t a = 0; a < r->n_agents; a++)
		if (!(p->seen >> a & 1))
			r->delay[a] = p->star_delay;
}

struct robots *robots_new(struct slice text, const char *const *agents, size_t n_agents)
{
	struct robots *r;
	struct parser p = { .agents = agents };
	bool cut = text.n > ROBOTS_MAX_BYTES;
	struct slice line, value;

	n_agents = MIN(n_agents, (size_t)ROBOTS_MAX_AGENTS);
	p.r = r = mem_zalloc(1, sizeof(*r) + n_agents * sizeof(*r->delay));
	r->n_agents = n_agents;
	text = slice_head(text, ROBOTS_MAX_BYTES);
	if (slice_starts(text, SLICE("\xEF\xBB\xBF")))
		text = slice_skip(text, 3);
	while (next_line(&text, cut, &line)) {
		switch (read_line(line, &value)) {
		case KEY_AGENT: read_agent(&p, value); break;
		case KEY_ALLOW: read_rule(&p, value, true); break;
		case KEY_DISALLOW: read_rule(&p, value, false); break;
		case KEY_DELAY: read_delay(&p, value); break;
		case KEY_OTHER: break;
		}
	}
	resolve(&p);
	free(p.stars);
	return r;
}

void robots_free(struct robots *r)
{
	if (!r)
		return;
	free(r->rules);
	buf_release(&r->patterns);
	free(r);
}

bool robots_empty(const struct robots *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (!r->rules[i].allow)
			return false;
	for (size_t a = 0; a < r->n_agents; a++)
		if (r->delay[a] > 0)
			return false;
	return true;
}

double robots_crawl_delay(const struct robots *r, size_t agent)
{
	return agent < r->n_agents ? r->delay[agent] : 0;
}

/* --- matching --------------------------------------------------------------------------------- */

/* Pieces between stars are looked for from left to right, each at its first place: if any choice of
 * places fits, this one does. The last piece of an anchored pattern stands at the end. */
static bool matches(struct slice pattern, bool anchored, struct slice target)
{
	bool first = true;

	for (;;) {
		size_t star = slice_find(pattern, SLICE("*"));
		struct slice piece = slice_head(pattern, star);
		bool last = star == pattern.n;
		size_t at;

		if (last && anchored)
			return first ? slice_eq(target, piece) : slice_ends(target, piece);
		at = first || !piece.n ? 0 : slice_find(target, piece);
		if (first ? !slice_starts(target, piece) : piece.n && at == target.n)
			return false;
		if (last)
			return true;
		target = slice_skip(target, at + piece.n);
		pattern = slice_skip(pattern, star + 1);
		first = false;
	}
}

uint64_t robots_refused(const struct robots *r, struct slice target)
{
	size_t longest[ROBOTS_MAX_AGENTS] = { 0 };
	uint64_t refused = 0;
	struct buf path = { 0 };

	if (!r->n || slice_eq(target, SLICE("/robots.txt")))
		return 0;
	if (!target.n || *target.p != '/')
		buf_byte(&path, '/');
	normalise(slice_head(target, TARGET_MAX), true, &path);
	for (size_t i = 0; i < r->n; i++) {
		const struct rule *rule = &r->rules[i];
		size_t n = rule->n + rule->anchored;

		if (!matches((struct slice){ r->patterns.p + rule->at, rule->n }, rule->anchored,
			    buf_view(&path)))
			continue;
		for (uint64_t left = rule->agents; left; left &= left - 1) {
			unsigned a = (unsigned)__builtin_ctzll(left);
			uint64_t bit = (uint64_t)1 << a;

			if (n > longest[a])
				refused = rule->allow ? refused & ~bit : refused | bit;
			else if (n == longest[a] && rule->allow)
				refused &= ~bit;
			longest[a] = MAX(longest[a], n);
		}
	}
	buf_release(&path);
	return refused;
}

/* --- addresses -------------------------------------------------------------------------------- */

struct slice robots_target(struct slice url)
{
	struct slice rest = slice_skip(url, slice_find(url, SLICE("://")) + 3);
	size_t n = 0;

	while (n < rest.n && !byte_in(rest.p[n], "/?#"))
		n++;
	rest = slice_skip(rest, n);
	return slice_head(rest, slice_find(rest, SLICE("#")));
}

bool robots_is_url(struct slice url)
{
	struct slice target = robots_target(url);

	return slice_eq(slice_head(target, slice_find(target, SLICE("?"))), SLICE("/robots.txt"));
}
