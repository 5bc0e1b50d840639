/* Clusters of drawn band keys, at sizes for which there are no texts here: do time, memory and disk
 * follow the formulas of corpus-dedup(1)?
 *
 *	make build/tools/simulate_minhash
 *	build/tools/simulate_minhash DOCUMENTS [MEMORY-MiB [FOLDER]]
 *
 * One document in four is near another: it has each of that one's 14 keys with the probability .2,
 * which is j^8 of a Jaccard index of .82. Keys are a hash of the document and the band, so that the
 * true clusters can be counted without being kept: they must be found. The steps are those of
 * corpus-dedup minhash between its two readings. Memory (1024) is shared as there; FOLDER is where
 * temporary files go. What is printed of each step are processor seconds, nanoseconds a document,
 * peak memory so far and bytes of temporary files a document. */
#include "lib/core/mem.h"
#include "lib/store/disk.h"
#include "lib/stream/publish.h"
#include "stages/dedup/groups.h"
#include "stages/dedup/settle.h"
#include "stages/dedup/unite.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { BANDS = 14, NEAR_OF_100 = 25, SHARED_OF_100 = 20 };

struct simulation {
	uint64_t documents;
	size_t memory;
	const char *tmpdir;
	struct bandfile *bands;
	struct unite *unite;
	uint64_t first; /* of the group at hand */
	uint64_t joined; /* documents that share a key with another, which is earlier */
	double begin;
};

/* splitmix64's last step: Steele, Lea and Flood 2014. */
static uint64_t hash(uint64_t x)
{
	x = (x + UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
	return x ^ x >> 31;
}

static bool is_near(uint64_t document)
{
	return document && hash(document) % 100 < NEAR_OF_100;
}

/* The earlier document that a near one was made of, which is not near another. */
static uint64_t original(uint64_t document)
{
	uint64_t d = hash(~document) % document;

	while (is_near(d))
		d--;
	return d;
}

static uint64_t key(uint64_t document, unsigned band)
{
	return hash(hash(document) ^ band * UINT64_C(0xD6E8FEB86659FD93));
}

static void draw(struct simulation *s, uint64_t document, uint64_t keys[BANDS])
{
	bool near = is_near(document), joined = false;
	uint64_t of = near ? original(document) : document;

	for (unsigned i = 0; i < BANDS; i++) {
		bool shared = near && hash(key(document, i)) % 100 < SHARED_OF_100;

		keys[i] = key(shared ? of : document, i);
		joined |= shared;
	}
	s->joined += joined;
}

static double seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
		(double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void tell(struct simulation *s, const char *step, uint64_t bytes)
{
	double now = seconds(), n = (double)s->documents;
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	printf("%-10s %8.1f s %7.0f ns %6ld MiB %7.2f bytes\n", step, now - s->begin,
		(now - s->begin) / n * 1e9, u.ru_maxrss / 1024, (double)bytes / n);
	fflush(stdout);
	s->begin = seconds();
}

static int draw_all(struct simulation *s, struct err *e)
{
	uint64_t keys[BANDS];

	for (uint64_t d = 0; d < s->documents; d++) {
		draw(s, d, keys);
		if (bandfile_add(s->bands, d, keys, e) < 0)
			return -1;
	}
	return bandfile_seal(s->bands, e);
}

static int link_member(void *to, uint64_t document, bool fresh, struct err *e)
{
	struct simulation *s = to;

	if (!fresh)
		return unite_join(s->unite, s->first, document, e);
	s->first = document;
	return 0;
}

static int check(const struct simulation *s, const struct settle_facts *f, struct err *e)
{
	printf("%" PRIu64 " clusters of %" PRIu64 " documents, the largest of %" PRIu64 "\n",
		f->clusters, f->documents, f->largest);
	if (f->documents - f->clusters != s->joined)
		return err_set(e, ERR_INTERNAL, "%" PRIu64 " to be dropped, not %" PRIu64,
			f->documents - f->clusters, s->joined);
	return 0;
}

static int settle_all(struct simulation *s, struct err *e)
{
	struct settle_options o = { .unite = s->unite,
		.max_cluster = UINT64_MAX,
		.memory = s->memory / 4,
		.tmpdir = s->tmpdir };
	struct settle_facts facts = { 0 };
	struct settle *settle = NULL;
	struct decision d;
	uint64_t dropped = 0;
	int got = settle_new(&settle, &o, &facts, e);

	while (got == 0 && (got = settle_next(settle, &d, e)) > 0) {
		dropped += d.stays != d.document;
		got = 0;
	}
	settle_free(settle);
	tell(s, "settle", dropped * DECISION_BYTES);
	return got < 0 ? -1 : check(s, &facts, e);
}

static int simulate(struct simulation *s, struct err *e)
{
	struct groups_file file = { s->bands, 0 };
	struct groups_options o = { .files = &file,
		.n_files = 1,
		.bands = BANDS,
		.to = (size_t)BANDS * BAND_PARTS,
		.memory = s->memory / 4,
		.tmpdir = s->tmpdir };

	if (draw_all(s, e) < 0)
		return -1;
	tell(s, "bands", bandfile_bytes(s->bands));
	if (groups_walk(&o, link_member, s, e) < 0)
		return -1;
	tell(s, "groups", o.spilled);
	if (unite_finish(s->unite, e) < 0)
		return -1;
	tell(s, "unite", unite_spilled(s->unite));
	return settle_all(s, e);
}

int main(int argc, char **argv)
{
	struct simulation s = {
		.documents = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000,
		.memory = (argc > 2 ? strtoull(argv[2], NULL, 10) : 1024) * MIB,
		.tmpdir = argc > 3 ? argv[3] : NULL,
	};
	struct err e = { 0 };
	char *name = disk_temp_name(s.tmpdir);
	int fd = temp_open(s.tmpdir, &e), result = -1;

	if (fd >= 0) {
		s.bands = bandfile_new(fd, name, BANDS, s.memory / 4);
		s.unite = unite_new(&(struct unite_options){ s.documents, s.memory / 4, s.tmpdir });
		s.begin = seconds();
		result = simulate(&s, &e);
	}
	if (result < 0)
		fprintf(stderr, "simulate_minhash: %s\n", e.text);
	bandfile_free(s.bands);
	unite_free(s.unite);
	free(name);
	return result < 0;
}
