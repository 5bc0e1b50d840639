#!/usr/bin/env python3
"""The text that pages carry as data, held against the text that readers marked.

    tests/peers/embedded.py               corpus-extract on PATH; see requirements.txt

Of each page of $CORPUS_SHARED/data/extract all that a reader would see is taken away: there remain its
head, scripts and data-preloaded attributes, as a browser gets them of a page that is built by scripts.
No main text could be found there before; what is found now must be the page's. Many pages carry a part
of their text alone, so that precision is what counts. The last line is "N passed, N failed[, N skipped]".
"""
import json, os, re, subprocess, sys, tempfile
from collections import Counter
from statistics import fmean

from fastwarc.warc import ArchiveIterator, WarcRecordType

SHARED = os.environ.get('CORPUS_SHARED', os.path.join(os.path.dirname(__file__), '../../../shared'))
DATA = os.path.join(SHARED, 'data/extract')
SETS = ['wcxb', 'trafilatura', 'readability', 'cleanportaleval']
WORD = re.compile(r'\w+')
KEPT = re.compile(r'(?is)<script\b.*?</script>|<[a-z-]+[^>]*\bdata-preloaded="[^"]*"[^>]*>')
counts = {True: 0, False: 0}


def check(what, right):
    counts[bool(right)] += 1
    print('ok  ' if right else 'FAIL', what)


def shell(page):
    body = re.search(r'(?i)<body|$', page).start()
    kept = ''.join(KEPT.findall(page[body:]))
    return f'{page[:body]}<body><div id=app></div>{kept}<p>You need to enable JavaScript to run this app.'


def pages():
    for name in SETS:
        for record in ArchiveIterator(open(f'{DATA}/{name}.warc.gz', 'rb'), record_types=WarcRecordType.response):
            yield record.record_id.strip('<>'), record.reader.read().decode('utf-8', 'surrogateescape')


def extracted(folder):
    """By record, those whose text was in their data."""
    for record, page in pages():
        name = os.path.join(folder, record.rsplit(':', 1)[1] + '.html')
        with open(name, 'w', encoding='utf-8', errors='surrogateescape') as file:
            file.write(shell(page))
    lines = subprocess.run(['corpus-extract', '-q', '--plain', folder], check=True, stdout=subprocess.PIPE).stdout
    records = [json.loads(line) for line in lines.splitlines()]
    return {f"urn:uuid:{os.path.basename(r['id'])[:-5]}": r for r in records if 'text_from' in r}


def share(of, among):
    """Of the words of one text, those that the other has too."""
    a, b = Counter(WORD.findall(of.lower())), Counter(WORD.findall(among.lower()))
    return sum((a & b).values()) / max(1, sum(a.values()))


def holds(text, segment):
    return ' '.join(segment.split()) in ' '.join(text.split())


def main():
    if not os.path.exists(f'{DATA}/wcxb.warc.gz'):
        print(f'skipped: no {DATA}/wcxb.warc.gz\n0 passed, 0 failed, 1 skipped')
        sys.exit()
    gold = subprocess.run(['zstd', '-dcq', f'{DATA}/gold.jsonl.zst'], check=True, stdout=subprocess.PIPE).stdout
    gold = {g['record']: g for g in map(json.loads, gold.splitlines())}
    with tempfile.TemporaryDirectory() as folder:
        found = extracted(folder)
    print('     found in', dict(Counter(r['text_from'] for r in found.values())))
    check(f'{len(found)} of {len(gold)} pages have a text in their data, at least 90', len(found) >= 90)
    whole = [(r['text'], gold[k]['text'], gold[k]['type']) for k, r in found.items() if 'text' in gold[k]]
    for kind, floor in (('article', .9), ('forum', .85), ('product', .65), ('service', .8)):
        rows = [(text, true) for text, true, its in whole if its == kind]
        precision, recall = fmean(share(t, g) for t, g in rows), fmean(share(g, t) for t, g in rows)
        check(f'{kind:<8} of {len(rows)} pages: words precise {precision:.3f}, at least {floor}; found {recall:.3f}',
              precision >= floor)
    parts = [(r['text'], gold[k]) for k, r in found.items() if 'with' in gold[k] and 'text' not in gold[k]]
    right = [holds(text, s) for text, g in parts for s in g['with']]
    wrong = [holds(text, s) for text, g in parts for s in g.get('without', [])]
    check(f'segments that must be there: {sum(right)} of {len(right)}, at least .6', sum(right) >= .6 * len(right))
    check(f'segments that must not: {sum(wrong)} of {len(wrong)}, at most .1', sum(wrong) <= .1 * len(wrong))


main()
print(f'{counts[True]} passed, {counts[False]} failed')
sys.exit(counts[False] != 0)
