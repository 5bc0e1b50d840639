#!/usr/bin/env python3
"""corpus-mix and corpus-dedup exact beside the rules of their man pages, written again in Python.

    tests/peers/mix_dedup.py           corpus-mix, corpus-dedup on PATH; see requirements.txt (xxhash)

The documents are made up by a seed. The last line is "N passed, N failed".
"""
import glob, json, math, os, random, re, subprocess, sys, tempfile, unicodedata

import xxhash

passed = failed = 0


def check(name, good, detail=''):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print('FAIL %s %s' % (name, detail))


def run(*args):
    p = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if p.returncode:
        sys.exit('%s: exit status %d: %s' % (' '.join(args), p.returncode, p.stderr.decode()))
    return p.stdout


def as_line(doc):
    return json.dumps(doc, ensure_ascii=False, separators=(',', ':'))


def write(path, docs):
    with open(path, 'w') as f:
        for d in docs:
            f.write(as_line(d) + '\n')


def read(path):
    with open(path) as f:
        return [json.loads(line) for line in f]


# --- mix ----------------------------------------------------------------------------------------

def made_up(r, source, n):
    return [{'id': '%s-%d%s' % (source[0], i, r.choice(['', 'é', '/x'])), 'text': 'w ' * r.randint(1, 300),
             'token_count': r.randint(1, 500)} for i in range(n)]


def expected_mix(docs, weights, total, seed, unit):
    """The lines in order, and the epochs, by the rules of corpus-mix(1)."""
    size = {'tokens': lambda d: d['token_count'], 'documents': lambda d: 1,
            'bytes': lambda d: len(d['text'].encode())}[unit]
    sizes = {s: sum(map(size, docs[s])) for s in docs}
    share = {s: weights[s][0] / sum(w for w, _ in weights.values()) for s in docs}
    if total is None:
        total = min(weights[s][1] * sizes[s] / share[s] for s in docs)
    keyed, epochs = [], {}
    for s in docs:
        e = share[s] * total / sizes[s]
        if abs(e - weights[s][1]) <= 1e-9 * e:
            e = weights[s][1]
        epochs[s] = e
        for d in docs[s]:
            id = d['id'].encode()
            copies = math.floor(e) + (xxhash.xxh3_64_intdigest(id, seed) < int((e - math.floor(e)) * 2.0 ** 64))
            line = xxhash.xxh3_64_intdigest(as_line(d).encode()).to_bytes(8, 'little')
            for c in range(copies):
                key = s.encode() + b'\0' + id + b'\0' + c.to_bytes(4, 'little') + line
                keyed.append((xxhash.xxh3_128_intdigest(key, seed), dict(d, source=s)))
    keyed.sort(key=lambda k: k[0])
    return [d for _, d in keyed], epochs


def cut(lines, n):
    """Shards: the line that begins at byte b goes to shard b * n / all bytes."""
    sizes = [len(as_line(d).encode()) + 1 for d in lines]
    shards, at = [[] for _ in range(n)], 0
    for d, size in zip(lines, sizes):
        shards[at * n // sum(sizes)].append(d)
        at += size
    return shards


def mix_case(name, counts, weights, total, seed, unit, shards):
    r = random.Random(name)
    docs = {s: made_up(r, s, n) for s, n in counts.items()}
    with tempfile.TemporaryDirectory() as folder:
        recipe = os.path.join(folder, 'recipe.yaml')
        with open(recipe, 'w') as f:
            f.write('seed: %d\nunit: %s\nsources:\n' % (seed, unit))
            for s, (w, most) in weights.items():
                f.write('  %s: {weight: %r, max_epochs: %r}\n' % (s, w, most))
        operands = []
        for s in docs:
            path = os.path.join(folder, s + '.jsonl')
            write(path, docs[s])
            operands.append('%s=%s' % (s, path))
        out = os.path.join(folder, 'mix')
        run('corpus-mix', '-q', '--plain', '--recipe', recipe, '-o', out, '--shards', str(shards),
            *(['--total', repr(total)] if total else []), *operands)
        want, epochs = expected_mix(docs, weights, total, seed, unit)
        got = [read(p) for p in sorted(glob.glob(out + '/train-*.jsonl'))]
        with open(out + '/manifest.json') as f:
            manifest = json.load(f)
    check(name + ' lines', sum(got, []) == want, '%d and %d' % (len(sum(got, [])), len(want)))
    check(name + ' shards', got == cut(want, shards))
    check(name + ' epochs', all(math.isclose(manifest['sources'][s]['epochs'], epochs[s], rel_tol=1e-12) for s in docs))
    check(name + ' tokens', manifest['tokens'] == sum(d['token_count'] for d in want))
    for shard, lines in zip(manifest['shards'], got):
        n = {s: sum(d['source'] == s for d in lines) for s in docs}
        check(name + ' manifest ' + shard['file'], shard['sources'] == n and shard['documents'] == len(lines))


# --- dedup exact --------------------------------------------------------------------------------

# The property White_Space; str.isspace also takes U+001C to U+001F.
SPACE = re.compile('[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+')


def fold(text):
    """NFKC_Casefold as the Unicode standard defines it (D145), for text without ignorable code points."""
    while True:
        new = unicodedata.normalize('NFKC', unicodedata.normalize('NFD', text).casefold())
        if new == text:
            return text
        text = new


FORMS = {'none': lambda t: t, 'space': lambda t: SPACE.sub(' ', t).strip(' '),
         'fold': lambda t: SPACE.sub(' ', fold(t)).strip(' ')}


def dedup_cases():
    r = random.Random(7)
    parts = ['a', 'A', 'b', ' ', '  ', '\n', '\u00a0', '\u3000', 'ß', 'ss', 'ﬁ', 'fi', 'é', 'e\u0301', 'Å', 'Ⅷ', 'viii', '\x1f', '“']
    docs = [{'id': str(i), 'text': ''.join(r.choices(parts, k=r.randint(0, 4)))} for i in range(20000)]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'in.jsonl')
        write(path, docs)
        for name, form in FORMS.items():
            seen, want = set(), []
            for d in docs:
                text = form(d['text'])
                if text not in seen:
                    seen.add(text)
                    want.append(d)
            for memory in '1G', '1M':
                out = os.path.join(folder, 'out.jsonl')
                run('corpus-dedup', 'exact', '-q', '--normalise', name, '--memory', memory, path, '-o', out)
                check('dedup exact %s %s' % (name, memory), read(out) == want, str(len(want)))


mix_case('weights', {'web': 3000, 'books': 300, 'wiki': 100}, {'web': (60, 1), 'books': (25, 3), 'wiki': (16, 4)},
         None, 3, 'tokens', 4)
mix_case('total', {'web': 2000, 'books': 500}, {'web': (1, 1), 'books': (3, 10)}, 400000, 12345678901234567890, 'tokens', 7)
mix_case('bytes', {'web': 800, 'books': 500}, {'web': (0.5, 1), 'books': (0.5, 2.5)}, None, 0, 'bytes', 1)
mix_case('documents', {'web': 10, 'books': 2}, {'web': (90, 2), 'books': (10, 2)}, 9, 1, 'documents', 20)
dedup_cases()
print('%d passed, %d failed' % (passed, failed))
sys.exit(failed > 0)
