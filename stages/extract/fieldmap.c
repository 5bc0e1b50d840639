/* JSON lines of others to records of ours. */
#include "stages/extract/fieldmap.h"

#include "lib/core/arena.h"
#include "lib/record/record.h"
#include "lib/text/utf8.h"

#include <inttypes.h>

struct entry {
	struct slice ours, theirs;
};

static struct entry entry_of(const char *text)
{
	struct slice s = slice_str(text);
	size_t equals = slice_find(s, SLICE("="));

	return (struct entry){ slice_head(s, equals), slice_skip(s, equals + 1) };
}

int fieldmap_check(const struct opt_list *map, struct err *e)
{
	for (size_t i = 0; i < map->n; i++) {
		struct entry entry = entry_of(map->at[i]);

		if (!entry.ours.n || !entry.theirs.n)
			return err_set(
				e, ERR_USAGE, "--map %s: OURS=THEIRS is expected", map->at[i]);
		for (size_t k = 0; k < i; k++)
			if (slice_eq(entry_of(map->at[k]).ours, entry.ours))
				return err_set(e, ERR_USAGE,
					"--map %s: %.*s is filled by %s already", map->at[i],
					(int)entry.ours.n, entry.ours.p, map->at[k]);
	}
	return 0;
}

/* One line on its way. */
struct mapping {
	const struct extract_config *cfg;
	struct json_members members;
	struct arena arena;
	struct buf *out;
	struct slice text; /* the raw value; NULL when there is none */
	bool has_id, has_source;
};

static struct slice key_name(struct mapping *m, const struct json_member *member)
{
	uint64_t replaced = 0;

	if (member->key_escaped)
		return json_decode(member->key, &m->arena, &replaced);
	return (struct slice){ member->key.p + 1, member->key.n - 2 };
}

/* Our name for their field, or an empty slice. */
static struct slice renamed(const struct mapping *m, struct slice theirs)
{
	for (size_t i = 0; i < m->cfg->map.n; i++) {
		struct entry entry = entry_of(m->cfg->map.at[i]);

		if (slice_eq(entry.theirs, theirs))
			return entry.ours;
	}
	return (struct slice){ NULL, 0 };
}

static bool is_there(struct mapping *m, struct slice name)
{
	for (size_t i = 0; i < m->members.n; i++)
		if (slice_eq(key_name(m, &m->members.at[i]), name))
			return true;
	return false;
}

/* Whether the map fills this field of ours from another one that the line has. */
static bool is_filled(struct mapping *m, struct slice name)
{
	for (size_t i = 0; i < m->cfg->map.n; i++) {
		struct entry entry = entry_of(m->cfg->map.at[i]);

		if (slice_eq(entry.ours, name))
			return !slice_eq(entry.theirs, name) && is_there(m, entry.theirs);
	}
	return false;
}

static void note(struct mapping *m, struct slice name, const struct json_member *member)
{
	if (slice_eq(name, SLICE("text")) && member->type == JSON_IS_STRING && !m->text.p)
		m->text = member->value;
	m->has_id |= slice_eq(name, SLICE("id"));
	m->has_source |= slice_eq(name, SLICE("source"));
}

/* An id is a string with us, and often a number with others. */
static void put_value(struct mapping *m, struct slice name, const struct json_member *member)
{
	if (member->type == JSON_IS_NUMBER && slice_eq(name, SLICE("id")))
		json_put_string(m->out, member->value);
	else
		buf_slice(m->out, member->value);
}

static void put_member(struct mapping *m, const struct json_member *member)
{
	struct slice theirs = key_name(m, member);
	struct slice ours = renamed(m, theirs);
	bool set = m->cfg->source && slice_eq(ours.n ? ours : theirs, SLICE("source"));

	if (set || (!ours.n && is_filled(m, theirs)))
		return;
	if (m->out->p[m->out->n - 1] != '{')
		buf_byte(m->out, ',');
	if (ours.n)
		json_put_string(m->out, ours);
	else
		buf_slice(m->out, member->key);
	buf_byte(m->out, ':');
	put_value(m, ours.n ? ours : theirs, member);
	note(m, ours.n ? ours : theirs, member);
}

static void put_missing(struct mapping *m, const struct item *item)
{
	struct buf id = { 0 };

	if (!m->has_id) {
		buf_printf(&id, "%s:%" PRIu64, item->path, item->number);
		json_put_key(m->out, "id");
		json_put_string(m->out, buf_view(&id));
		buf_release(&id);
	}
	if (m->cfg->source) {
		json_put_key(m->out, "source");
		json_put_string(m->out, slice_str(m->cfg->source));
	}
}

static enum verdict settle(struct mapping *m, struct emitter *to, struct reason *why)
{
	size_t length;

	if (!m->text.p)
		return drop(why, "no_text", 0, 1);
	length = utf8_length(json_decode(m->text, &m->arena, &to->replaced));
	if (length < m->cfg->min_text)
		return drop(why, "min_text", (double)length, (double)m->cfg->min_text);
	return KEEP;
}

enum verdict fieldmap_item(const struct item *item, const struct extract_config *cfg,
	struct buf *scratch, struct emitter *to, struct reason *why, struct err *e)
{
	struct mapping m = { .cfg = cfg, .out = scratch };
	enum verdict verdict = BAD;
	const char *what;
	size_t where;

	if (!json_scan_object(item->data, &m.members, &where, &what)) {
		err_set(e, ERR_DATA, "byte %zu: %s", where, what);
		goto out;
	}
	scratch->n = 0;
	buf_byte(scratch, '{');
	for (size_t i = 0; i < m.members.n; i++)
		put_member(&m, &m.members.at[i]);
	put_missing(&m, item);
	buf_byte(scratch, '}');
	emit_line(to, buf_view(scratch));
	to->duplicate_keys = record_duplicate_keys(&m.members, &m.arena);
	verdict = settle(&m, to, why);
out:
	json_members_release(&m.members);
	arena_release(&m.arena);
	return verdict;
}
