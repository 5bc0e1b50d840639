#!/usr/bin/env python3
"""The URL parser beside Ada's (ada-url), on the cases of $CORPUS_SHARED/data/url, on those cases changed, and on
URLs made of hard pieces: every part of every URL, and what is refused.

    tests/peers/url.py      url_href on PATH; ada-url

Ada follows the standard of today, $CORPUS_SHARED/data/url and ours an earlier one, in which '^' stays in a path and an xn-- label
that is no Punycode makes a host invalid, also where all of it is ASCII. Both are allowed for. The last line is "N passed, N failed".
"""
import json, os, random, subprocess, sys
import ada_url

DATA = os.path.join(os.environ.get('CORPUS_SHARED', os.path.join(os.path.dirname(__file__), '../../../shared')), 'data/url')
PIECES = ['http:', 'https:', 'ftp:', 'file:', 'ws:', 'a:', 'blob:', 'mailto:', 'HTTP:', '/', '/', '//', '///', '\\', '.', '..', '...', '%2e',
    '%2E.', '?', '#', '@', ':', ':80', ':443', ':21', ':0', ':65535', ':65536', ':080', '[', ']', '[::1]', '[1:2::]', '[::1.2.3.4]',
    '[1:0:0:2::]', '1.2.3.4', '0x7f.1', '256', '1e3', '08', '017700000001', '4294967295', '4294967296', '1.2.3', '0x', '.com',
    'example', 'example.com', 'localhost', 'C:', 'C|', 'c:/', '/C|/', ' ', '\t', '\n', '%', '%41', '%zz', '%00', '%C3%BC', '"', '<', '>', '`', '{',
    '}', '|', '^', "'", '\u00fc', '\u00df', '\u3002', '\uff0e', '\uff11', '\u00ad', '\u200d', '\u2603', '\u05d0', '\u0660', 'xn--', 'xn--bcher-kva', 'XN--TDA',
    'xn--a', '-', '--', '_', '~', '!', '$', '&', '=', '+', ',', ';', '\x00', '\x1f', '\x7f', '\x80', '\ufffd', '\U0001F4A9', 'a', 'B', '0', 'a=b&c=d', ' x ', '\u0301', '\u2260',
    'user', 'user:pw@', '@@', '::', '.%2e', '%5C', '%2F']
BASES = [None, None, 'http://example.org/foo/bar?q#f', 'https://u:p@h:8080/a/b/', 'file:///C:/d/e', 'file://host/x', 'a:/.//p', 'a://h/p/q?x',
    'mailto:x?y', 'ws://h', 'a://h', 'a:b']


def ours(cases):
    lines = ''.join(json.dumps({'input': i, **({'base': b} if b is not None else {})}) + '\n' for i, b in cases)
    run = subprocess.run(['url_href'], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in run.stdout.decode().split('\n')[:-1]]


def theirs(text, base):
    try:
        u = ada_url.URL(text, base=base) if base is not None else ada_url.URL(text)
    except ValueError:
        return None
    port = int(u.port) if u.port else -1
    return [u.href, u.username, u.password, u.hostname, port, u.pathname, u.search[1:], u.hash[1:], u.origin]


def changed(rnd, text):
    for _ in range(rnd.randint(1, 3)):
        at = rnd.randint(0, len(text))
        kind = rnd.randrange(3)
        text = text[:at] + (rnd.choice(PIECES) if kind else '') + text[at + (kind < 2):]
    return text


def caret(parts):
    """Carets in the path, encoded."""
    if parts is None or '^' not in parts[5]:
        return parts
    path = parts[5].replace('^', '%5E')
    return [parts[0].replace(parts[5], path, 1), *parts[1:5], path, *parts[6:]]


def unchecked(got, want):
    """Whether ours alone refuses, and there is an xn-- label that it can refuse."""
    return got is None and want is not None and 'xn--' in want[3]


def same(got, want):
    got, want = caret(got), caret(want)
    if unchecked(got, want):
        return True
    # The origin of a blob: URL is that of another, in its path, where the same differs.
    if got and want and got[0].startswith('blob:') and 'xn--' in got[5].lower():
        return got[:8] == want[:8]
    return got == want


def compare(title, cases):
    answers = [(text, base, got, theirs(text, base)) for (text, base), got in zip(cases, ours(cases), strict=True)]
    wrong = [row for row in answers if not same(row[2], row[3])]
    for row in wrong[:20]:
        print('  %r base %r\n    ours   %s\n    theirs %s' % row)
    print('%s: %d URLs, %d of them refused, %d of these for a label, %d differ' % (title, len(cases), sum(r[2] is None for r in answers),
        sum(unchecked(r[2], r[3]) for r in answers), len(wrong)))
    return not wrong


def main():
    rnd, given, passed, failed, skipped = random.Random(7), [], 0, 0, 0
    path = os.path.join(DATA, 'urltestdata-dev.jsonl.zst')
    if os.path.exists(path):
        lines = subprocess.run(['zstd', '-dcqf', path], stdout=subprocess.PIPE, check=True).stdout.decode().split('\n')
        given = [(c['input'], c['base']) for c in map(json.loads, filter(None, lines))]
        given = [(t, b) for t, b in given if not any('\ud800' <= c <= '\udfff' for c in t)]
    else:
        skipped = 1
    runs = [('pieces', [(''.join(rnd.choices(PIECES, k=rnd.randint(1, 9))), rnd.choice(BASES)) for _ in range(200000)]),
        ('behind http://', [('http://' + ''.join(rnd.choices(PIECES, k=rnd.randint(1, 6))), None) for _ in range(200000)])]
    if given:
        runs += [('the cases', given), ('cases changed', [(changed(rnd, t), b) for t, b in given for _ in range(300)])]
    for title, cases in runs:
        if compare(title, cases):
            passed += 1
        else:
            failed += 1
            print('FAIL', title)
    print('%d passed, %d failed' % (passed, failed) + (', %d skipped' % skipped if skipped else ''))
    return failed > 0


sys.exit(main())
