#!/usr/bin/env python3
"""corpus-extract's main text beside that of resiliparse, page by page on the same pages, by score.py.

    tests/peers/main_text.py              corpus-extract on PATH; see requirements.txt

The pages are those of $CORPUS_SHARED/data/extract, on which the model was trained, so that the figures
here are better than on others: make maintext-cv prints what to expect there. Ours must score above
resiliparse and above a floor on each set; no mode may lose what it is for; the same bytes must come
with any number of threads. The last line is "N passed, N failed[, N skipped]".
"""
import json, os, subprocess, sys, tempfile

from fastwarc.warc import ArchiveIterator, WarcRecordType
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

SHARED = os.environ.get('CORPUS_SHARED', os.path.join(os.path.dirname(__file__), '../../../shared'))
DATA = os.path.join(SHARED, 'data/extract')
SETS = ['wcxb', 'trafilatura', 'readability', 'cleanportaleval']
FILES = [f'{DATA}/{name}.warc.gz' for name in SETS]
# set, measure, figure of it, floor: the goals of the project, but for readability's, which is .97
FLOORS = [('wcxb', 'sh4', 'f1', .84), ('wcxb', 'word', 'f1', .85), ('wcxb', 'seg', 'acc', .86),
          ('trafilatura', 'seg', 'acc', .94), ('readability', 'sh4', 'f1', .93),
          ('cleanportaleval', 'sh4', 'f1', .95)]
counts = {True: 0, False: 0}


def check(what, right):
    counts[bool(right)] += 1
    print('ok  ' if right else 'FAIL', what)


def ours(*options):
    return subprocess.run(['corpus-extract', '-q', '--plain', *options, *FILES], check=True,
                          stdout=subprocess.PIPE).stdout


def resiliparse():
    lines = []
    for path in FILES:
        for record in ArchiveIterator(open(path, 'rb'), record_types=WarcRecordType.response):
            tree = HTMLTree.parse_from_bytes(record.reader.read(), record.http_charset or 'utf-8')
            lines.append(json.dumps({'record': record.record_id,
                                     'text': extract_plain_text(tree, main_content=True)}))
    return '\n'.join(lines).encode()


def scores(lines):
    command = [sys.executable, f'{DATA}/score.py', f'{DATA}/gold.jsonl.zst', '--no-lsum', '--json']
    return json.loads(subprocess.run(command, input=lines, check=True, stdout=subprocess.PIPE).stdout)['datasets']


def main():
    if not os.path.exists(FILES[0]):
        print(f'skipped: no {FILES[0]}\n0 passed, 0 failed, 1 skipped')
        sys.exit()
    text = ours('-j1')
    check('two threads give the same bytes', ours('-j2') == text)
    mine, theirs = scores(text), scores(resiliparse())
    for name, measure, figure, floor in FLOORS:
        got, peer = mine[name][measure][figure], theirs[name][measure][figure]
        check(f'{name:<16} {measure:<5} {figure:<4} {got:.3f}, at least {floor}; resiliparse {peer:.3f}',
              got >= floor and got > peer)
    precise, full = scores(ours('--precision')), scores(ours('--recall'))
    for name in ('wcxb', 'cleanportaleval'):
        p = [s[name]['sh4']['p'] for s in (full, mine, precise)]
        r = [s[name]['sh4']['r'] for s in (precise, mine, full)]
        check(f'{name:<16} precision {p[2]:.3f} > {p[1]:.3f} > {p[0]:.3f} with --precision, neither, --recall',
              p[2] > p[1] > p[0])
        check(f'{name:<16} recall {r[0]:.3f} < {r[1]:.3f} < {r[2]:.3f}', r[0] < r[1] < r[2])


main()
print(f'{counts[True]} passed, {counts[False]} failed')
sys.exit(counts[False] != 0)
