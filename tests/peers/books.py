#!/usr/bin/env python3
"""Books of Project Gutenberg through corpus-extract: what was put around them is gone, and nothing else.

    tests/peers/books.py              corpus-extract on PATH; see requirements.txt

The books are those of $CORPUS_SHARED/data/e2e, whose first and last sentences were read off the files by
eye. In none may a line of the header or the licence be left, nor a page number of the printed book. The
words of a text are held against those between the markers of the file, those of a page against what
lxml reads there. Each HTML book is made into an EPUB 2 and an EPUB 3, cut at its headings, with cover,
contents and notes that are not in the reading order: the same words must come out in the same order. The
last line is "N passed, N failed".
"""
import collections, html, json, os, re, subprocess, sys, tempfile, zipfile

import lxml.html

SHARED = os.environ.get('CORPUS_SHARED', os.path.join(os.path.dirname(__file__), '../../../shared'))
BOOKS = {       # file: a first sentence, a last one
    'books1/pg16595-latin1.txt': ('For many years I have been interested in the various musical references',
                                  '"Cadby" corrected to "Caddy"'),
    'books1/pg3261.txt': ('Up at the League, says a friend, there had been one night',
                          'Cirencester and Burford he must have meant.'),
    'books1/pg972.txt': ("_The Devil's Dictionary_ was begun in a weekly paper in 1881",
                         'that the domestic cow sheds its horn every two years.'),
    'books2/pg16215.htm': ('you have almost made me long to try what a robber I should make', 'THE END.'),
    'books2/pg18304.htm': ('Charleston is the last stronghold of a unified American upper class',
                           '(palm fronds of the cocoanut grove,)'),
    'books2/pg44157-fr.htm': ('LECTURES FRANÇAISES À L’USAGE DES ÉCOLES PRIMAIRES.', '«vensterbank» (de vensterbank.)'),
}
AROUND = [r'Project Gutenberg', r'pgdp\.net', r'gutenberg\.(org|net)', r'(?i)small print', r'(?i)\be-?text\b',
          r'(?i)full license', r'(?i)character set encoding', r'(?i)^\*\*\* ?(start|end)', r'(?i)donations? to']
PAGE_NUMBER = r'[\[{]\s*(?:Pg|Page)\s*(?:\d+|[ivxlc]+)\s*[\]}]'
LEAST_SAME = .998     # the names of the producers of the text go with the header
CONTAINER = ('<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
             '<rootfiles><rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/>'
             '</rootfiles></container>')
passed = failed = 0
folder = tempfile.mkdtemp()


def check(name, good, detail=''):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    print('%s %s %s' % ('ok  ' if good else 'FAIL', name, detail))


def extract(path):
    out = subprocess.run(['corpus-extract', '-q', '--plain', '--max-ratio', '1000', path], stdout=subprocess.PIPE,
                         check=True).stdout.decode()
    return json.loads(out)


def words(text):
    return re.findall(r'\w+', text.replace('_', ' '))


def share(a, b):
    """Of b's words, how many are in a."""
    a, b = collections.Counter(a), collections.Counter(b)
    return sum((a & b).values()) / max(1, sum(b.values()))


def between_markers(text):
    begin = re.search(r'\*\*\* ?START OF [^*]*\*\*\*', text)
    end = re.search(r'(?m)^\s*(\*\*\* ?END OF |End of (the )?Project Gutenberg)', text)
    return text[begin.end():end.start()]


def peer_text(page):
    """All text of the page but that of numbers of printed pages, between the markers."""
    tree = lxml.html.document_fromstring(page.encode(), parser=lxml.html.HTMLParser(encoding='utf-8'))
    for element in tree.xpath('//head|//script|//style'):
        element.drop_tree()
    for element in tree.xpath('//*[@class="pagenum" or @class="pageno"]'):
        element.drop_tree()
    text = '\n'.join(tree.itertext())
    return between_markers(text)


def decode(data):
    for charset in ('utf-8', 'cp1252'):
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            pass


def make_epub(name, text, version):
    """The paragraphs of a text as an EPUB, twenty a chapter."""
    paragraphs = text.split('\n\n')
    chapters = [paragraphs[i:i + 20] for i in range(0, len(paragraphs), 20)]
    page = ('<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
            '<body>%s</body></html>')
    files = {'c%d.xhtml' % i: page % ''.join('<p>%s</p>' % html.escape(p).replace('\n', '<br/>') for p in c)
             for i, c in enumerate(chapters)}
    files['cover.xhtml'] = page % '<p>A cover</p>'
    files['nav.xhtml'] = page % ('<nav><ol>%s</ol></nav>' % ''.join('<li><a href="%s">%s</a></li>' % (f, f) for f in files))
    files['notes.xhtml'] = page % '<p>Outside of the reading order</p>'
    order = ['cover.xhtml', 'nav.xhtml'] + ['c%d.xhtml' % i for i in range(len(chapters))] + ['notes.xhtml']
    items = ''.join('<item id="%s" href="%s" media-type="application/xhtml+xml"%s/>' % (
        f[:-6], f, ' properties="nav"' if f == 'nav.xhtml' and version == 3 else '') for f in files)
    spine = ''.join('<itemref idref="%s"%s/>' % (f[:-6], ' linear="no"' if f == 'notes.xhtml' else '') for f in order)
    guide = '<reference type="cover" href="cover.xhtml"/><reference type="toc" href="nav.xhtml"/>'
    path = os.path.join(folder, '%s-%d.epub' % (os.path.basename(name), version))
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as z:
        z.writestr(zipfile.ZipInfo('mimetype'), 'application/epub+zip')
        z.writestr('META-INF/container.xml', CONTAINER)
        z.writestr('OPS/book.opf', '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="%d.0" '
                   'unique-identifier="b"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="b">'
                   'urn:x:1</dc:identifier><dc:title>T</dc:title></metadata><manifest>%s</manifest><spine>%s</spine>'
                   '<guide>%s</guide></package>' % (version, items, spine, guide))
        for name, content in files.items():
            z.writestr('OPS/' + name, content)
    return path


found = {n: s for n, s in BOOKS.items() if os.path.exists(os.path.join(SHARED, 'data/e2e', n))}
if not found:
    print('skipped: no books in %s' % SHARED)
for name, (first, last) in found.items():
    path = os.path.join(SHARED, 'data/e2e', name)
    text = extract(path)['text']
    source = decode(open(path, 'rb').read())
    around = sum(len(re.findall(r, text, re.M)) for r in AROUND)
    check(name + ': lines of header and licence', around == 0, '%d' % around)
    numbers = len(re.findall(PAGE_NUMBER, text)) if name.endswith('.htm') else 0
    check(name + ': page numbers', numbers == 0, '%d' % numbers)
    check(name + ': first and last sentence', first in text and text.rstrip().endswith(last))
    want = words(peer_text(source) if name.endswith('.htm') else between_markers(source))
    check(name + ': words kept', share(words(text), want) >= LEAST_SAME, '%.4f' % share(words(text), want))
    check(name + ': words added', share(want, words(text)) >= LEAST_SAME, '%.4f' % (1 - share(want, words(text))))
    for version in (2, 3):
        book = extract(make_epub(name, text, version))['text']
        check('%s: EPUB %d says the same' % (name, version), words(book) == words(text))
print('%d passed, %d failed' % (passed, failed))
sys.exit(failed > 0)
