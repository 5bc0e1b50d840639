/* Documents of token ids to shards, their maps and one manifest. */
#include "stages/tokenize/token_set.h"

#include "lib/core/mem.h"
#include "lib/core/mkdirs.h"
#include "lib/core/temps.h"
#include "lib/record/json.h"
#include "lib/stats.h"
#include "lib/stream/publish.h"
#include "stages/tokenize/token_manifest.h"
#include "stages/tokenize/token_names.h"

#include <inttypes.h>
#include <stdlib.h>

/* A part of a document, or all of it, in one shard. */
struct piece {
	uint64_t start, n; /* in the shard, counted in ids */
	uint64_t from; /* ids of the document before it, in earlier shards */
	size_t n_id; /* bytes of its id, which follow where it is held */
};

struct token_set {
	struct run *run;
	const struct stage *stage;
	const void *config;
	struct token_set_options o;
	struct token_names names;

	bool open; /* there is a shard to add to: */
	char *name; /* of its files, without their endings */
	struct token_shard shard;
	struct output *map;
	uint64_t shard_documents;

	struct buf sequence; /* with pack: ids that fill no sequence yet */
	struct buf held; /* with pack: pieces that end in these ids */

	uint64_t n_shards; /* begun */
	struct token_totals totals;
	struct buf lines; /* of the manifest */
	struct buf index; /* of a folder */
	struct publish **parked; /* in the order they are to appear */
	size_t n_parked, cap_parked;
};

/* ---- shards ---- */

static int open_map(struct token_set *s, struct err *e)
{
	char *path = mem_printf("%s" TOKEN_MAP_ENDING, s->name);
	int result = run_open(s->run, path, &s->map, e);

	free(path);
	return result;
}

static int open_shard(struct token_set *s, struct err *e)
{
	const struct token_set_options *o = &s->o;

	free(s->name);
	s->name = token_names_shard(&s->names, s->n_shards++);
	s->shard = (struct token_shard){
		.name = s->name,
		.dtype = o->id_bytes == 2 ? "uint16" : o->format->wide,
		.id_bytes = o->id_bytes,
		.pack = o->pack,
		.llmc = o->llmc,
		/* The size of MosaicML's writer, where the user names none. */
		.limit = o->shard_tokens ? 0 : 64 * MIB,
		.vocab_digest = o->vocab_digest,
	};
	s->shard_documents = 0;
	s->open = true;
	if (token_names_check(&s->names, s->run, s->name, e) < 0 ||
		o->format->open(&s->shard, e) < 0)
		return -1;
	return open_map(s, e);
}

static void park(struct token_set *s, struct publish *file)
{
	mem_grow(&s->parked, s->n_parked, &s->cap_parked, sizeof(struct publish *));
	s->parked[s->n_parked++] = file;
}

static int close_map(struct token_set *s, struct digest *digest, struct err *e)
{
	struct output *map = s->map;
	struct publish *file;

	*digest = output_digest(map);
	s->map = NULL;
	if (run_end(s->run, s->stage, s->config, map, &file, e) < 0)
		return -1;
	park(s, file);
	return publish_park(file, e);
}

/* The file of ids counts as an output of the run, as the map does. Each has all the documents that
 * the run kept, but of several shards none has, a document may be in two, and a tail that is
 * dropped may take some away. */
static void count_output(struct token_set *s)
{
	const struct token_file_facts *ids = &s->shard.files[0];
	struct stats_file *file = stats_add_output(s->run->stats, publish_name(ids->file));

	file[0].records = file[-1].records = !s->names.numbered && !s->o.drop_tail;
	file->digest = (struct digest){
		.lo = ids->hash_low, .hi = ids->hash_high, .records = s->shard_documents
	};
	file->file_bytes = ids->bytes;
}

static void list_shard(struct token_set *s, const struct digest *map_digest)
{
	const char *slash = strrchr(s->name, '/');
	char *map = mem_printf("%s" TOKEN_MAP_ENDING, slash ? slash + 1 : s->name);

	token_manifest_shard(&s->lines, &s->shard, s->shard_documents, map, map_digest);
	if (s->o.format == &token_mds)
		token_mds_index_shard(&s->index, &s->shard);
	free(map);
}

static int close_shard(struct token_set *s, struct err *e)
{
	struct digest map_digest;

	if (close_map(s, &map_digest, e) < 0 || s->o.format->close(&s->shard, e) < 0)
		return -1;
	count_output(s);
	list_shard(s, &map_digest);
	for (size_t i = 0; i < s->shard.n_files; i++) {
		park(s, s->shard.files[i].file);
		s->shard.files[i].file = NULL;
	}
	s->totals.tokens += s->shard.n_ids;
	s->totals.sequences += s->shard.n_sequences;
	token_shard_release(&s->shard);
	s->open = false;
	return 0;
}

/* Whether a sequence of so many bytes must go to another shard. */
static bool is_full(const struct token_set *s, uint64_t bytes)
{
	const struct token_format *f = s->o.format;

	if (!s->open || !s->shard.n_sequences)
		return false;
	if (s->o.shard_tokens && s->shard.n_ids >= s->o.shard_tokens)
		return true;
	return f->fits && !f->fits(&s->shard, bytes);
}

static int put_sequence(struct token_set *s, struct slice ids, struct err *e)
{
	if (s->o.format->sequence(&s->shard, ids, e) < 0)
		return -1;
	s->shard.n_ids += ids.n / s->o.id_bytes;
	s->shard.n_sequences++;
	return 0;
}

/* The line of the map. */
static int put_piece(struct token_set *s, const struct piece *p, struct slice id, struct err *e)
{
	struct buf line = { 0 };
	int result;

	buf_str(&line, "{\"id\":");
	buf_slice(&line, id.n ? id : SLICE("null"));
	buf_printf(&line, ",\"start\":%" PRIu64 ",\"n\":%" PRIu64, p->start, p->n);
	if (p->from)
		buf_printf(&line, ",\"from\":%" PRIu64, p->from);
	buf_str(&line, "}\n");
	result = output_lines(s->map, buf_view(&line), 1, NULL, e);
	buf_release(&line);
	s->shard_documents++;
	s->totals.documents += p->from == 0;
	if (result == 0 && s->o.format->document)
		result = s->o.format->document(&s->shard, p->start + p->n, e);
	return result;
}

/* ---- documents whole ---- */

static int whole_document(struct token_set *s, struct slice ids, struct slice id, struct err *e)
{
	struct piece p = { .n = ids.n / s->o.id_bytes };

	if (is_full(s, ids.n) && close_shard(s, e) < 0)
		return -1;
	if (!s->open && open_shard(s, e) < 0)
		return -1;
	p.start = s->shard.n_ids;
	if (put_sequence(s, ids, e) < 0)
		return -1;
	return put_piece(s, &p, id, e);
}

/* ---- documents packed ---- */

/* Ids of the shard that are certain: a tail that is dropped is not among them. */
static uint64_t certain(const struct token_set *s)
{
	return s->open ? s->shard.n_ids : 0;
}

static void hold_piece(struct token_set *s, struct piece *p, struct slice id)
{
	p->n_id = id.n;
	buf_append(&s->held, p, sizeof(*p));
	buf_slice(&s->held, id);
}

/* Writes the pieces that were held. What of them is not certain is cut off: nothing, unless the
 * tail is dropped. */
static int put_held(struct token_set *s, struct err *e)
{
	struct slice rest = buf_view(&s->held);

	while (rest.n) {
		struct piece p;
		struct slice id;

		memcpy(&p, rest.p, sizeof(p));
		id = slice_head(slice_skip(rest, sizeof(p)), p.n_id);
		rest = slice_skip(rest, sizeof(p) + p.n_id);
		if (p.start >= certain(s)) {
			s->totals.dropped_documents += p.from == 0;
			continue;
		}
		p.n = MIN(p.n, certain(s) - p.start);
		if (put_piece(s, &p, id, e) < 0)
			return -1;
	}
	buf_clear(&s->held, MIB);
	return 0;
}

static int put_full_sequence(struct token_set *s, struct err *e)
{
	if (!s->open && open_shard(s, e) < 0)
		return -1;
	if (put_sequence(s, buf_view(&s->sequence), e) < 0)
		return -1;
	s->sequence.n = 0;
	return put_held(s, e);
}

static int packed_document(struct token_set *s, struct slice ids, struct slice id, struct err *e)
{
	size_t bytes = (size_t)s->o.pack * s->o.id_bytes;
	struct piece p = { 0 };
	bool begun = false;

	while (ids.n) {
		struct slice some = slice_head(ids, bytes - s->sequence.n);

		if (!s->sequence.n && is_full(s, bytes)) {
			if (p.n && put_piece(s, &p, id, e) < 0)
				return -1;
			if (close_shard(s, e) < 0)
				return -1;
			p = (struct piece){ .from = p.from + p.n };
			begun = true;
		}
		if (!begun)
			p.start = certain(s) + s->sequence.n / s->o.id_bytes;
		begun = true;
		buf_slice(&s->sequence, some);
		p.n += some.n / s->o.id_bytes;
		ids = slice_skip(ids, some.n);
		if (s->sequence.n == bytes && put_full_sequence(s, e) < 0)
			return -1;
	}
	if (!s->sequence.n)
		return put_piece(s, &p, id, e);
	hold_piece(s, &p, id);
	return 0;
}

/* The last ids, which fill no sequence. */
static int end_tail(struct token_set *s, struct err *e)
{
	size_t bytes = (size_t)s->o.pack * s->o.id_bytes;

	if (!s->sequence.n)
		return 0;
	if (s->o.drop_tail) {
		s->totals.dropped_tokens = s->sequence.n / s->o.id_bytes;
		return put_held(s, e);
	}
	s->totals.padding = (bytes - s->sequence.n) / s->o.id_bytes;
	while (s->sequence.n < bytes)
		for (unsigned b = 0; b < s->o.id_bytes; b++)
			buf_byte(&s->sequence, (char)(s->o.eot_id >> (8 * b)));
	return put_full_sequence(s, e);
}

/* ---- the interface ---- */

static void set_free(struct token_set *s)
{
	token_shard_release(&s->shard);
	for (size_t i = 0; i < s->n_parked; i++)
		publish_abort(s->parked[i]);
	free(s->parked);
	buf_release(&s->sequence);
	buf_release(&s->held);
	buf_release(&s->lines);
	buf_release(&s->index);
	free(s->name);
	token_names_release(&s->names);
	free(s);
}

void token_set_abort(struct token_set *s)
{
	if (!s)
		return;
	output_abort(s->map);
	set_free(s);
}

int token_set_open(struct token_set **out, struct run *run, const struct stage *stage,
	const void *config, const struct token_set_options *o, struct err *e)
{
	bool folder = !o->format->ending;
	struct token_names names;
	struct token_set *s;

	*out = NULL;
	if (token_names_make(&names, o, e) < 0)
		return -1;
	if (folder && mkdirs(o->path, e) < 0) {
		token_names_release(&names);
		return -1;
	}
	s = mem_zalloc(1, sizeof(*s));
	s->run = run;
	s->stage = stage;
	s->config = config;
	s->o = *o;
	s->names = names;
	if (folder)
		token_mds_index_open(&s->index);
	/* At once, so that a place that cannot be written is told before the work. */
	if (!s->names.numbered && open_shard(s, e) < 0) {
		token_set_abort(s);
		return -1;
	}
	*out = s;
	return 0;
}

int token_set_document(struct token_set *s, struct slice ids, struct slice id, struct err *e)
{
	return s->o.pack ? packed_document(s, ids, id, e) : whole_document(s, ids, id, e);
}

/* ---- the end ---- */

static int park_index(struct token_set *s, struct token_file_facts *facts, struct err *e)
{
	char *path = mem_printf("%sindex.json", s->names.base);
	struct token_file *file;
	int result = token_file_open(&file, path, e);

	free(path);
	if (result < 0)
		return -1;
	token_mds_index_close(&s->index);
	if (token_file_append(file, buf_view(&s->index), e) < 0) {
		token_file_abort(file);
		return -1;
	}
	return token_file_end(file, facts, e);
}

/* Everything but the manifest, and the one that stood for other shards is gone before. */
static int publish_all(struct token_set *s, const char *manifest, struct buf *notes, struct err *e)
{
	uint64_t stale;

	temps_remove(manifest);
	for (size_t i = 0; i < s->n_parked; i++) {
		struct publish *file = s->parked[i];

		s->parked[i] = NULL;
		if (publish_commit(file, e) < 0)
			return -1;
	}
	stale = s->names.numbered ? token_names_remove_stale(&s->names, s->n_shards) : 0;
	if (stale)
		buf_printf(notes, "%" PRIu64 " shard%s of an earlier run removed\n", stale,
			stale == 1 ? "" : "s");
	return 0;
}

static void note_tail(const struct token_set *s, struct buf *notes)
{
	const struct token_totals *t = &s->totals;

	if (t->dropped_tokens)
		buf_printf(notes,
			"%" PRIu64 " tokens at the end fill no sequence of %" PRIu64
			" and are dropped; no token is left of %" PRIu64 " document%s\n",
			t->dropped_tokens, s->o.pack, t->dropped_documents,
			t->dropped_documents == 1 ? "" : "s");
}

static int close_all(struct token_set *s, struct buf *notes, struct err *e)
{
	struct token_file_facts index = { 0 };
	char *path = token_names_manifest(&s->names);
	struct buf text = { 0 };
	int result = end_tail(s, e);

	if (result == 0 && s->open)
		result = close_shard(s, e);
	if (result == 0 && !s->o.format->ending) {
		result = park_index(s, &index, e);
		if (result == 0)
			park(s, index.file);
		index.file = NULL;
	}
	token_manifest(&text, &s->o, &s->totals, index.name ? &index : NULL, buf_view(&s->lines));
	if (result == 0)
		result = publish_all(s, path, notes, e);
	if (result == 0)
		result = publish_bytes(path, buf_view(&text), e);
	if (result == 0)
		note_tail(s, notes);
	token_file_facts_release(&index);
	buf_release(&text);
	free(path);
	return result;
}

int token_set_close(struct token_set *s, struct buf *notes, struct err *e)
{
	if (close_all(s, notes, e) < 0) {
		token_set_abort(s);
		return -1;
	}
	set_free(s);
	return 0;
}
