#!/usr/bin/env python3
"""corpus-extract's title, author and date beside those of trafilatura and htmldate, on the same pages.

    tests/peers/metadata.py               corpus-extract on PATH; see requirements.txt

The pages and what is right of them are $CORPUS_SHARED/data/extract, scored as its score.py does: a title
by a token F1 of .8, an author by one of .6, a date by the day. Every page is counted, and a second time
those of one half by the hash of their address: rules were written on the other half, and of this one
a dozen wrong dates alone were looked at.
Ours must be right more often than trafilatura's on each set and fact. The last line is
"N passed, N failed[, N skipped]".
"""
import collections, gzip, hashlib, json, os, re, subprocess, sys, time

SHARED = os.environ.get('CORPUS_SHARED', os.path.join(os.path.dirname(__file__), '../../../shared'))
DATA = os.path.join(SHARED, 'data/extract')
SETS = ['wcxb', 'trafilatura']
FACTS = ['title', 'author', 'date']
WORD = re.compile(r'\w+')


def f1(gold, found):
    a, b = (collections.Counter(WORD.findall(str(x).lower())) for x in (gold, found))
    shared = sum((a & b).values())
    return 2 * shared / (sum(a.values()) + sum(b.values())) if shared else 0


def right(fact, gold, found):
    if not found:
        return False
    if fact == 'date':
        return str(found)[:10] == str(gold)[:10]
    return f1(gold, found) >= (.8 if fact == 'title' else .6)


def in_second_half(gold):
    return hashlib.md5(gold['url'].encode()).digest()[0] & 1


def read_gold():
    text = subprocess.run(['zstd', '-dcq', DATA + '/gold.jsonl.zst'], stdout=subprocess.PIPE, check=True).stdout
    rows = [json.loads(line) for line in text.decode().split('\n') if line.strip()]
    return {g['record']: g for g in rows if g['dataset'] in SETS}


def pages(name):
    """WARC-Record-ID and HTTP body of each response."""
    data, at = gzip.open(f'{DATA}/{name}.warc.gz').read(), 0
    while (end := data.find(b'\r\n\r\n', at)) >= 0:
        head = data[at:end].decode('utf-8', 'replace')
        length = int(re.search(r'(?i)^content-length: *(\d+)', head, re.M)[1])
        block = data[end + 4:end + 4 + length]
        record = re.search(r'(?i)^warc-record-id: *<(.*?)>', head, re.M)
        if record and b'\r\n\r\n' in block:
            yield record[1], block.split(b'\r\n\r\n', 1)[1]
        at = end + 4 + length + 4


def ours(gold):
    files = [f'{DATA}/{name}.warc.gz' for name in SETS]
    run = subprocess.run(['corpus-extract', '--plain', '--min-text', '0', *files], stdout=subprocess.PIPE, check=True)
    out = {}
    for line in run.stdout.decode().split('\n'):
        if line:
            r = json.loads(line)
            out[r['id'].strip('<>')] = dict(title=r.get('title'), author=r.get('author'), date=r.get('published'))
    return out


def theirs(gold):
    import trafilatura.metadata
    out = {}
    for name in SETS:
        for record, body in pages(name):
            g = gold.get(record)
            if not g:
                continue
            try:
                m = trafilatura.metadata.extract_metadata(body, default_url=g['url'])
                out[record] = {f: getattr(m, f) for f in FACTS}
            except Exception as e:          # a page that it cannot read counts as one without facts
                print('  trafilatura on %s: %s' % (g['id'], e), file=sys.stderr)
    return out


def score(gold, out, second_half):
    n, good = collections.Counter(), collections.Counter()
    for record, g in gold.items():
        for fact in FACTS:
            if g.get(fact) and (not second_half or in_second_half(g)):
                n[g['dataset'], fact] += 1
                good[g['dataset'], fact] += right(fact, g[fact], out.get(record, {}).get(fact))
    return {key: good[key] / n[key] for key in n}


def main():
    if not os.path.exists(DATA + '/gold.jsonl.zst'):
        print('skipped: no pages in %s' % DATA)
        print('0 passed, 0 failed, 1 skipped')
        return 0
    gold = read_gold()
    results = {}
    for name, run in (('corpus-extract', ours), ('trafilatura', theirs)):
        begin = time.process_time(), os.times().children_user
        results[name] = run(gold)
        spent = time.process_time() - begin[0] + os.times().children_user - begin[1]
        print('%-15s %.1f s of CPU, all of it for ours, metadata alone for theirs' % (name, spent))
    passed = failed = 0
    for half in (False, True):
        scores = {name: score(gold, out, half) for name, out in results.items()}
        for key in sorted(scores['corpus-extract']):
            a, b = scores['corpus-extract'][key], scores['trafilatura'][key]
            good = half or a > b            # the half is printed, and too small to be judged by
            passed, failed = passed + (good and not half), failed + (not good)
            print('%s %-12s %-7s ours %.3f theirs %.3f%s' % ('ok  ' if good else 'FAIL', *key, a, b,
                                                              ' (second half)' if half else ''))
    print('%d passed, %d failed' % (passed, failed))
    return failed != 0


sys.exit(main())
