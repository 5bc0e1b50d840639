/* The published patterns as scanners of 64 bytes at a time in plain C: eight bytes' classes are
 * turned into eight classes' bits, and pieces are found by pretok_window.h. A window ends where
 * ASCII does; pieces beyond are those of pretok_plain.c. */
#include "tokenizer/pretok_scan.h"
#include "tokenizer/pretok_window.h"

/* What is told of a byte, in a bit each: the first four are classes of ASCII; of the next four one
 * bit alone and both together are three things. */
enum {
	IS_UPPER = 1,
	IS_LOWER = 2,
	IS_NUMBER = 4,
	IS_HIGH = 8,
	IS_SPACE = 16,
	IS_NEWLINE = 32,
	IS_BLANK = IS_SPACE | IS_NEWLINE,
	IS_SIGN = 64,
	IS_APOSTROPHE = 128,
	IS_SLASH = IS_SIGN | IS_APOSTROPHE,
};

#define U IS_UPPER
#define L IS_LOWER
#define N IS_NUMBER
#define H IS_HIGH
#define S IS_SIGN
/* clang-format off */
static const uint8_t told[256] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, IS_SPACE, IS_NEWLINE, IS_SPACE, IS_SPACE, IS_NEWLINE, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	IS_BLANK, S, S, S, S, S, S, IS_APOSTROPHE, S, S, S, S, S, S, S, IS_SLASH,
	N, N, N, N, N, N, N, N, N, N, S, S, S, S, S, S,
	S, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U,
	U, U, U, U, U, U, U, U, U, U, U, S, S, S, S, S,
	S, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, S, S, S, S, 0,
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
};
/* clang-format on */
#undef U
#undef L
#undef N
#undef H
#undef S

/* Bit b of byte a becomes bit a of byte b: Warren, "Hacker's Delight", 7-3. */
ALWAYS_INLINE uint64_t turn(uint64_t x)
{
	uint64_t t = (x ^ x >> 7) & UINT64_C(0x00AA00AA00AA00AA);

	x ^= t ^ t << 7;
	t = (x ^ x >> 14) & UINT64_C(0x0000CCCC0000CCCC);
	x ^= t ^ t << 14;
	t = (x ^ x >> 28) & UINT64_C(0x00000000F0F0F0F0);
	return x ^ t ^ t << 28;
}

/* Byte b of word a becomes byte a of word b, the same way. */
ALWAYS_INLINE void turn_words(uint64_t x[8])
{
	for (unsigned i = 0; i < 4; i++) {
		uint64_t t = (x[i] >> 32 ^ x[i + 4]) & UINT64_C(0xFFFFFFFF);

		x[i] ^= t << 32;
		x[i + 4] ^= t;
	}
	for (unsigned k = 0; k < 4; k++) {
		unsigned i = k / 2 * 4 + k % 2;
		uint64_t t = (x[i] >> 16 ^ x[i + 2]) & UINT64_C(0x0000FFFF0000FFFF);

		x[i] ^= t << 16;
		x[i + 2] ^= t;
	}
	for (unsigned i = 0; i < 8; i += 2) {
		uint64_t t = (x[i] >> 8 ^ x[i + 1]) & UINT64_C(0x00FF00FF00FF00FF);

		x[i] ^= t << 8;
		x[i + 1] ^= t;
	}
}

/* The words of bits, in the order of the enum's. */
ALWAYS_INLINE void read_bytes(const unsigned char *p, uint64_t bits[8])
{
	for (size_t i = 0; i < 8; i++, p += 8) {
		uint64_t x = 0;

		for (unsigned k = 0; k < 8; k++)
			x |= (uint64_t)told[p[k]] << 8 * k;
		bits[i] = turn(x);
	}
	turn_words(bits);
}

/* The window on the ASCII at the front of text, of which left bytes remain. */
ALWAYS_INLINE struct window look(const unsigned char *text, size_t left)
{
	uint64_t known = left < 64 ? (UINT64_C(1) << left) - 1 : ~UINT64_C(0), bits[8];
	unsigned char copy[64] = { 0 };
	struct window w = { .text = text, .left = left };

	if (left < 64)
		memcpy(copy, text, left);
	read_bytes(left < 64 ? copy : text, bits);
	known &= bits[3] ? (bits[3] & -bits[3]) - 1 : known;
	w.known = known;
	w.upper = bits[0] & known;
	w.lower = bits[1] & known;
	w.letter = w.upper | w.lower;
	w.number = bits[2] & known;
	w.space = (bits[4] | bits[5]) & known;
	w.newline = bits[5] & ~bits[4] & known;
	w.blank = bits[4] & bits[5] & known;
	w.sign = (bits[6] | bits[7]) & known;
	w.apostrophe = bits[7] & ~bits[6] & known;
	w.slash = bits[6] & bits[7] & known;
	return w;
}

/* A window of less than eight bytes is not worth its while. */
ALWAYS_INLINE bool too_short(const unsigned char *text, size_t left)
{
	uint64_t word;

	if (left < sizeof(word))
		return true;
	memcpy(&word, text, sizeof(word));
	return word & UINT64_C(0x8080808080808080);
}

ALWAYS_INLINE size_t write_ends(uint32_t *ends, size_t at, uint64_t starts)
{
	size_t n = 0;

	for (; starts; starts &= starts - 1)
		ends[n++] = (uint32_t)(at + (unsigned)__builtin_ctzll(starts));
	return n;
}

#define SCANNER(name, judge) \
	size_t scan_##name##_swar( \
		const unsigned char *text, size_t at, size_t end, uint32_t *ends, size_t cap) \
	{ \
		size_t n = 0; \
\
		while (at < end && cap - n >= 64) { \
			struct window w; \
			uint64_t starts = 0; \
\
			if (!too_short(text + at, end - at)) { \
				w = look(text + at, end - at); \
				starts = judge & ~UINT64_C(1); \
			} \
			if (starts) \
				n += write_ends(ends + n, at, starts); \
			else \
				n += scan_##name##_plain(text, at, end, ends + n, 1); \
			at = ends[n - 1]; \
		} \
		return n ? n : scan_##name##_plain(text, at, end, ends, cap); \
	}

WINDOW_SCANNERS(SCANNER)
