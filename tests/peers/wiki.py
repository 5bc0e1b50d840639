#!/usr/bin/env python3
"""corpus-extract's text of MediaWiki pages beside mwparserfromhell's and gensim's of the same wikitext.

    tests/peers/wiki.py               corpus-extract on PATH; see requirements.txt

For each dump: no template, link, table or reference syntax may be left in any text outside of code and
nowiki, the words of running text that mwparserfromhell keeps must be there, and ours must not be many
more. References, galleries and navigation are taken out of its tree first, since strip_code keeps what is
in them. gensim's filter_wiki, which WikiCorpus uses, is printed beside it. The markdown, parsed by a
CommonMark library, must say the same words as the plain text, and have its headings and tables. The dumps
are those of $CORPUS_SHARED/data/e2e, or a small one made here, and pages written here in the syntax of
many languages' wikis. The last line is "N passed, N failed".
"""
import bz2, collections, glob, html, json, os, re, subprocess, sys, tempfile
import xml.etree.ElementTree as ET

import markdown_it
import mwparserfromhell

try:
    from gensim.corpora.wikicorpus import filter_wiki
except ImportError:                 # it has no wheel for every Python
    filter_wiki = None

SHARED = os.environ.get('CORPUS_SHARED', os.path.join(os.path.dirname(__file__), '../../../shared'))
SYNTAX = ['{{', '}}', '[[', ']]', '<ref', '{|', '|}', "'''"]
LEAST_KEPT, MOST_ADDED = .985, .03      # of the words, over a whole dump
SAME_WORDS = .9995                      # of plain text and markdown
MADE = b"""<mediawiki><page><title>A</title><ns>0</ns><id>1</id><revision><id>2</id><text>'''A''' is a
[[letter|sign]]&lt;ref&gt;{{cite|x}}&lt;/ref&gt; of the alphabet. {{nowrap|It is}} old.

== More ==
* one [[thing]]
</text></revision></page></mediawiki>"""
passed = failed = 0
folder = tempfile.mkdtemp()


def check(name, good, detail=''):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    print('%s %s %s' % ('ok  ' if good else 'FAIL', name, detail))


def dumps():
    found = sorted(glob.glob(os.path.join(SHARED, 'data/e2e/*.xml.bz2')))
    if found:
        return found
    print('skipped: no dumps in %s; a made-up one' % SHARED)
    path = os.path.join(folder, 'made.xml.bz2')
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


def is_gone(tag):
    name = str(tag.tag).lower()
    if name == 'table':
        return any(a.name == 'class' and re.search('navbox|infobox|ambox|sidebar|metadata', str(a.value))
                   for a in tag.attributes)
    return name in ('ref', 'gallery', 'math', 'timeline')


def peer_text(wikitext):
    # Categories and files are link targets to strip_code, and magic words are text.
    code = mwparserfromhell.parse(wikitext)
    for node in code.filter_tags(matches=is_gone) + code.filter_wikilinks(
            matches=r'(?i)^\[\[\s*(file|image|category)\s*:'):
        try:
            code.remove(node)
        except ValueError:          # inside one that is gone
            pass
    return code.strip_code(normalize=True, collapse=True)


def words(text):
    return collections.Counter(re.findall(r'\w+', text.lower()))


def extract(path, *options):
    out = subprocess.run(['corpus-extract', '-q', '--plain', '--disambiguation', *options, path],
                         stdout=subprocess.PIPE, check=True).stdout
    return {r['id'].rpartition('-')[2]: r for r in map(json.loads, out.decode().splitlines())}


def verbatim(wikitext):
    """What stands as it is, code and formulas: syntax in it is text."""
    return ''.join(html.unescape(m[1]) for m in re.findall(
        r'(?is)<(nowiki|pre|syntaxhighlight|source|code|math|chem)\b[^>]*>(.*?)</\1\s*>', wikitext))


def compare(path):
    ours, source = extract(path), wikitext_of(path)
    theirs = {i: peer_text(t) for i, t in source.items()}
    name = os.path.basename(path)
    check(name + ': pages', ours.keys() == theirs.keys(), '%d of %d' % (len(ours), len(theirs)))
    for syntax in SYNTAX:
        left = sum(max(0, r['text'].count(syntax) - verbatim(source[i]).count(syntax)) for i, r in ours.items())
        check('%s: no %s left' % (name, syntax), left == 0, '%d (mwparserfromhell leaves %d)' % (
            left, sum(t.count(syntax) for t in theirs.values())))
    common = mine = peer_words = 0
    kept, added = [], []
    for i in ours.keys() & theirs.keys():
        a, b = words(ours[i]['text']), words(theirs[i])
        both = sum((a & b).values())
        common, mine, peer_words = common + both, mine + sum(a.values()), peer_words + sum(b.values())
        kept.append((both / max(1, sum(b.values())), ours[i].get('title'), b - a))
        added.append((both / max(1, sum(a.values())), ours[i].get('title'), a - b))
    check(name + ': words kept', common / peer_words >= LEAST_KEPT, '%.4f' % (common / peer_words))
    check(name + ': words added', 1 - common / mine <= MOST_ADDED, '%.4f' % (1 - common / mine))
    for what, worst in ('kept', kept), ('shared', added):
        for share, title, other in sorted(worst, key=lambda w: w[:2])[:3]:
            print('     least %s: %s %.3f %s' % (what, title, share, ' '.join(w for w, _ in other.most_common(8))))
    if filter_wiki:
        both = sum(sum((words(r['text']) & words(filter_wiki(source[i]))).values()) for i, r in ours.items())
        print("     of gensim's words: %.4f" % (both / sum(sum(words(filter_wiki(t)).values()) for t in source.values())))


def rendered(markdown):
    """The text of what a CommonMark parser reads, and how many headings, tables and code blocks it has."""
    text, counts = [], collections.Counter()
    for token in markdown_it.MarkdownIt('commonmark', {'maxNesting': 100}).enable('table').parse(markdown):
        counts[token.type] += 1
        if token.type in ('fence', 'code_block'):
            text.append(token.content)
        for child in token.children or []:
            counts[child.type] += 1
            text.append(child.content if child.type in ('text', 'code_inline') else
                        '' if child.type in ('em_open', 'em_close', 'strong_open', 'strong_close') else '\n')
        text.append('\n')
    return ''.join(text), counts


def compare_markdown(path):
    plain, marked = extract(path), extract(path, '--format', 'markdown')
    name = os.path.basename(path)
    a = b = both = headings = signs = bars = tables = loose = 0
    for i, r in marked.items():
        text, counts = rendered(r['text'])
        x, y = words(plain[i]['text']), words(text)
        x.pop('_', None)
        a, b, both = a + sum(x.values()), b + sum(y.values()), both + sum((x & y).values())
        headings, tables = headings + counts['heading_open'], tables + counts['table_open']
        outside = re.sub(r'(?ms)^\s*(`{3,})[^`\n]*\n.*?^\s*\1$', '', r['text'])
        signs += len(re.findall(r'(?m)^#{1,6} ', outside))
        bars += len(re.findall(r'(?m)^\|( --- \|)+$', outside))
        loose += counts['html_inline'] + counts['html_block'] + counts['code_block'] + counts['link_open']
    check(name + ': markdown says the same words', min(both / a, both / b) >= SAME_WORDS,
          '%.5f of the plain text, %.5f of the markdown' % (both / a, both / b))
    check(name + ': headings', headings == signs, '%d' % headings)
    check(name + ': tables', tables == bars, '%d' % tables)
    check(name + ': no text became HTML, a link or indented code', loose == 0, '%d' % loose)


# One page a wiki: its names for files and categories, what a reader sees, and what they must not.
LANGUAGES = [
    ('dewiki', 'Datei', 'Kategorie', "'''Köln''' ([[Kölsche Sprache|kölsch]] ''Kölle'') ist eine [[Stadt]]."
     "[[Bild:a.jpg|mini|Dom]]<ref>Quelle</ref>\n\n{{Infobox Ort|x=1}}\n== Geschichte ==\nUm {{nowrap|50 n. Chr.}}"
     " gegründet.\n[[Kategorie:Ort]]\n__KEIN_INHALTSVERZEICHNIS__", 'Köln (kölsch Kölle) ist eine Stadt.\n\n'
     'Geschichte\n\nUm 50 n. Chr. gegründet.'),
    ('frwiki', 'Fichier', 'Catégorie', "L'[[eau]] pèse {{unité|1000|kg/m3}} au {{s|XIX|e}}.[[Fichier:e.png|vignette]]"
     "{{Référence nécessaire|Oui}}\n[[Catégorie:Eau]]__AUCUNSOMMAIRE__", "L'eau pèse 1000 kg/m³ au XIXe siècle.Oui"),
    ('eswiki', 'Archivo', 'Categoría', "'''Agua''' es [[H2O|H<sub>2</sub>O]].[[Archivo:a.svg|thumb|Agua]]\n"
     "{{cita|Todo fluye.}}\n[[Categoría:Agua]]\n__SIN_TDC__", 'Agua es H2O.\n\nTodo fluye.'),
    ('ruwiki', 'Файл', 'Категория', "'''Вода''' ({{lang-en|water}}) — [[вещество]]{{sfn|Петров|1990}}.\n"
     "[[Файл:В.jpg|мини|Вода]]\n[[Категория:Вода]]", 'Вода (water) — вещество.'),
    ('jawiki', 'ファイル', 'Category', "'''水'''（みず）は[[水素]]の酸化物である<ref>x</ref>。[[ファイル:み.jpg|thumb|水]]\n"
     "{{仮リンク|海水|en|Seawater}}もある。\n[[Category:水]]", '水（みず）は水素の酸化物である。海水もある。'),
    ('zhwiki', 'File', 'Category', "'''-{zh-hans:计算机; zh-hant:電腦}-'''是[[机器]]。{{link-en|软件|Software}}也是。"
     "\n[[文件:图.png|缩略图]]\n[[分类:科技]]", '计算机是机器。软件也是。'),
    ('kowiki', '파일', '분류', "'''물'''({{lang|en|water}})은 [[물질]]이다.[[파일:물.jpg|섬네일]]\n[[분류:물]]",
     '물(water)은 물질이다.'),
    ('arwiki', 'ملف', 'تصنيف', "'''الماء''' [[مادة]] شفافة.[[ملف:م.jpg|تصغير]]\n[[تصنيف:ماء]]", 'الماء مادة شفافة.'),
    ('hewiki', 'קובץ', 'קטגוריה', "'''מים''' הם [[חומר]].[[קובץ:מ.jpg|ממוזער]]\n[[קטגוריה:מים]]", 'מים הם חומר.'),
    ('plwiki', 'Plik', 'Kategoria', "'''Woda''' to [[związek chemiczny|związek]].[[Grafika:w.png|mały]]{{r|x}}\n"
     "[[Kategoria:Woda]]\n__BEZSPISU__", 'Woda to związek.'),
    ('itwiki', 'File', 'Categoria', "L{{'}}'''acqua''' è un [[liquido]].[[Immagine:a.jpg|thumb]]{{citazione|Panta rei}}"
     "\n[[Categoria:Acqua]]", "L'acqua è un liquido.\n\nPanta rei"),
    ('svwiki', 'Fil', 'Kategori', "'''Vatten''' är [[H₂O]].[[Bild:v.jpg|miniatyr]]\n[[Kategori:Vatten]]__INTEINNEHÅLLSFÖRTECKNING__",
     'Vatten är H₂O.'),
    ('thwiki', 'ไฟล์', 'หมวดหมู่', "'''น้ำ'''เป็น[[สาร]][[ไฟล์:น.jpg|thumb]]\n[[หมวดหมู่:น้ำ]]", 'น้ำเป็นสาร'),
    ('brwiki', 'Restr', 'Rummad', "'''Dour''' zo.[[Skeudenn:d.JPG|thumb|x]]\n[[Rummad:Dour]]", 'Dour zo.'),
]


def compare_languages():
    for dbname, file, category, wikitext, want in LANGUAGES:
        path = os.path.join(folder, dbname + '.xml')
        with open(path, 'w', encoding='utf-8') as f:
            f.write('<mediawiki><siteinfo><dbname>%s</dbname><namespaces><namespace key="6">%s</namespace>'
                    '<namespace key="14">%s</namespace></namespaces></siteinfo><page><title>T</title><ns>0</ns>'
                    '<id>1</id><revision><text>%s</text></revision></page></mediawiki>'
                    % (dbname, file, category, html.escape(wikitext, quote=False)))
        got = extract(path)['1']['text']
        check(dbname, got == want, '' if got == want else '\n     got  %r\n     want %r' % (got, want))


for dump in dumps():
    compare(dump)
    compare_markdown(dump)
compare_languages()
print('%d passed, %d failed' % (passed, failed))
sys.exit(failed > 0)
