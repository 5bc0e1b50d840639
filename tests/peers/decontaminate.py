#!/usr/bin/env python3
"""corpus-dedup decontaminate beside the rules of its man page, written again in Python, on the documents of
$CORPUS_SHARED/data/dedup; and what that folder's score_contam.py says of it.

    tests/peers/decontaminate.py            corpus-dedup on PATH

The last line is "N passed, N failed[, N skipped]".
"""
import collections, json, os, re, subprocess, sys, tempfile

data = os.path.join(os.environ.get('CORPUS_SHARED', '../shared'), 'data/dedup')
if not os.path.exists(data + '/docs.jsonl.zst'):
    print('skipped: no %s\n0 passed, 0 failed, 2 skipped' % data)
    sys.exit(0)
passed = failed = 0
WORD = re.compile(r'\w+')


def check(name, good, detail=''):
    global passed, failed
    passed, failed = passed + good, failed + (not good)
    if not good:
        print('FAIL %s %s' % (name, detail))


def lines(path):
    out = subprocess.run(['zstd', '-dcqf', path], stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in out.decode().splitlines() if line]


def tokens(text):
    """Each token in lower case with its place in the text, which lower-casing may lengthen."""
    low = text.lower()
    if len(low) == len(text):
        return [(m.group(), m.start(), m.end()) for m in WORD.finditer(low)]
    place = [i for i, c in enumerate(text) for _ in c.lower()]
    return [(m.group(), place[m.start()], place[m.end() - 1] + 1) for m in WORD.finditer(low)]


def grams(words, n):
    return [tuple(w for w, _, _ in words[i:i + n]) for i in range(len(words) - n + 1)]


def clean(text, words, hits, n, window, min_piece, max_pieces):
    """The pieces that stay, none for a document that is dropped."""
    gone = bytearray(len(text))
    for i in hits:
        start, end = max(0, words[i][1] - window), min(len(text), words[i + n - 1][2] + window)
        gone[start:end] = b'\1' * (end - start)
    for _, start, end in words:
        if any(gone[start:end]):
            gone[start:end] = b'\1' * (end - start)
    pieces = [text[m.start():m.end()].strip(' \t\r\n') for m in re.finditer(b'\0+', bytes(gone))]
    pieces = [p for p in pieces if p]
    return [] if len(pieces) > max_pieces else [p for p in pieces if len(p) >= min_piece]


def expected(docs, found, frequent, n, max_docs, *rules):
    out = []
    for d, (words, hits) in zip(docs, found):
        hits = [i for i, g in hits if not max_docs or frequent[g] <= max_docs]
        if not hits:
            out.append(d)
            continue
        for k, piece in enumerate(clean(d['text'], words, hits, n, *rules), 1):
            out.append(dict(d, id='%s#%d' % (d['id'], k), text=piece, parent=d['id']))
    return out


def compare(docs, path, questions, n, folder, rules):
    wanted = {g for q in questions for g in grams(tokens(q['question']), n)}
    found, frequent = [], collections.Counter()
    for d in docs:
        words = tokens(d['text'])
        hits = [(i, g) for i, g in enumerate(grams(words, n)) if g in wanted]
        found.append((words if hits else [], hits))
        frequent.update({g for _, g in hits})
    for max_docs, window, min_piece, max_pieces in rules:
        name = 'n %d, at most %d documents, window %d' % (n, max_docs, window)
        out = os.path.join(folder, '%d.jsonl' % max_docs)
        subprocess.run(['corpus-dedup', 'decontaminate', '-q', '--benchmark', 'planted:question=%s/bench.jsonl.zst' % data,
                        '--ngram', str(n), '--max-docs', str(max_docs), '--window', str(window), '--min-piece',
                        str(min_piece), '--max-pieces', str(max_pieces), path, '-o', out], check=True)
        with open(out, encoding='utf-8', newline='\n') as f:
            got = [json.loads(line) for line in f]
        want = expected(docs, found, frequent, n, max_docs, window, min_piece, max_pieces)
        check(name, got == want, '%d records, %d expected' % (len(got), len(want)))


def score(folder, max_docs):
    p = subprocess.run([sys.executable, data + '/score_contam.py', '--contam', data + '/contam.jsonl.zst', '--bench',
                        data + '/bench.jsonl.zst', '--docs', data + '/docs.jsonl.zst', '--max-docs', str(max_docs),
                        '--output', os.path.join(folder, '%d.jsonl' % max_docs)], stdout=subprocess.PIPE, check=True)
    result = json.loads(p.stdout)
    check('score_contam --max-docs %d' % max_docs, result['pass'], p.stdout.decode())
    print('score_contam.py --max-docs %d: %d missed, %d false, %d documents with n-grams left' %
          (max_docs, sum(k['missed'] for k in result['kinds'].values()),
           sum(k['false'] for k in result['kinds'].values()), result['ngrams_left']['docs']))


docs, questions = lines(data + '/docs.jsonl.zst'), lines(data + '/bench.jsonl.zst')
with tempfile.TemporaryDirectory() as folder:
    # Other rules on a part, with short n-grams, so that many documents are cut, and often.
    part, path = docs[::10], os.path.join(folder, 'part.jsonl')
    with open(path, 'w', encoding='utf-8') as f:
        f.writelines(json.dumps(d, ensure_ascii=False) + '\n' for d in part)
    compare(part, path, questions, 3, folder, [(0, 30, 40, 3), (1, 0, 1, 10), (20, 7, 5, 100)])
    compare(docs, data + '/docs.jsonl.zst', questions, 13, folder, [(0, 200, 200, 10), (10, 200, 200, 10)])
    score(folder, 0)
    score(folder, 10)
print('%d passed, %d failed' % (passed, failed))
sys.exit(failed > 0)
