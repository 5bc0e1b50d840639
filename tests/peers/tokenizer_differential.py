#!/usr/bin/env python3
"""corpus-tokenize beside tiktoken and Hugging Face tokenizers on mixed text: no id differs.

    tests/peers/tokenizer_differential.py [MB [VOCABULARY ...]]        10 MB and all six, in make check-peers
    make check-tokenizers                                              200 MB, some ten minutes

Six vocabularies, as package registries ship them: r50k (GPT-2's too, from its two files), cl100k, o200k,
llama3, qwen3 and deepseek_v3; a .tiktoken file's ids are tiktoken's, a tokenizer.json's are tokenizers', and
cl100k and o200k are compared in both forms. The text: English, code, Chinese, Arabic, Thai and 130 other
languages of $CORPUS_SHARED, then emoji, white space, random Unicode and every code point in turn, made here.
Special tokens are text: tokenizers has no switch for it and gets a copy without them, as make_cases.py does.

What engines know of Unicode differs by version (fancy-regex in tiktoken, Oniguruma in tokenizers). Ours must
give what the file's own library gives; where the two disagree on the same vocabulary that is counted and
printed, apart. Then texts and random bytes are encoded and decoded again. The last line is
"N passed, N failed[, N skipped]".
"""
import collections, itertools, json, os, random, subprocess, sys, unicodedata

import tiktoken, tiktoken.load, tokenizers, zstandard

SHARED = os.environ.get('CORPUS_SHARED', os.path.join(os.path.dirname(__file__), '../../../shared'))
VOCABS = os.environ.get('CORPUS_VOCABS', 'build/vocabs')
BATCH = 8_000_000
GPT2 = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
CL100K = r"""'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"""
O200K = '|'.join([
    r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
    r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
    r"""\p{N}{1,3}""", r""" ?[^\s\p{L}\p{N}]+[\r\n/]*""", r"""\s*[\r\n]+""", r"""\s+(?!\S)""", r"""\s+"""])
passed = failed = skipped = 0


def check(name, good):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print('FAIL', name)


# --- text -----------------------------------------------------------------------------------------

def lines(path):
    with open(os.path.join(SHARED, 'data', path), 'rb') as f:
        data = zstandard.ZstdDecompressor(max_window_size=2**31).stream_reader(f, read_across_frames=True)
        rest = b''
        while chunk := data.read(1 << 20):
            *whole, rest = (rest + chunk).split(b'\n')
            yield from map(json.loads, whole)


def documents(wanted):
    return (o['text'] for o in lines('dedup/docs.jsonl.zst') if (o['lang'] == 'code') == (wanted == 'code'))


def language(wanted):
    """The sentences of some languages, in the order of the file, joined to documents at random."""
    r, some = random.Random(1), []
    for o in lines('langid/train.jsonl.zst'):
        if o['lang'] in wanted if wanted else o['lang'] not in ('zh-Hans', 'zh-Hant', 'ar', 'fa', 'ur', 'th'):
            some.append(o['text'])
            if r.random() < 0.05:
                yield r.choice(['\n', ' ', '\n\n', '  ']).join(some)
                some = []


EMOJI = [p for p in itertools.chain(range(0x1F300, 0x1FB00), range(0x2600, 0x27C0), range(0x1F1E6, 0x1F200))]
SPACES = [c for c in map(chr, range(0x3001)) if c.isspace() or unicodedata.category(c) in ('Zs', 'Zl', 'Zp')]


def emoji(r):
    parts = [lambda: chr(r.choice(EMOJI)), lambda: chr(r.choice(EMOJI)) + '\u200d' + chr(r.choice(EMOJI)), lambda: chr(r.choice(EMOJI)) + chr(0x1F3FB + r.randrange(5)),
             lambda: chr(r.choice(EMOJI)) + '\ufe0f', lambda: r.choice('0123456789#*') + '\ufe0f\u20e3', lambda: r.choice(['lol', 'ok', "don't", '!!', '...', '\n']), lambda: ' ']
    return ''.join(r.choice(parts)() for _ in range(r.randint(1, 400)))


def white_space(r):
    parts = [lambda: r.choice(SPACES) * r.choice([1, 1, 1, 2, 3, 4, 8, r.randint(1, 100)]), lambda: r.choice(['\n', '\r\n', '\t', ' ', '    ', '\n\n']), lambda: r.choice(['a', 'B', '1', '.', '/', "'s", '中', '//\n', 'word'])]
    return ''.join(r.choice(parts)() for _ in range(r.randint(1, 300)))


def mixture(r):
    """Words, numbers and signs of all scripts at random, of the code points that Python knows."""
    parts = [lambda: ''.join(r.choices(ASSIGNED, k=r.randint(1, 8))), lambda: ''.join(r.choices('etaoinshrdluETAOIN', k=r.randint(1, 9))), lambda: str(r.randint(0, 10 ** r.randint(1, 9))),
             lambda: r.choice([' ', '  ', '\n', '\n\n', '\t', '\r\n', '\u00a0', '   \n', '\u3000']), lambda: r.choice(["'s", "'ll", "'", "'RE", "\u2019s", "'\u017f", '...', '--', '"', '<|endoftext|>', '/\r\n']),
             lambda: chr(r.randrange(0x4E00, 0x9FFF)) * r.randint(1, 3), lambda: chr(r.randrange(0xE01, 0xE5B)), lambda: chr(r.randrange(0x620, 0x6D4)), lambda: ' ']
    return ''.join(r.choice(parts)() for _ in range(r.randint(0, 300)))


ASSIGNED = [chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) not in ('Cn', 'Cs', 'Co')]


def any_points(r):
    return ''.join(chr(c) for c in (r.randrange(0x110000) if r.random() < 0.5 else r.randrange(0x3000) for _ in range(r.randint(1, 300))) if not 0xD800 <= c < 0xE000)


def without_a_space(r):
    letters = r.choice(['ab', 'abcdefghijklmnopqrstuvwxyz', 'aA', 'etaoin', '的一是不了在人有我他', '0123456789', 'ไทยกขคง'])
    return ''.join(r.choices(letters, k=r.choice([20, 100, 1000, 20000])))


def each_point(step):
    """Every code point, or every step-th, between letters, at a word's beginning, among digits and signs."""
    points = [chr(c) for c in range(0, 0x110000, step) if not 0xD800 <= c < 0xE000 and not 0xE1000 < c < 0x10FF00]
    for i in range(0, len(points), 64):
        yield ''.join('a%sB %s1%s.%s\n' % (c, c, c, c) for c in points[i:i + 64])


def made(kind, seed):
    r = random.Random(seed)
    while True:
        yield kind(r)


def parts(mb):
    """(name, texts, share of the whole). What ends early leaves the rest smaller."""
    if os.path.exists(os.path.join(SHARED, 'data/langid/train.jsonl.zst')):
        yield 'English', documents('en'), 0.13
        yield 'code', documents('code'), 0.25
        yield 'Chinese', language({'zh-Hans', 'zh-Hant'}), 0.01
        yield 'Arabic, Persian, Urdu', language({'ar', 'fa', 'ur'}), 0.01
        yield 'Thai', language({'th'}), 0.01
        yield 'other languages', language(None), 0.24
    yield 'emoji', made(emoji, 2), 0.05
    yield 'white space', made(white_space, 3), 0.05
    yield 'mixture of scripts', made(mixture, 4), 0.15
    yield 'any code points', made(any_points, 5), 0.05
    yield 'without a space', made(without_a_space, 6), 0.05
    yield 'each code point', each_point(1 if mb >= 50 else 13), 1


def all_texts(mb):
    """(part, text), each part up to its share."""
    for part, texts, share in parts(mb):
        left = share * mb * 1e6
        for t in texts:
            t = t.encode('utf-8', 'replace').decode()
            left -= len(t.encode())
            if left < 0:
                break
            yield part, t


def batches(mb):
    """Lists of (part, text) of some 8 MB: a vocabulary is loaded once for each."""
    some, n = [], 0
    for part, t in all_texts(mb):
        some.append((part, t))
        n += len(t.encode())
        if n > BATCH:
            yield some
            some, n = [], 0
    yield some


# --- the libraries --------------------------------------------------------------------------------

def by_tiktoken(file, pattern):
    ranks = tiktoken.load.load_tiktoken_bpe(os.path.join(VOCABS, file))
    e = tiktoken.Encoding(file, pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    return lambda texts: e.encode_ordinary_batch(texts, num_threads=2)


def by_tokenizers(file, merges=None):
    path = os.path.join(VOCABS, file)
    if merges:
        t = tokenizers.Tokenizer(tokenizers.models.BPE.from_file(path, os.path.join(VOCABS, merges)))
        t.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    else:
        with open(path, encoding='utf-8') as f:
            d = json.load(f)
        d['added_tokens'] = []
        d['post_processor'] = None
        t = tokenizers.Tokenizer.from_str(json.dumps(d))
    return lambda texts: [e.ids for e in t.encode_batch_fast(texts, add_special_tokens=False)]


def form(file, library, *more):
    """A file, how ours is told of it, and the library whose ids it must give."""
    args = ['--vocab', os.path.join(VOCABS, file)]
    if library is by_tokenizers and more:
        args += ['--merges', os.path.join(VOCABS, more[0])]
    return file, args, library, more


# Forms of one vocabulary stand together: their libraries must agree with each other, or are counted.
VOCABULARIES = {
    'r50k': [form('r50k_base.tiktoken', by_tiktoken, GPT2), form('gpt2.vocab.json', by_tokenizers, 'gpt2.merges.txt')],
    'cl100k': [form('cl100k_base.tiktoken', by_tiktoken, CL100K), form('cl100k_base.json', by_tokenizers)],
    'o200k': [form('o200k_base.tiktoken', by_tiktoken, O200K), form('o200k_base.json', by_tokenizers)],
    'llama3': [form('llama3.json', by_tokenizers)],
    'qwen3': [form('qwen3.json', by_tokenizers)],
    'deepseek_v3': [form('deepseek_v3.json', by_tokenizers)],
}


def ours(args, texts):
    records = ''.join(json.dumps({'id': str(i), 'text': t}, ensure_ascii=False) + '\n' for i, t in enumerate(texts))
    p = subprocess.run(['corpus-tokenize', 'encode', '-q', '--to', 'jsonl', '--plain', *args], input=records.encode(), stdout=subprocess.PIPE)
    return [json.loads(l)['ids'] for l in p.stdout.splitlines()] if p.returncode == 0 else []


def place(text, want, got):
    """Where two lists of ids part, in words."""
    i = next((i for i, (a, b) in enumerate(zip(want, got)) if a != b), min(len(want), len(got)))
    return 'id %d: %s, ours %s, of %r' % (i, want[max(0, i - 2):i + 4], got[max(0, i - 2):i + 4], text[:60])


class Form:
    """A file of a vocabulary beside the library whose ids it must give: what was compared, what differs."""

    def __init__(self, file, args, library, more):
        self.file, self.args, self.theirs = file, args, library(file, *more)
        self.texts, self.wrong, self.first = 0, 0, ''

    def add(self, batch):
        """The library's answers."""
        texts = [t for _, t in batch]
        want = self.theirs(texts)
        got = [] if self.first.startswith('no answer') else ours(self.args, texts)
        self.texts += len(texts)
        if len(want) != len(got):
            self.wrong += len(texts)
            self.first = 'no answer: %d to %d texts' % (len(got), len(texts))
            return want
        for (part, t), a, b in zip(batch, want, got):
            if a != b:
                self.wrong += 1
                self.first = self.first or '%s: %s' % (part, place(t, a, b))
        return want


class Vocabulary:
    def __init__(self, name):
        self.name, self.forms, self.apart, self.first = name, [Form(*f) for f in VOCABULARIES[name]], 0, ''

    def add(self, batch):
        wants = [f.add(batch) for f in self.forms]
        for (part, t), a, b in zip(batch, wants[0], wants[-1]):
            if a != b:
                self.apart += 1
                self.first = self.first or '%s: %s' % (part, place(t, a, b).replace('ours', 'tokenizers'))

    def report(self):
        for f in self.forms:
            check('%s: %d of %d texts differ; %s' % (f.file, f.wrong, f.texts, f.first), f.texts and not f.wrong)
        if self.apart:
            print('%s: tiktoken and tokenizers disagree on %d texts; %s' % (self.name, self.apart, self.first))


def differential(mb, names):
    some = [Vocabulary(n) for n in names]
    sizes, counts = collections.Counter(), collections.Counter()
    for batch in batches(mb):
        for v in some:
            v.add(batch)
        for part, t in batch:
            sizes[part] += len(t.encode())
            counts[part] += 1
        print('%.0f MB, %d texts that differ' % (sum(sizes.values()) / 1e6, sum(f.wrong for v in some for f in v.forms)), flush=True)
    print(', '.join('%s %.1f MB in %d texts' % (part, sizes[part] / 1e6, counts[part]) for part in sizes))
    for v in some:
        v.report()


# --- main -----------------------------------------------------------------------------------------

def vocabularies_there():
    """Fetched once, of the versions and with the digests that the script knows."""
    fetch = os.path.join(SHARED, 'data/tokenizer/get_vocabs.sh')
    if not os.path.exists(fetch):
        return False
    names = {f[0] for forms in VOCABULARIES.values() for f in forms} | {'gpt2.merges.txt'}
    subprocess.run([fetch, VOCABS, *sorted(names)], check=True, stdout=subprocess.DEVNULL)
    return True


def main():
    global skipped
    mb = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    names = sys.argv[2:] or list(VOCABULARIES)
    print('tiktoken %s, tokenizers %s, Unicode %s here' % (tiktoken.__version__, tokenizers.__version__, unicodedata.unidata_version))
    if vocabularies_there():
        differential(mb, names)
    else:
        print('skipped: no %s/data/tokenizer' % SHARED)
        skipped += len(names)
    print('%d passed, %d failed' % (passed, failed) + (', %d skipped' % skipped if skipped else ''))
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
