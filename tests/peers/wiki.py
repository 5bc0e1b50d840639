#!/usr/bin/env python3
"""corpus-extract's text of MediaWiki pages beside mwparserfromhell's strip_code of the same wikitext.

    tests/peers/wiki.py               corpus-extract on PATH; see requirements.txt

For each dump: no template, link, table or reference syntax may be left in any text, the words of
running text that mwparserfromhell keeps must be there, and ours must not be many more. Tables and
references are taken out of its tree first, since strip_code keeps what is in them. The dumps are those
of $CORPUS_SHARED/data/e2e, or a small one made here. The last line is "N passed, N failed".
"""
import bz2, collections, glob, json, os, re, subprocess, sys, tempfile
import xml.etree.ElementTree as ET

import mwparserfromhell

SHARED = os.environ.get('CORPUS_SHARED', os.path.join(os.path.dirname(__file__), '../../../shared'))
SYNTAX = ['{{', '[[', '<ref', '{|', "'''"]
LEAST_KEPT, MOST_ADDED = .985, .03      # of the words, over a whole dump
MADE = b"""<mediawiki><page><title>A</title><ns>0</ns><id>1</id><revision><id>2</id><text>'''A''' is a
[[letter|sign]]&lt;ref&gt;{{cite|x}}&lt;/ref&gt; of the alphabet. {{nowrap|It is}} old.

== More ==
* one [[thing]]
</text></revision></page></mediawiki>"""
passed = failed = 0


def check(name, good, detail=''):
    global passed, failed
    passed, failed = passed + good, failed + (not good)
    print('%s %s %s' % ('ok  ' if good else 'FAIL', name, detail))


def dumps():
    found = sorted(glob.glob(os.path.join(SHARED, 'data/e2e/*.xml.bz2')))
    if found:
        return found
    print('skipped: no dumps in %s; a made-up one' % SHARED)
    path = os.path.join(tempfile.mkdtemp(), 'made.xml.bz2')
    with open(path, 'wb') as f:
        f.write(bz2.compress(MADE))
    return [path]


def wikitext_of(path):
    """Page id to wikitext of the articles that are no redirects, by an XML parser."""
    pages = {}
    with bz2.open(path) as f:
        for _, page in ET.iterparse(f):
            name = page.tag.rpartition('}')
            if name[2] != 'page':
                continue
            q = name[0] + name[1]
            text = page.findtext('%srevision/%stext' % (q, q)) or ''
            if page.findtext(q + 'ns') == '0' and page.find(q + 'redirect') is None:
                pages[page.findtext(q + 'id')] = text
            page.clear()
    return pages


def peer_text(wikitext):
    # Categories and files are link targets to strip_code, and magic words are text.
    code = mwparserfromhell.parse(wikitext)
    for tag in code.filter_tags(matches=lambda t: str(t.tag).lower() in ('ref', 'table', 'gallery', 'math', 'timeline')):
        try:
            code.remove(tag)
        except ValueError:          # inside one that is gone
            pass
    for link in code.filter_wikilinks(matches=r'(?i)^\[\[\s*(file|image|category)\s*:'):
        try:
            code.remove(link)
        except ValueError:
            pass
    return code.strip_code(normalize=True, collapse=True)


def words(text):
    return collections.Counter(re.findall(r'\w+', text.lower()))


def compare(path):
    out = subprocess.run(['corpus-extract', '-q', '--plain', path], stdout=subprocess.PIPE, check=True).stdout
    ours = {r['id'].rpartition('-')[2]: r for r in map(json.loads, out.decode().splitlines())}
    theirs = {i: peer_text(t) for i, t in wikitext_of(path).items()}
    name = os.path.basename(path)
    check(name + ': pages', ours.keys() == theirs.keys(), '%d of %d' % (len(ours), len(theirs)))
    for syntax in SYNTAX:
        left = sum(r['text'].count(syntax) for r in ours.values())
        check('%s: no %s left' % (name, syntax), left == 0, '%d (mwparserfromhell leaves %d)' % (
            left, sum(t.count(syntax) for t in theirs.values())))
    common = mine = peer_words = 0
    worst = []
    for i in ours.keys() & theirs.keys():
        a, b = words(ours[i]['text']), words(theirs[i])
        both = sum((a & b).values())
        common, mine, peer_words = common + both, mine + sum(a.values()), peer_words + sum(b.values())
        worst.append((both / max(1, sum(b.values())), ours[i].get('title')))
    check(name + ': words kept', common / peer_words >= LEAST_KEPT, '%.4f' % (common / peer_words))
    check(name + ': words added', 1 - common / mine <= MOST_ADDED, '%.4f' % (1 - common / mine))
    print('     least kept:', ', '.join('%s %.3f' % (t, s) for s, t in sorted(worst)[:5]))


for dump in dumps():
    compare(dump)
print('%d passed, %d failed' % (passed, failed))
sys.exit(failed > 0)
