#!/usr/bin/env python3
"""Compares the repeats that corpus-dedup substring --annotate tells with those of others.

    compare.py DOCS.jsonl.zst SUBSTRING_PEER FOLDER

The last line is "N passed, N failed".
"""
import collections, json, re, struct, subprocess, sys

passed = failed = 0


def check(name, good, detail=''):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print('FAIL %s %s' % (name, detail))


def documents(path, size):
    """The texts of the first documents, to size bytes of UTF-8; every fourth beyond them, to twice it."""
    out, n, i = [], 0, 0
    with subprocess.Popen(['zstd', '-dcq', path], stdout=subprocess.PIPE) as p:
        for line in p.stdout:
            i += 1
            if n > size / 2 and i % 4:
                continue
            out.append(json.loads(line)['text'])
            n += len(out[-1].encode())
            if n > size:
                p.kill()
                break
    return out


def ours(path, *options):
    """The spans of each text, in characters."""
    p = subprocess.run(['corpus-dedup', 'substring', '--annotate', '--plain', '-q', *options, path],
                       stdout=subprocess.PIPE, check=True)
    return [json.loads(line).get('substring_repeats', []) for line in p.stdout.splitlines()]


def in_characters(text, spans):
    """Of spans of bytes the whole characters."""
    data, out = text.encode(), []
    for a, b in spans:
        while a < b and data[a] & 0xC0 == 0x80:
            a += 1
        while a < b and b < len(data) and data[b] & 0xC0 == 0x80:
            b -= 1
        if a < b:
            out.append([len(data[:a].decode()), len(data[:b].decode())])
    return out


def different(texts, got, want):
    return sum(g != w for g, w in zip(got, want)) + abs(len(got) - len(want))


# --- the suffix array -----------------------------------------------------------------------------

def peer_spans(texts, peer, folder, length):
    with open(folder + '/documents', 'wb') as f:
        for t in texts:
            data = t.encode()
            f.write(struct.pack('<I', len(data)) + data)
    found = collections.defaultdict(list)
    p = subprocess.run([peer, folder + '/documents', str(length)], stdout=subprocess.PIPE, check=True)
    for line in p.stdout.splitlines():
        d, a, b = map(int, line.split())
        found[d].append((a, b))
    return [in_characters(t, found[i]) for i, t in enumerate(texts)]


# --- all windows ----------------------------------------------------------------------------------

def units_of(text, unit):
    """(what is compared, from, to) of each unit, the ends in bytes or characters of the text."""
    if unit == 'bytes':
        return [(b, i, i + 1) for i, b in enumerate(text.encode())]
    if unit == 'characters':
        return [(c, i, i + 1) for i, c in enumerate(text)]
    return [(m.group(), m.start(), m.end()) for m in re.finditer(r'\w+', text.lower())]


def windows(units, length):
    return [tuple(u[0] for u in units[i:i + length]) for i in range(len(units) - length + 1)]


def plain_spans(texts, unit, length, keep):
    units = [units_of(t, unit) for t in texts]
    count = collections.Counter(hash(w) for us in units for w in windows(us, length))
    seen, out = set(), []
    for us in units:
        spans = []
        for i, w in enumerate(windows(us, length)):
            if count[hash(w)] > 1 and (keep == 'none' or w in seen):
                a, b = us[i][1], us[i + length - 1][2]
                # Neighbours touch where a unit follows; a token ends before the next begins.
                if spans and i <= spans[-1][2]:
                    spans[-1][1:] = [b, i + length]
                else:
                    spans.append([a, b, i + length])
            if count[hash(w)] > 1:
                seen.add(w)
        out.append([s[:2] for s in spans])
    return out


def with_punctuation(text, spans):
    """What stands between a token and white space goes with it, unless a token does."""
    out = []
    for a, b in spans:
        before = re.search(r'(?:^|(?<=\s))[^\w\s]*\Z', text[:a])
        behind = re.match(r'[^\w\s]*(?=\s|\Z)', text[b:])
        out.append([before.start() if before else a, b + (behind.end() if behind else 0)])
    return out


def plain(texts, unit, length, keep):
    spans = plain_spans(texts, unit, length, keep)
    if unit == 'bytes':
        return [in_characters(t, s) for t, s in zip(texts, spans)]
    if unit == 'tokens':
        return [with_punctuation(t, s) for t, s in zip(texts, spans)]
    return spans


def write(path, texts):
    with open(path, 'w') as f:
        for t in texts:
            f.write(json.dumps({'text': t}) + '\n')


def main():
    docs, peer, folder = sys.argv[1:]
    path = folder + '/docs.jsonl'
    texts = documents(docs, 20e6)
    write(path, texts)
    want = peer_spans(texts, peer, folder, 100)
    for memory in ('1M', '64M', '1G'):
        got = ours(path, '--unit', 'bytes', '--keep', 'none', '--memory', memory)
        wrong = different(texts, got, want)
        check('suffix array, --memory ' + memory, wrong == 0, '%d of %d documents' % (wrong, len(texts)))
    print('%d documents, %d spans beside the suffix array' % (len(texts), sum(map(len, want))))

    texts = [t for t in documents(docs, 4e6) if len(t.lower()) == len(t)][::2]
    write(path, texts)
    n = 0
    for unit, length in (('bytes', 100), ('characters', 60), ('tokens', 50), ('tokens', 12)):
        for keep in ('first', 'none'):
            want = plain(texts, unit, length, keep)
            got = ours(path, '--unit', unit, '--length', str(length), '--keep', keep)
            wrong = different(texts, got, want)
            n += sum(map(len, want))
            check('%s %d %s' % (unit, length, keep), wrong == 0, '%d of %d' % (wrong, len(texts)))
    print('%d documents, %d spans beside all windows' % (len(texts), n))
    print('%d passed, %d failed' % (passed, failed))
    sys.exit(failed > 0)


main()
