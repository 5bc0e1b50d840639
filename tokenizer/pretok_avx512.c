/* The published patterns as scanners of 64 bytes at a time: the classes of ASCII by one look-up in
 * two registers, others one by one, and pieces by pretok_window.h. */
#include "tokenizer/pretok_scan.h"

#if defined(__x86_64__)

#include "tokenizer/pretok_class.h"
#include "tokenizer/pretok_window.h"

/* The classes that letters and marks come in. */
enum {
	CASELESS = CLASS_LETTER | CLASS_UPPER | CLASS_LOWER,
	UPPER = CLASS_LETTER | CLASS_UPPER,
	LOWER = CLASS_LETTER | CLASS_LOWER,
	MARK = CLASS_MARK | CLASS_UPPER | CLASS_LOWER,
};

ALWAYS_INLINE __m512i all(unsigned byte)
{
	return _mm512_set1_epi8((char)byte);
}

/* [\u4E00-\u9FA5\u3040-\u30FF] */
static uint64_t find_cjk(__m512i bytes)
{
	uint64_t e3 = _mm512_cmpeq_epi8_mask(bytes, all(0xE3));
	uint64_t e4 = _mm512_cmpeq_epi8_mask(bytes, all(0xE4));
	uint64_t e9 = _mm512_cmpeq_epi8_mask(bytes, all(0xE9));
	uint64_t e5_to_e8 =
		_mm512_cmple_epu8_mask(_mm512_sub_epi8(bytes, all(0xE5)), all(0xE8 - 0xE5));
	uint64_t kana = _mm512_cmple_epu8_mask(_mm512_sub_epi8(bytes, all(0x81)), all(2));
	uint64_t from_a6 = _mm512_cmpge_epu8_mask(bytes, all(0xA6));
	uint64_t from_b8 = _mm512_cmpge_epu8_mask(bytes, all(0xB8));
	uint64_t from_be = _mm512_cmpge_epu8_mask(bytes, all(0xBE));
	uint64_t bf = _mm512_cmpeq_epi8_mask(bytes, all(0xBF));
	uint64_t above = e9 & (bf >> 1 | (from_be >> 1 & from_a6 >> 2));
	uint64_t leads = (e3 & kana >> 1) | (e4 & from_b8 >> 1) | e5_to_e8 | (e9 & ~above);

	return leads | leads << 1 | leads << 2;
}

/* E5 to E9, EB and EC lead letters without case alone: U+5000 to U+9FFF and U+B000 to U+CFFF. */
ALWAYS_INLINE uint64_t caseless_leads(__m512i bytes)
{
	return _mm512_cmple_epu8_mask(_mm512_sub_epi8(bytes, all(0xE5)), all(0xEC - 0xE5)) &
		~_mm512_cmpeq_epi8_mask(bytes, all(0xEA));
}

/* Where code points beyond ASCII begin. One that the window cuts is not known. */
static void find_leads(struct window *w, __m512i bytes)
{
	uint64_t from2 = _mm512_cmpge_epu8_mask(bytes, all(0xC0));
	uint64_t from3 = _mm512_cmpge_epu8_mask(bytes, all(0xE0));
	uint64_t from4 = _mm512_cmpge_epu8_mask(bytes, all(0xF0));
	uint64_t cut = (from2 & ~(w->known >> 1)) | (from3 & ~(w->known >> 2)) |
		(from4 & ~(w->known >> 3));

	if (cut)
		w->known &= (cut & -cut) - 1;
	w->lead2 = from2 & ~from3 & w->known;
	w->lead3 = from3 & ~from4 & w->known;
	w->lead4 = from4 & w->known;
}

/* Takes out what is behind a code point that the window cuts. */
ALWAYS_INLINE void keep_known(struct window *w)
{
	w->letter &= w->known;
	w->number &= w->known;
	w->space &= w->known;
	w->newline &= w->known;
	w->upper &= w->known;
	w->lower &= w->known;
	w->sign &= w->known;
	w->high &= w->known;
}

/* Adds what is beyond ASCII. */
ALWAYS_INLINE void add_high(struct window *w)
{
	uint64_t by_class[CLASS_SIGN + 1]; /* of it only what is set here is used */
	__m512i bytes = _mm512_maskz_loadu_epi8(w->known, w->text);
	uint64_t leads, caseless;

	find_leads(w, bytes);
	leads = w->lead2 | w->lead3 | w->lead4;
	caseless = caseless_leads(bytes) & leads;
	by_class[CASELESS] = caseless | caseless << 1 | caseless << 2;
	by_class[UPPER] = by_class[LOWER] = by_class[MARK] = by_class[0] = 0;
	by_class[CLASS_NUMBER] = by_class[CLASS_SPACE] = by_class[CLASS_SIGN] = 0;
	for (leads &= ~caseless; leads; leads &= leads - 1) {
		unsigned at = (unsigned)__builtin_ctzll(leads);
		size_t n;
		unsigned class = class_at(w->text + at, &n);

		by_class[class] |= ((UINT64_C(1) << n) - 1) << at;
	}
	w->letter |= by_class[CASELESS] | by_class[UPPER] | by_class[LOWER];
	w->upper |= by_class[CASELESS] | by_class[UPPER] | by_class[MARK];
	w->lower |= by_class[CASELESS] | by_class[LOWER] | by_class[MARK];
	w->mark = by_class[MARK];
	w->number |= by_class[CLASS_NUMBER];
	w->space |= by_class[CLASS_SPACE];
	w->sign |= by_class[CLASS_SIGN];
	w->cjk = find_cjk(bytes) & w->known;
	keep_known(w);
}

/* The window on what begins at text, of which left bytes remain: without what is beyond ASCII. */
ALWAYS_INLINE struct window look(const unsigned char *text, size_t left)
{
	uint64_t known = left < 64 ? (UINT64_C(1) << left) - 1 : ~UINT64_C(0);
	__m512i bytes = _mm512_maskz_loadu_epi8(known, text);
	__m512i class = _mm512_maskz_permutex2var_epi8(~_mm512_movepi8_mask(bytes),
		_mm512_loadu_si512(class_blocks[0]), bytes,
		_mm512_loadu_si512(class_blocks[0] + 64));

	return (struct window){
		.text = text,
		.left = left,
		.known = known,
		.letter = _mm512_test_epi8_mask(class, all(CLASS_LETTER)),
		.number = _mm512_test_epi8_mask(class, all(CLASS_NUMBER)),
		.space = _mm512_test_epi8_mask(class, all(CLASS_SPACE)),
		.newline = _mm512_test_epi8_mask(class, all(CLASS_NEWLINE)),
		.upper = _mm512_test_epi8_mask(class, all(CLASS_UPPER)),
		.lower = _mm512_test_epi8_mask(class, all(CLASS_LOWER)),
		.sign = _mm512_test_epi8_mask(class, all(CLASS_SIGN)),
		.blank = _mm512_cmpeq_epi8_mask(bytes, all(' ')),
		.apostrophe = _mm512_cmpeq_epi8_mask(bytes, all('\'')),
		.slash = _mm512_cmpeq_epi8_mask(bytes, all('/')),
		.high = _mm512_movepi8_mask(bytes),
	};
}

/* Writes at plus the number of each bit that is set, and maybe more, up to 64 in all. */
ALWAYS_INLINE size_t write_ends(uint32_t *ends, size_t at, uint64_t starts)
{
	static const uint8_t numbers[64] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
		16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36,
		37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57,
		58, 59, 60, 61, 62, 63 };
	size_t n = (size_t)__builtin_popcountll(starts), i = 0;
	__m512i places = _mm512_maskz_compress_epi8(starts, _mm512_loadu_si512(numbers));
	__m512i base = _mm512_set1_epi32((int)at);

	/* Two of sixteen at once: one is not enough for a third of the windows of code. */
	do {
		__m512i first = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(places));
		__m512i second = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(places, 1));

		_mm512_storeu_si512(ends + i, _mm512_add_epi32(base, first));
		_mm512_storeu_si512(ends + i + 16, _mm512_add_epi32(base, second));
		places = _mm512_alignr_epi64(places, places, 4);
		i += 32;
	} while (i < n);
	return n;
}

/* The words of a window that is ASCII stay in registers; others have a function of their own. */
#define SCANNER(name, judge) \
	static __attribute__((noinline)) \
	uint64_t judge_##name(const unsigned char *text, size_t left) \
	{ \
		struct window w = look(text, left); \
\
		add_high(&w); \
		return judge; \
	} \
\
	size_t scan_##name##_avx512( \
		const unsigned char *text, size_t at, size_t end, uint32_t *ends, size_t cap) \
	{ \
		size_t n = 0; \
\
		while (at < end && cap - n >= 64) { \
			struct window w = look(text + at, end - at); \
			uint64_t starts = w.high ? judge_##name(text + at, end - at) : judge; \
\
			starts &= ~UINT64_C(1); \
			if (starts) { \
				n += write_ends(ends + n, at, starts); \
				at += 63u - (unsigned)__builtin_clzll(starts); \
			} else { \
				n += scan_##name##_plain(text, at, end, ends + n, 1); \
				at = ends[n - 1]; \
			} \
		} \
		return n ? n : scan_##name##_plain(text, at, end, ends, cap); \
	}

WINDOW_SCANNERS(SCANNER)

#endif
