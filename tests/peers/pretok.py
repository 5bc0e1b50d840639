#!/usr/bin/env python3
"""The scanners of pre-tokenisers beside the regular expressions of tokenizers (Oniguruma) and tiktoken
(Rust), which have the Unicode that published vocabularies are used with.

    tests/peers/pretok.py          corpus-tokenize on PATH

Every code point between letters, numbers, signs and spaces; random text of what patterns tell apart; the
patterns as the libraries have them.
"""
import json, random, subprocess, sys
import tiktoken
from tokenizers import Regex
from tokenizers.pre_tokenizers import Sequence, Split

CONTRACTIONS = r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)"""
REST = r""" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
CASED = r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+@|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*@|"""
CASED_REST = REST.replace(r'\n]*', r'\n/]*')
GPT2 = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
LLAMA3 = CONTRACTIONS + r"""|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|""" + REST
O200K = CASED.replace('@', CONTRACTIONS + '?') + r'\p{N}{1,3}|' + CASED_REST
ONIGURUMA = {
	'gpt2': [GPT2],
	'llama3': [LLAMA3],
	'qwen2': [LLAMA3.replace('{1,3}', '')],
	'o200k': [O200K],
	'tekken': [CASED.replace('@', '') + r'\p{N}|' + CASED_REST],
	'deepseek3': [r'\p{N}{1,3}', r'[一-龥぀-ゟ゠-ヿ]+',
	              r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""],
}
RUST = {
	'gpt2': r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s""",
	'cl100k': r"""'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s""",
	'llama3': LLAMA3,
	'o200k': O200K,
}
ATOMS = ["'s", "'S", "'ſ", "'t", "'ll", "'LL", "'lL", "'re", "'Ve", "'d", "'M", "'", "''", "'x", '’s', ' ', ' ', ' ', '  ', '\n', '\n', '\r\n', '\r', '\t',
         '\v', '\x85', '\xa0', '\u1680', '\u180e', '\u2003', '\u2028', '\u200b', '\u200d', '\u3000', '1', '12', '345', '6789', '٣', '²', 'Ⅻ', '𝟘', 'a', 'b', 's',
         'word', 'Z', 'AB', 'Camel', 'é', 'É', 'ǅ', 'ʰ', 'ı', 'ſ', '\u212a', '中', '中文', '龥', '龦', 'あ', 'ア', 'ー', '・', '\u3099', '゛', '\u3040', 'กำ', 'का',
         '\u0301', '\u0489', '\u20dd', '\ufe0f', '!', '.', '/', '//', '-', '_', '$', '{', '«', '。', '，', '€', '😀', '\U00020000', '\U000e0100', '\x01', '\x7f',
         '\xad', '\ufeff', '\ue000', '\u0378', '\U0010ffff', 'ß', 'ﬁ', 'ﬆ', 'ŉ', 'İ', '\0']
POINTS = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def random_text(r, most):
	kinds = [a for a in ATOMS if a.isascii()] if r.random() < 0.5 else ATOMS
	return ''.join(r.choice(POINTS) if r.random() < 0.05 else r.choice(kinds) for _ in range(r.randrange(1, most)))


def ours(name, texts):
	records = ''.join(json.dumps({'text': t}) + '\n' for t in texts)
	out = subprocess.run(['corpus-tokenize', 'split', '--pattern', name, '--plain'], input=records.encode(), capture_output=True, check=True).stdout
	# Frames that a reader skips stand around the lines.
	return [json.loads(line)['ends'] for line in out.decode(errors='replace').split('\n') if line.startswith('{"id"')]


def ends(pieces):
	at, out = 0, []
	for piece in pieces:
		at += len(piece)
		out.append(at)
	return out


def by_oniguruma(name):
	cut = Sequence([Split(Regex(p), 'isolated') for p in ONIGURUMA[name]])
	return lambda text: ends(piece.encode() for piece, _ in cut.pre_tokenize_str(text))


def by_rust(name):
	"""tiktoken gives ids, not pieces: with every stretch of the text a token, each id is a piece."""
	def cut(text):
		b = text.encode()
		ranks = {bytes([i]): i for i in range(256)}
		for i in range(len(b)):
			for j in range(i + 2, len(b) + 1):
				ranks.setdefault(b[i:j], len(ranks))
		e = tiktoken.Encoding('test', pat_str=RUST[name], mergeable_ranks=ranks, special_tokens={})
		return ends(e.decode_single_token_bytes(i) for i in e.encode_ordinary(text))
	return cut


def check(title, name, cut, texts):
	for text, got in zip(texts, ours(name, texts), strict=True):
		want = cut(text)
		if got != want:
			print(f'FAIL {title}, {name}: {text[:200]!r} is cut at {got[:20]}, not {want[:20]}')
			return False
	print(f'ok   {title}, {name}: {len(texts)} texts')
	return True


def main():
	r = random.Random(1)
	texts = [random_text(r, r.choice([8, 40, 300])) for _ in range(4000)]
	short = [t for t in (random_text(r, 14) for _ in range(1500)) if len(t.encode()) <= 48]
	points = [''.join(f'a{c}B {c}.{c}1{c}\n' for c in POINTS[i:i + 64]) for i in range(0, len(POINTS), 64)]
	results = [check('tokenizers', name, by_oniguruma(name), texts) for name in ONIGURUMA]
	results += [check('tokenizers on every code point', name, by_oniguruma(name), points) for name in ONIGURUMA]
	results += [check('tiktoken', name, by_rust(name), short) for name in RUST]
	print(f'{results.count(True)} passed, {results.count(False)} failed')
	sys.exit(not all(results))


main()
