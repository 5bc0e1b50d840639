#!/usr/bin/env python3
"""The HTML parser beside the public html5lib-tests and beside lexbor.

The tests come with the Go module golang.org/x/net, of an exact version. What our tree leaves out by
design is taken off both sides: comments, doctypes, attributes that are not kept, the text of styles;
a script's text is compared with its newlines and NULs as they are in the page. Ends with "N passed,
N failed, N skipped"; skipped are fragments and what needs scripting."""
import glob
import json
import os
import random
import re
import subprocess
import sys

from selectolax.lexbor import LexborHTMLParser

MODULE = 'golang.org/x/net@v0.62.0'
SHARED = os.environ.get('CORPUS_SHARED', os.path.join(os.path.dirname(__file__), '../../../shared'))
ATTRS = re.findall(r'X\(\w+, "([^"]+)"\)', open('lib/web/html.h').read())
passed = failed = skipped = 0
SHOWN, RANDOM_PAGES = 10, 5000


class Parser:
    def __init__(self):
        self.process = subprocess.Popen(['html_tree'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, request, page):
        self.process.stdin.write(b'%s %d\n%s' % (request.encode(), len(page), page))
        self.process.stdin.flush()
        size = self.process.stdout.readline()
        return self.process.stdout.read(int(size)).decode('utf-8', 'surrogatepass')


def check(name, ours, theirs, page):
    global passed, failed
    if ours == theirs:
        passed += 1
        return
    failed += 1
    if failed <= SHOWN:
        print('FAIL %s\n%r\n--- expected\n%s\n--- ours\n%s' % (name, page, theirs, ours))


# --- trees ---

def dat_cases(path):
    """(data, document, what it needs) of a .dat file."""
    for part in re.split(r'(?:^|\n\n)#data\n', open(path, encoding='utf-8', newline='').read())[1:]:
        data, rest = part.split('\n#errors', 1) if '\n#errors' in part else ('', part.split('#errors', 1)[1])
        needs = re.findall(r'^#(document-fragment|script-on|script-off)', rest, re.M)
        yield data, rest.split('#document\n', 1)[1].rstrip('\n'), needs


class Node:
    def __init__(self, depth, text):
        self.depth, self.text = depth, text

    def is_text(self):
        return self.text.startswith('"')


def nodes_of(document):
    """The lines of a tree; a text goes on where a line does not begin with "| "."""
    nodes = []
    for line in document.split('\n'):
        m = re.match(r'\| ( *)(.*)', line, re.S)
        if m:
            nodes.append(Node(len(m[1]) // 2, m[2]))
        elif nodes:
            nodes[-1].text += '\n' + line
    return nodes


def comparable(document):
    """Without what our tree leaves out, and texts that then touch as one."""
    out, open_tags = [], []
    for node in nodes_of(document):
        del open_tags[node.depth:]
        if node.text.startswith(('<!', '<?')):
            continue
        element = re.fullmatch(r'<[^=]*>', node.text)
        if not element and not node.is_text() and node.text != 'content':
            node.text = re.sub('^xml lang=', 'xml:lang=', node.text)    # as in foreign elements
            if node.text.partition('=')[0] not in ATTRS:
                continue
        if element:
            node.text = node.text.lower()
            open_tags += [node.text] * (node.depth + 1 - len(open_tags))
        if node.is_text():
            if open_tags and open_tags[-1] == '<style>':
                continue
            if open_tags and open_tags[-1] == '<script>':
                node.text = node.text.replace('\0', '\ufffd').replace('\r\n', '\n').replace('\r', '\n')
            last = out[-1] if out else None
            if last and last.is_text() and last.depth == node.depth:
                last.text = last.text[:-1] + node.text[1:]
                continue
        out.append(node)
    return '\n'.join('| ' + '  ' * n.depth + n.text for n in out)


def test_trees(parser, folder):
    global skipped
    for path in sorted(glob.glob(folder + '/tree-construction/*.dat') + glob.glob(folder + '/../go/*.dat')):
        for number, (data, document, needs) in enumerate(dat_cases(path)):
            # What selectedcontent shows is copied by the select element, not by the parser.
            if 'document-fragment' in needs or 'script-on' in needs or '<selectedcontent>' in data:
                skipped += 1
                continue
            ours = parser.ask('tree', data.encode('utf-8', 'surrogatepass')).rstrip('\n')
            check('%s %d' % (os.path.basename(path), number + 1), comparable(ours), comparable(document), data)


# --- tokens ---

STATES = {'Data state': 'data', 'PLAINTEXT state': 'plaintext', 'RCDATA state': 'rcdata',
          'RAWTEXT state': 'rawtext', 'Script data state': 'script'}
RAW_NAMES = {'plaintext': 'plaintext', 'script': 'script'}


def unescaped(value):
    return re.sub(r'\\u([0-9A-Fa-f]{4})', lambda m: chr(int(m[1], 16)), value) if isinstance(value, str) else \
        [unescaped(v) for v in value] if isinstance(value, list) else \
        {unescaped(k): unescaped(v) for k, v in value.items()} if isinstance(value, dict) else value


def tokens_of(output, state):
    out = []
    for token in output:
        if token[0] in ('Comment', 'DOCTYPE', 'ParseError'):
            continue
        if token[0] == 'StartTag':
            attrs = {k: v for k, v in token[2].items() if k in ATTRS}
            token = ['StartTag', token[1], attrs, len(token) > 3 and token[3]]
        elif token[0] == 'EndTag':
            token = ['EndTag', token[1]]
        else:
            text = token[1].replace('\0', '\ufffd' if state == 'script' else '')
            token = ['Character', text.replace('\r\n', '\n').replace('\r', '\n')]
            if out and out[-1][0] == 'Character':
                out[-1][1] += token[1]
                continue
            if not token[1]:
                continue
        out.append(token)
    return out


def test_tokens(parser, folder):
    global skipped
    for path in sorted(glob.glob(folder + '/tokenizer/*.test')):
        for case in json.load(open(path, encoding='utf-8')).get('tests', []):
            if case.get('doubleEscaped'):
                case['input'], case['output'] = unescaped(case['input']), unescaped(case['output'])
            for state in case.get('initialStates', ['Data state']):
                state = STATES.get(state)
                last = case.get('lastStartTag', '')
                name = RAW_NAMES.get(state) or last or 'title'
                try:
                    page = case['input'].encode()
                except UnicodeEncodeError:
                    state = None            # lone surrogates: no page is decoded to those
                known = {'rcdata': ('title', 'textarea'), 'rawtext': ('xmp', 'style', 'noframes', 'iframe')}
                if state == 'rcdata' and name not in known['rcdata'] or state is None or \
                        state == 'script' and last not in ('', 'script'):
                    skipped += 1
                    continue
                if state == 'rawtext' and name not in known['rawtext']:
                    name = 'xmp' if not last else None
                if name is None:
                    skipped += 1
                    continue
                lines = parser.ask('tokens %s %s' % (state, name), page).splitlines()
                ours = tokens_of([json.loads(line) for line in lines], state)
                check('%s: %s (%s)' % (os.path.basename(path), case['description'], state),
                      ours, tokens_of(case['output'], state), case['input'])


# --- pages ---

def pages():
    files = sorted(glob.glob(os.path.join(SHARED, 'data/extract/*.warc.gz')))
    if not files:
        print('skipped: no pages in', SHARED)
        return
    with subprocess.Popen(['html_bench', '--pages'] + files, stdout=subprocess.PIPE) as process:
        while size := process.stdout.readline():
            yield process.stdout.read(int(size))


def compare(parser, name, page, shown):
    """The names of all elements in order, and the text of the body."""
    tree = LexborHTMLParser(page)
    names = [n.tag.lower() for n in tree.root.traverse() if n.is_element_node]
    check(name + ', elements', parser.ask('names', page).split(), names, shown)
    tree.strip_tags(['script', 'style', 'template'])
    check(name + ', text', parser.ask('text', page), tree.body.text() if tree.body else '', shown)


def test_pages(parser, _):
    for number, page in enumerate(pages()):
        compare(parser, 'page %d' % number, page, number)


# Not select, whose rules of before 2025 lexbor has, nor what is left open at the end of a page with
# raw text, in which lexbor goes on with formatting, nor framesets, where its "body" is the frameset.
TAGS = """a b i font nobr em p div span ul li dl dt dd table tbody thead tr td th caption colgroup col
    form button h1 h2 pre br hr img input address section ruby rt rp rb rtc svg title desc
    foreignobject g math mi mtext annotation-xml object marquee applet template script style x-y
    noscript body html head meta""".split()
ATTRIBUTES = ['', '', ' id=1', ' class=a', ' id=2', ' size=3', ' color=red', ' type=hidden',
              ' encoding=text/html', '/']
PIECES = ['x', 'y ', ' ', '\n', '&amp;', '<!--c-->', '1', '&lt'] * 8 + ['<', '</>', '<?x>', '<![CDATA[q]]>', '</ x>']


def random_page(rng):
    """A page of few kinds of tags, so that they meet in all orders."""
    tags = rng.sample(TAGS, rng.randint(2, 12))
    page = rng.choice(['', '<!doctype html>'])
    for _ in range(rng.randint(1, 40)):
        kind, tag = rng.random(), rng.choice(tags)
        page += '<%s%s>' % (tag, rng.choice(ATTRIBUTES)) if kind < .5 else \
            '</%s>' % tag if kind < .75 else rng.choice(PIECES)
    return page


def test_random(parser, _):
    rng = random.Random(1)
    for number in range(RANDOM_PAGES):
        page = random_page(rng)
        compare(parser, 'random page %d' % number, page.encode(), page)


def main():
    found = subprocess.run(['go', 'mod', 'download', '-json', MODULE], stdout=subprocess.PIPE, check=True)
    folder = json.loads(found.stdout)['Dir'] + '/html/testdata/html5lib-tests'
    parser = Parser()
    before = 0
    for what, test in (('trees', test_trees), ('tokens', test_tokens), ('pages beside lexbor', test_pages),
                       ('random pages beside lexbor', test_random)):
        test(parser, folder)
        print('     %s: %d cases compared' % (what, passed + failed - before))
        before = passed + failed
    print('%d passed, %d failed, %d skipped' % (passed, failed, skipped))
    sys.exit(failed > 0)


main()
