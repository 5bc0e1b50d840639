/* One record: read lazily, changed by splicing. */
#include "lib/record/record.h"

#include "lib/core/mem.h"
#include "lib/record/json_escape.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

struct record_edit {
	struct slice key; /* decoded */
	struct slice raw;
	size_t member; /* whose value raw replaces, or NEW_MEMBER */
};

struct record_decoded {
	struct record_decoded *next;
	const char *raw; /* where the value stands: an edit's value stands elsewhere */
	struct slice text;
};

#define NEW_MEMBER SIZE_MAX

/* Most records have fewer members; comparing each pair is fastest there. */
enum { MAX_PAIRS = 32 };

static int compare_keys(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;
	int order = x->n && y->n ? memcmp(x->p, y->p, MIN(x->n, y->n)) : 0;

	return order ? order : (x->n > y->n) - (x->n < y->n);
}

/* Of many members or escaped keys: n log n, so that a line of a million keys costs no square. */
static uint32_t duplicates_sorted(const struct json_members *m, struct arena *arena)
{
	size_t n = m->n;
	struct slice *keys = arena_alloc(arena, n * sizeof(*keys));
	uint32_t found = 0;

	for (size_t i = 0; i < n; i++)
		keys[i] = json_key(&m->at[i], arena);
	qsort(keys, n, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < n; i++)
		found += slice_eq(keys[i - 1], keys[i]);
	return found;
}

static bool stands_before(const struct json_members *m, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_eq(m->at[i].key, m->at[n].key))
			return true;
	return false;
}

/* A bit for each length and last letters of a key that was seen: most keys need no comparison. */
uint32_t record_duplicate_keys(const struct json_members *m, struct arena *arena)
{
	uint64_t seen = 0;
	uint32_t found = 0;

	if (m->n > MAX_PAIRS)
		return duplicates_sorted(m, arena);
	for (size_t i = 0; i < m->n; i++) {
		struct slice key = m->at[i].key;
		unsigned char last = (unsigned char)key.p[key.n - 2];
		uint64_t bit = (uint64_t)1 << ((key.n * 7 + last) % 64);

		if (m->at[i].key_escaped)
			return duplicates_sorted(m, arena);
		if (seen & bit)
			found += stands_before(m, i);
		seen |= bit;
	}
	return found;
}

static void forget(struct record *r)
{
	arena_reset(&r->arena);
	r->line = (struct slice){ 0 };
	r->members.n = 0;
	r->n_edits = 0;
	r->decoded = NULL;
	r->replaced = 0;
	r->duplicate_keys = 0;
	r->note = (struct note){ 0 };
}

int record_scan(struct record *r, struct slice line, struct err *e)
{
	const char *what;
	size_t where;

	forget(r);
	if (!json_scan_object(line, &r->members, &where, &what)) {
		r->members.n = 0;
		return err_set(e, ERR_DATA, "byte %zu: %s", where, what);
	}
	r->line = line;
	r->duplicate_keys = record_duplicate_keys(&r->members, &r->arena);
	return 0;
}

static size_t find_member(const struct record *r, struct slice key)
{
	for (size_t i = 0; i < r->members.n; i++)
		if (json_key_is(&r->members.at[i], key))
			return i;
	return NEW_MEMBER;
}

static struct record_edit *find_edit(const struct record *r, struct slice key)
{
	for (size_t i = 0; i < r->n_edits; i++)
		if (slice_eq(r->edits[i].key, key))
			return &r->edits[i];
	return NULL;
}

struct slice record_raw(const struct record *r, const char *key)
{
	const struct record_edit *edit = find_edit(r, slice_str(key));
	size_t i;

	if (edit)
		return edit->raw;
	i = find_member(r, slice_str(key));
	return i == NEW_MEMBER ? (struct slice){ 0 } : r->members.at[i].value;
}

static struct slice decoded(struct record *r, struct slice raw)
{
	struct record_decoded *d = r->decoded;

	while (d && d->raw != raw.p)
		d = d->next;
	if (!d) {
		d = arena_alloc(&r->arena, sizeof(*d));
		d->next = r->decoded;
		d->raw = raw.p;
		d->text = json_decode(raw, &r->arena, &r->replaced);
		r->decoded = d;
	}
	return d->text;
}

/* What stands under key, for one who wants a value whose first byte is in first. */
static enum record_found find_value(
	const struct record *r, const char *key, const char *first, struct slice *raw)
{
	*raw = record_raw(r, key);
	if (!raw->n || *raw->p == 'n')
		return RECORD_ABSENT;
	return strchr(first, *raw->p) ? RECORD_FOUND : RECORD_OTHER_TYPE;
}

enum record_found record_str(struct record *r, const char *key, struct slice *out)
{
	struct slice raw;
	enum record_found found = find_value(r, key, "\"", &raw);

	*out = found == RECORD_FOUND ? decoded(r, raw) : (struct slice){ 0 };
	return found;
}

enum record_found record_num(const struct record *r, const char *key, double *out)
{
	struct slice raw;
	enum record_found found = find_value(r, key, "-0123456789", &raw);

	*out = found == RECORD_FOUND ? json_number(raw) : 0;
	return found;
}

enum record_found record_uint(const struct record *r, const char *key, uint64_t *out)
{
	struct slice raw;
	enum record_found found = find_value(r, key, "-0123456789", &raw);

	*out = 0;
	if (found == RECORD_FOUND && !json_uint(raw, out))
		found = RECORD_OTHER_TYPE;
	return found;
}

struct slice record_text(struct record *r)
{
	struct slice text;

	record_str(r, "text", &text);
	return text;
}

struct slice record_id(struct record *r)
{
	struct slice id;

	record_str(r, "id", &id);
	return id;
}

static void set_field(struct record *r, struct slice key, struct slice raw)
{
	struct record_edit *edit = find_edit(r, key);

	if (!edit) {
		mem_grow(&r->edits, r->n_edits, &r->cap_edits, sizeof(*r->edits));
		edit = &r->edits[r->n_edits++];
		edit->key = arena_copy(&r->arena, key);
		edit->member = find_member(r, edit->key);
	}
	edit->raw = arena_copy(&r->arena, raw);
}

void record_set_raw(struct record *r, const char *key, struct slice raw)
{
	set_field(r, slice_str(key), raw);
}

static void set_scratch(struct record *r, const char *key)
{
	record_set_raw(r, key, buf_view(&r->scratch));
	buf_clear(&r->scratch, MIB);
}

void record_set_str(struct record *r, const char *key, struct slice value)
{
	json_put_string(&r->scratch, value);
	set_scratch(r, key);
}

void record_set_num(struct record *r, const char *key, double value)
{
	json_put_number(&r->scratch, value);
	set_scratch(r, key);
}

void record_set_uint(struct record *r, const char *key, uint64_t value)
{
	json_put_uint(&r->scratch, value);
	set_scratch(r, key);
}

void record_set_ratio(struct record *r, const char *key, double value)
{
	record_set_num(r, key, round(value * 1e6) / 1e6);
}

bool record_changed(const struct record *r)
{
	for (size_t i = 0; i < r->n_edits; i++) {
		const struct record_edit *edit = &r->edits[i];

		if (edit->member == NEW_MEMBER ||
			!slice_eq(edit->raw, r->members.at[edit->member].value))
			return true;
	}
	return false;
}

/* The replacement that comes next in the line from place p on, or NULL. */
static const struct record_edit *next_replacement(const struct record *r, const char *p)
{
	const struct record_edit *next = NULL;

	for (size_t i = 0; i < r->n_edits; i++) {
		const struct record_edit *edit = &r->edits[i];

		if (edit->member != NEW_MEMBER && r->members.at[edit->member].value.p >= p &&
			(!next || edit->member < next->member))
			next = edit;
	}
	return next;
}

/* The brace that ends the line's object: nothing but white space stands behind it. */
static const char *closing_brace(struct slice line)
{
	return memrchr(line.p, '}', line.n);
}

void record_write(const struct record *r, struct buf *out)
{
	const char *at = r->line.p, *end = r->line.p + r->line.n, *brace = closing_brace(r->line);
	const struct record_edit *edit;
	bool comma = r->members.n > 0;

	assert(brace);
	while ((edit = next_replacement(r, at))) {
		struct slice was = r->members.at[edit->member].value;

		buf_append(out, at, (size_t)(was.p - at));
		buf_slice(out, edit->raw);
		at = was.p + was.n;
	}
	buf_append(out, at, (size_t)(brace - at));
	for (size_t i = 0; i < r->n_edits; i++) {
		edit = &r->edits[i];
		if (edit->member != NEW_MEMBER)
			continue;
		if (comma)
			buf_byte(out, ',');
		json_put_string(out, edit->key);
		buf_byte(out, ':');
		buf_slice(out, edit->raw);
		comma = true;
	}
	buf_append(out, brace, (size_t)(end - brace));
	buf_byte(out, '\n');
}

void record_write_side(const struct record *r, struct buf *out)
{
	struct slice id = record_raw(r, "id");

	buf_str(out, "{\"id\":");
	buf_slice(out, id.n ? id : SLICE("null"));
	for (size_t i = 0; i < r->n_edits; i++) {
		if (slice_eq(r->edits[i].key, SLICE("id")))
			continue;
		buf_byte(out, ',');
		json_put_string(out, r->edits[i].key);
		buf_byte(out, ':');
		buf_slice(out, r->edits[i].raw);
	}
	buf_str(out, "}\n");
}

static const struct json_member *first_of(const struct json_members *m, struct slice key)
{
	for (size_t i = 0; i < m->n; i++)
		if (json_key_is(&m->at[i], key))
			return &m->at[i];
	return NULL;
}

/* The same bytes, or the same string with other escapes. */
static bool same_id(struct record *r, struct slice a, struct slice b)
{
	uint64_t replaced = 0;

	if (slice_eq(a, b))
		return true;
	return slice_starts(a, SLICE("\"")) && slice_starts(b, SLICE("\"")) &&
		slice_eq(
			json_decode(a, &r->arena, &replaced), json_decode(b, &r->arena, &replaced));
}

int record_join(struct record *r, struct slice side, struct err *e)
{
	struct slice id = record_raw(r, "id"), beside = { 0 };
	const struct json_member *found;
	const char *what;
	size_t where;

	if (!json_scan_object(side, &r->side, &where, &what))
		return err_set(e, ERR_DATA, "side line, byte %zu: %s", where, what);
	if (r->side.n > RECORD_MAX_SIDE)
		return err_set(e, ERR_LIMIT, "side line of %zu members, over %d", r->side.n,
			RECORD_MAX_SIDE);
	found = first_of(&r->side, SLICE("id"));
	if (found)
		beside = found->value;
	if (!same_id(r, id, beside)) {
		id = slice_head(id.n ? id : SLICE("none"), 200);
		beside = slice_head(beside.n ? beside : SLICE("none"), 200);
		return err_set(e, ERR_DATA, "id %.*s beside the side line of id %.*s", (int)id.n,
			id.p, (int)beside.n, beside.p);
	}
	for (size_t i = 0; i < r->side.n; i++) {
		const struct json_member *m = &r->side.at[i];
		struct slice key = json_key(m, &r->arena);

		if (!slice_eq(key, SLICE("id")) && first_of(&r->side, key) == m)
			set_field(r, key, m->value);
	}
	return 0;
}

void record_release(struct record *r)
{
	json_members_release(&r->members);
	json_members_release(&r->side);
	arena_release(&r->arena);
	free(r->edits);
	buf_release(&r->scratch);
	*r = (struct record){ 0 };
}
