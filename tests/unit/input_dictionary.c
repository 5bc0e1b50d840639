/* zstd files that begin with their dictionary, as the Archive Team's WARC files do. */
#include "lib/stream/frame.h"
#include "lib/stream/input.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zdict.h>
#include <zstd.h>

enum { RECORDS = 2000, DICTIONARY = 4096 };

static void put_record(struct buf *out, int i)
{
	buf_printf(out,
		"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/%d/%d\r\n"
		"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n",
		i, i * 7919 % 1000, i * 31 % 977);
}

/* Trained on the records, as a writer would. */
static struct buf dictionary(unsigned first)
{
	struct buf samples = { 0 }, out = { 0 };
	size_t sizes[RECORDS];

	for (int i = 0; i < RECORDS; i++) {
		size_t before = samples.n;

		put_record(&samples, i + (int)first);
		sizes[i] = samples.n - before;
	}
	out.n = ZDICT_trainFromBuffer(
		buf_reserve(&out, DICTIONARY), DICTIONARY, samples.p, sizes, RECORDS);
	cr_assert(!ZDICT_isError(out.n), "%s", ZDICT_getErrorName(out.n));
	buf_release(&samples);
	return out;
}

static void put_skippable(struct buf *out, uint32_t magic, struct slice content)
{
	buf_le32(out, magic);
	buf_le32(out, (uint32_t)content.n);
	buf_slice(out, content);
}

static void put_frame(struct buf *out, struct slice s, struct slice dict)
{
	ZSTD_CCtx *c = ZSTD_createCCtx();
	size_t room = ZSTD_compressBound(s.n), n;

	cr_assert(!ZSTD_isError(ZSTD_CCtx_loadDictionary(c, dict.p, dict.n)));
	n = ZSTD_compress2(c, buf_reserve(out, room), room, s.p, s.n);
	cr_assert(!ZSTD_isError(n));
	out->n += n;
	ZSTD_freeCCtx(c);
}

/* Reads bytes as a file and expects want, or with want NULL an error that holds the words. */
static void expect(struct buf *bytes, const struct buf *want, const char *words)
{
	int fd = memfd_create("zstd", 0);
	char path[40];
	struct buf got = { 0 };
	struct err e = { 0 };
	int r;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	cr_assert(write(fd, bytes->p, bytes->n) == (ssize_t)bytes->n);
	r = input_slurp(path, 100 * MIB, &got, &e);
	cr_expect((r == 0) == (want != NULL), "%s", e.text);
	if (want)
		cr_expect(slice_eq(buf_view(&got), buf_view(want)));
	else
		cr_expect(strstr(e.text, words), "%s", e.text);
	close(fd);
	buf_release(&got);
}

/* Frames of ten records, each compressed with dict, behind head. */
static struct buf file_of(struct buf *head, struct slice dict, struct buf *content)
{
	struct buf out = { 0 };

	buf_slice(&out, buf_view(head));
	content->n = 0;
	for (int i = 0; i < 10; i++) {
		size_t before = content->n;

		put_record(content, i);
		put_frame(&out, slice_skip(buf_view(content), before), dict);
	}
	return out;
}

Test(input_dictionary, is_taken_as_it_is_or_compressed)
{
	struct buf dict = dictionary(0), content = { 0 }, packed = { 0 };
	struct buf head = { 0 }, file;

	put_skippable(&head, FRAME_DICTIONARY_MAGIC, buf_view(&dict));
	file = file_of(&head, buf_view(&dict), &content);
	expect(&file, &content, NULL);
	buf_release(&file);

	put_frame(&packed, buf_view(&dict), (struct slice){ "", 0 });
	head.n = 0;
	put_skippable(&head, FRAME_DICTIONARY_MAGIC, buf_view(&packed));
	file = file_of(&head, buf_view(&dict), &content);
	expect(&file, &content, NULL);
	buf_release(&file);
	buf_release(&dict);
	buf_release(&content);
	buf_release(&packed);
	buf_release(&head);
}

Test(input_dictionary, holds_until_the_next_one)
{
	struct buf a = dictionary(0), b = dictionary(5000), content = { 0 }, all = { 0 };
	struct buf head = { 0 }, first, second;

	put_skippable(&head, FRAME_DICTIONARY_MAGIC, buf_view(&a));
	first = file_of(&head, buf_view(&a), &content);
	buf_slice(&all, buf_view(&content));
	head.n = 0;
	put_skippable(&head, FRAME_DICTIONARY_MAGIC, buf_view(&b));
	second = file_of(&head, buf_view(&b), &content);
	buf_slice(&all, buf_view(&content));
	buf_slice(&first, buf_view(&second));
	expect(&first, &all, NULL);
	buf_release(&a);
	buf_release(&b);
	buf_release(&content);
	buf_release(&all);
	buf_release(&head);
	buf_release(&first);
	buf_release(&second);
}

Test(input_dictionary, that_is_missing_or_damaged_is_an_error)
{
	struct buf dict = dictionary(0), content = { 0 }, head = { 0 }, file, packed = { 0 };

	file = file_of(&head, buf_view(&dict), &content);
	expect(&file, NULL, "byte");
	buf_release(&file);

	/* compressed bytes that are cut, or that hold no dictionary */
	put_frame(&packed, buf_view(&dict), (struct slice){ "", 0 });
	put_skippable(&head, FRAME_DICTIONARY_MAGIC, slice_head(buf_view(&packed), packed.n / 2));
	expect(&head, NULL, "byte 0: damaged zstd dictionary");
	head.n = packed.n = 0;
	put_frame(&packed, SLICE("text"), (struct slice){ "", 0 });
	put_skippable(&head, FRAME_DICTIONARY_MAGIC, buf_view(&packed));
	expect(&head, NULL, "byte 0: damaged zstd dictionary");
	buf_release(&dict);
	buf_release(&content);
	buf_release(&head);
	buf_release(&packed);
}

Test(input_dictionary, frames_of_others_are_passed_over_whatever_they_hold)
{
	struct buf content = { 0 }, head = { 0 }, file, noise = { 0 };

	for (int i = 0; i < 3000000; i++)
		buf_byte(&noise, (char)(i * 31 >> 3));
	put_skippable(&head, FRAME_DICTIONARY_MAGIC, SLICE("mine"));
	put_skippable(&head, 0x184D2A50, buf_view(&noise));
	put_skippable(&head, 0x184D2A5F, (struct slice){ "", 0 });
	file = file_of(&head, (struct slice){ "", 0 }, &content);
	expect(&file, &content, NULL);
	file.n = 1000000; /* inside the long one */
	expect(&file, NULL, "input ended early: inside a skippable frame");
	buf_release(&content);
	buf_release(&head);
	buf_release(&file);
	buf_release(&noise);
}
