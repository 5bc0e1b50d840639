#!/usr/bin/env python3
"""corpus-extract's Markdown of pages, read back by markdown-it-py.

    tests/peers/markdown.py      corpus-extract and page_structure on PATH; see requirements.txt

For each page of $CORPUS_SHARED/data/extract: headings, list items, code and tables are those of the page's
tree, which page_structure tells by a walk of its own; and the text that is read is the plain
text of the same page: nothing of it has become markup, and no mark is left in it. The main text of 500
pages, all text of all pages, and pages of random tags and signs. The last line is
"N passed, N failed, N skipped".
"""
import collections, glob, gzip, json, os, random, re, subprocess, sys, tempfile

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

SHARED = os.environ.get('CORPUS_SHARED', os.path.join(os.path.dirname(__file__), '../../../shared'))
PAGES = 500
RANDOM_PAGES, RANDOM_PIECES, SEED = 10000, 60, 2
TAGS = ['<%s%s>' % (end, name) for name in 'p b i b i code ul li li blockquote div h2 h3 pre strong em a q span'.split()
        for end in ('', '', '/')] + ['<br>', '<br>', '<hr>', '<ol start=3>', '<ol>', '</ol>', '<a href=/x>', '<li value=7>',
        '<table><tr><th>h<th>k<tr><td>', '<td>', '<tr><td>', '</table>', '<math alttext="x_1|*y">m</math>']
SIGNS = ['*', '**', '***', '_', '__', '`', '``', '```', '~', '~~', '#', '# ', '- ', '-', '---', '+ ', '1. ', '2)', '1', '&gt; ',
         '&gt;', '[', ']', '](', '[x]', ']: ', '!', '|', ' | ', '===', '=', '&lt;', '&lt;b>', '&lt;!--', '&amp;', '&amp;amp;',
         'amp;', '#1;', '\\', '\\\\', '$', '$$', ':', ' ', ' ', ' ', ' ', '\n', '\t', '    ', '&nbsp;', 'a\u3000b', '\u200b',
         '\xad', '.', ',', '(', ')', '"', "'", '\u201c', '\xab', '\u20ac', '\xa9', '\u6f22', '\xe9', '\U0001f600',
         'a', 'b', 'c', 'word', 'two words', '5', '-:', '://', '<b>', '@', '{', '%', '^']
md = MarkdownIt('commonmark', {'maxNesting': 200}).enable('table').use(
    dollarmath_plugin, allow_labels=False, allow_space=False, allow_blank_lines=False)
PARTS = ['headings', 'items', 'code', 'tables', 'text']
FOREIGN = {'html_block', 'html_inline', 'image', 'link_open', 'math_block_label'}
passed = failed = 0


def check(name, good, detail=''):
    global passed, failed
    passed, failed = passed + good, failed + (not good)
    print('%s %s %s' % ('ok  ' if good else 'FAIL', name, detail))


def responses(path):
    """The ids and HTTP responses of a WARC file whose records all have one."""
    data, at = gzip.open(path).read(), 0
    while at < len(data):
        head = data.find(b'\r\n\r\n', at)
        fields = data[at:head].decode('latin1')
        size = int(re.search(r'(?i)\ncontent-length: *(\d+)', fields).group(1))
        if re.search(r'(?i)\nwarc-type: *response', fields):
            yield re.search(r'(?i)\nwarc-record-id: *<?([^>\r]+)', fields).group(1), data[head + 4:head + 4 + size]
        at = head + 4 + size + 4


def made():
    """A WARC file of random pages, the same ones in each run."""
    path, rng = os.path.join(tempfile.mkdtemp(), 'random.warc.gz'), random.Random(SEED)
    with gzip.open(path, 'wb', 1) as f:
        for i in range(RANDOM_PAGES):
            share = rng.random()
            page = ''.join(rng.choice(TAGS if rng.random() < share else SIGNS) for _ in range(rng.randrange(RANDOM_PIECES)))
            body = b'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<body>' + page.encode()
            f.write(b'WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:made:%d>\r\nWARC-Target-URI: http://a/\r\n'
                    b'Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n'
                    % (i, len(body), body))
    return path


def bare(s):
    return re.sub(r'\s+', '', s)


def fold(s):
    """markdown-it-py takes all of Unicode's white space off the ends of a paragraph."""
    return re.sub(r'\s+', ' ', s).strip()


def inline(token):
    out = []
    for t in token.children:
        if t.type in ('text', 'code_inline', 'text_special'):
            out.append(t.content)
        elif t.type in ('softbreak', 'hardbreak'):
            out.append('\n')
        elif t.type.startswith('math_inline'):
            sign = '$$' if 'double' in t.type else '$'
            out.append(sign + t.content + sign)
        elif t.type not in ('em_open', 'em_close', 'strong_open', 'strong_close'):
            raise ValueError('unexpected ' + t.type)
    return ''.join(out)


def read(markdown):
    """Headings, items, code, tables and text of a Markdown document."""
    got = {k: [] for k in PARTS}
    items, table, row, heading = [], None, None, None
    for t in md.parse(markdown):
        if t.type in FOREIGN or t.type == 'code_block':
            raise ValueError('unexpected ' + t.type)
        if t.type == 'list_item_open':
            entry = [len(items) + 1, '']
            items.append(entry)
            got['items'].append(entry)
        elif t.type == 'list_item_close':
            items.pop()
        elif t.type == 'heading_open':
            heading = int(t.tag[1])
        elif t.type == 'heading_close':
            heading = None
        elif t.type == 'table_open':
            table = []
            got['tables'].append(table)
        elif t.type == 'table_close':
            table = None
        elif t.type == 'tr_open':
            row = []
        elif t.type == 'tr_close' and row:
            table.append(row)
        elif t.type in ('inline', 'fence', 'math_block'):
            text = (inline(t) if t.type == 'inline' else '$$%s$$' % t.content.strip() if t.type == 'math_block'
                    else t.content.removesuffix('\n'))
            got['text'].append(text)
            if items:
                items[-1][1] += bare(text)
            if t.type == 'fence':
                got['code'].append(text)
            elif heading:
                got['headings'].append([heading, bare(text)])
            elif table is not None and bare(text):
                row.append(bare(text))
    got['text'] = fold('\n'.join(got['text']))
    return got


def extract(path, *options):
    command = ['corpus-extract', '-q', '--plain', '--min-text', '0', *options, path]
    out = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    return {r['id']: r['text'] for r in map(json.loads, out.decode().split('\n')[:-1])}


def trees(pages, *options):
    given = b''.join(b'%d\n%s' % (len(p), p) for p in pages)
    out = subprocess.run(['page_structure', *options], input=given, stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in out.decode().split('\n')[:-1]]


def first_difference(a, b):
    if isinstance(a, str):
        at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
        return '%r is read as %r' % (a[max(0, at - 20):at + 40], b[max(0, at - 20):at + 40])
    for x, y in zip(a, b):
        if x != y:
            return '%.160r is read as %.160r' % (x, y)
    return '%d are read as %d: %.160r' % (len(a), len(b), (a[len(b):] or b[len(a):])[0])


def compare(title, paths, limit, *options):
    total = collections.Counter()
    wrong = {k: [] for k in PARTS}
    for path in paths:
        pages = list(responses(path))[:limit - total['pages']]
        plain, marked = extract(path, *options), extract(path, '--format', 'markdown', *options)
        for (name, _), tree in zip(pages, trees([p for _, p in pages], *options)):
            if name not in marked:
                continue
            total['pages'] += 1
            try:
                got = read(marked[name])
            except ValueError as error:
                got = dict.fromkeys(PARTS, '')
                wrong['text'].append('%s: %s' % (name, error))
            want = dict(tree, text=fold(plain[name]))
            want['headings'] = [[level, bare(text)] for level, text in tree['headings']]
            want['items'] = [[depth, bare(text)] for depth, text in tree['items']]
            want['tables'] = [[[bare(c) for c in row] for row in rows] for rows in tree['tables']]
            for k in PARTS:
                total[k] += len(want[k])
                if got[k] != want[k]:
                    wrong[k].append('%s: %s' % (name, first_difference(want[k], got[k] or '')))
    print('== %s: %d pages' % (title, total['pages']))
    for k in PARTS:
        for line in wrong[k][:int(os.environ.get('SHOW', 3))]:
            print('     ' + line)
        check(k, not wrong[k], '%d in %d of %d pages as in the tree' % (total[k], total['pages'] - len(wrong[k]), total['pages']))


data = sorted(glob.glob(os.path.join(SHARED, 'data/extract/*.warc.gz')))
if data:
    compare('main text', data, PAGES)
    compare('all text', data, sys.maxsize, '--all-text')
else:
    print('skipped: no pages in %s' % SHARED)
compare('random pages, seed %d,' % SEED, [made()], sys.maxsize, '--all-text')
print('%d passed, %d failed, %d skipped' % (passed, failed, 0 if data else 2 * len(PARTS)))
sys.exit(failed > 0)
