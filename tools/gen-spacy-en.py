#!/usr/bin/env python3
"""Writes lib/text/char_table.c and lib/text/spacy_en_table.c: the character classes and the
special cases by which the English tokenizer of spaCy 3.8 cuts text into words.

usage: tools/gen-spacy-en.py [TOKENIZER.json] [OUTPUT-DIRECTORY]

Source of the expressions and of the exceptions: spaCy (https://spacy.io, MIT licence),
spacy.blank("en").tokenizer. Without TOKENIZER.json they are read from the installed package; with it, from
a file with the keys prefix, suffix, infix, url (regular expressions), special (text -> pieces), phrases
(special cases that the affix rules cut: text -> the pieces after them) and sentence_end (characters).

The expressions themselves are not translated: spacy_en.c is written for their shape, which this script
checks, and the classes in them are found by asking the expressions about every code point. Run it with
Python 3.11 or another whose unicodedata is version 14.0, which the reference decisions were made with.
"""
import json, re, sys, unicodedata

UNICODE = '14.0.0'
SLOTS = 8192  # SPACY_SLOTS in spacy_en.h

# datatrove 0.10.1, src/datatrove/utils/text.py: the sentence-final marks of all scripts
# (TERMINAL_PUNCTUATION) and what PUNCTUATION_SET holds besides them.
TERMINAL = '''21 2E 3F 589 61D-61F 6D4 700-702 7F9 837 839 83D-83E 964-965 104A-104B 1362 1367-1368 166E
1735-1736 17D4-17D6 17D9-17DA 1803 1809 1944-1945 1AA8-1AAB 1B5A-1B5B 1B5E-1B5F 1B7D-1B7E 1C3B-1C3C 1C7E-1C7F
203C-203D 2047-2049 2E2E 2E3C 2E53-2E54 3002 A4FF A60E-A60F A6F3 A6F7 A876-A877 A8CE-A8CF A92F A9C8-A9C9 AA5D-AA5F
AAF0-AAF1 ABEB FE52 FE56-FE57 FF01 FF0E FF1F FF61 10A56-10A57 10F55-10F59 10F86-10F89 11047-11048 110BE-110C1
11141-11143 111C5-111C6 111CD 111DE-111DF 11238-11239 1123B-1123C 112A9 1144B-1144C 115C2-115C3 115C9-115D7
11641-11642 1173C-1173E 11944 11946 11A42-11A43 11A9B-11A9C 11C41-11C42 11EF7-11EF8 11F43-11F44 16A6E-16A6F 16AF5
16B37-16B38 16B44 16E98 1BC9F 1DA88'''
SYMBOL = '''0-8 B-1F 21-2F 3A-40 5B-60 7B-9F AB B4 BB 2013-2014 2019 201C-201E 2026 2236 2501 25BA 3001 3008-300D
3010-3011 FF05 FF08-FF09 FF0C FF11 FF1A-FF1B FF5E'''

# The expressions with each class of 50 or more characters as @: what spacy_en.c is written for.
SHAPE = {
    'prefix': r'''§|%|=|—|–|\+(?![0-9])|…|……|…|@''',
    'infix': r'''\.\.+|…|@|(?<=[0-9])[+\-\*^](?=[0-9-])|(?<=@)\.(?=@)|(?<=@),(?=@)'''
    r'''|(?<=@)(?:-|–|—|--|---|——|~)(?=@)|(?<=@)[:<>=/](?=@)''',
    'url': r'''(?u)^(?:(?:[\w\+\-\.]{2,})://)?(?:\S+(?::\S*)?@)?(?:(?!(?:10|127)(?:\.\d{1,3}){3})'''
    r'''(?!(?:169\.254|192\.168)(?:\.\d{1,3}){2})(?!172\.(?:1[6-9]|2\d|3[0-1])(?:\.\d{1,3}){2})'''
    r'''(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3])(?:\.(?:1?\d{1,2}|2[0-4]\d|25[0-5])){2}'''
    r'''(?:\.(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-4]))|(?:(?:[A-Za-z0-9\u00a1-\uffff]'''
    r'''[A-Za-z0-9\u00a1-\uffff_-]{0,62})?[A-Za-z0-9\u00a1-\uffff]\.)+(?:@{2,63}))(?::\d{2,5})?(?:[/?#]\S*)?$''',
}


def from_package():
    import spacy
    from spacy.pipeline.sentencizer import Sentencizer
    nlp = spacy.blank('en')
    t = nlp.tokenizer
    special = {k: [x[65] if 65 in x else x['ORTH'] for x in v] for k, v in t.rules.items()}
    phrases = {}
    for text in special:
        plain = [x.text for x in spacy.tokenizer.Tokenizer(nlp.vocab, prefix_search=t.prefix_search,
            suffix_search=t.suffix_search, infix_finditer=t.infix_finditer, url_match=t.url_match)(text)]
        if affected(t, text):
            phrases[text] = plain
    return {
        'spacy': spacy.__version__, 'special': special, 'phrases': phrases,
        'prefix': t.prefix_search.__self__.pattern, 'suffix': t.suffix_search.__self__.pattern,
        'infix': t.infix_finditer.__self__.pattern, 'url': t.url_match.__self__.pattern,
        'sentence_end': sorted(Sentencizer.default_punct_chars),
    }


def affected(t, text):
    """spaCy puts back what holds a prefix, suffix or infix (Tokenizer.add_special_case), or a blank."""
    return bool(t.find_prefix(text) or t.find_infix(text) or t.find_suffix(text) or ' ' in text)


def shape(expression):
    """The expression with each character class of 50 or more characters replaced by @."""
    out, i = [], 0
    while i < len(expression):
        j = i + 1
        if expression[i] == '\\':
            j = i + 2
        elif expression[i] == '[':
            while expression[j] != ']':
                j += 2 if expression[j] == '\\' else 1
            j += 1
        out.append('@' if expression[i] == '[' and j - i >= 50 else expression[i:j])
        i = j
    return ''.join(out)


def check_shape(t):
    for key in ('infix', 'url'):
        if shape(t[key]) != SHAPE[key]:
            sys.exit(f'the {key} expression has a new shape, spacy_en.c must be looked at: {shape(t[key])}')
    single = re.compile(r'\\?.$')
    odd = [x for x in (y.removeprefix('^') for y in shape(t['prefix']).split('|')) if not single.match(x)]
    if odd != [r'\+(?![0-9])', '……', r'\.\.+', r'US\$', r'C\$', r'A\$']:
        sys.exit(f'the prefix expression has a new shape: {odd}')
    suffix, n = re.subn(r'\(\?<=\[0-9\]\)\(\?:[^()]*\)\$', '(UNITS)', shape(t['suffix']))
    odd = [x for x in suffix.split('|') if not re.match(r'\\?.\$$', x)]
    if n != 2 or odd != ['……$', r'\.\.+$', "'s$", "'S$", '’s$', '’S$', r'(?<=[0-9])\+$', r'(?<=°[FfCcKk])\.$',
            '(UNITS)', '(UNITS)', r'(?<=@)\.$', r'(?<=@@)\.$']:
        sys.exit(f'the suffix expression has a new shape: {odd}')


def units(suffix):
    found = set()
    for group in re.findall(r'\(\?<=\[0-9\]\)\(\?:([^()]*)\)\$', suffix):
        found |= {x.replace('\\', '') for x in group.split('|')}
    return sorted(found, key=lambda x: x.encode())


def ranges(text):
    for part in text.split():
        first, _, last = part.partition('-')
        yield from range(int(first, 16), int(last or first, 16) + 1)


def classes(t):
    """The classes in the order of enum char_class in chars.h, each a test of one character."""
    prefix, suffix = re.compile(t['prefix']).search, re.compile(t['suffix']).search
    infix, url = re.compile(t['infix']).finditer, re.compile(t['url']).match
    word, digit = re.compile(r'\w').match, re.compile(r'\d').match
    terminal, symbol = set(ranges(TERMINAL)), set(ranges(SYMBOL)) | set(ranges(TERMINAL))

    def cuts(text, at):
        return any(m.start() == at for m in infix(text))

    def ends(text, at):
        m = suffix(text)
        return bool(m and m.start() == at)

    rows = [
        ('SPACE', lambda c: c.isspace()),
        ('LETTER', lambda c: unicodedata.category(c)[0] == 'L'),
        ('PUNCTUATION', lambda c: unicodedata.category(c)[0] == 'P'),
        ('SYMBOL', lambda c: ord(c) in symbol),
        ('TERMINAL', lambda c: ord(c) in terminal),
        ('SENTENCE_END', lambda c: c in t['sentence_end']),
        ('PREFIX', lambda c: c != '+' and bool(prefix(c))),
        ('SUFFIX', lambda c: bool(suffix(c))),
        ('INFIX', lambda c: cuts(c, 0)),
        ('BEFORE_STOP', lambda c: ends(c + '.', 1)),
        ('CAPITAL', lambda c: ends(c + 'A.', 2)),
        ('STOP_LEFT', lambda c: cuts(c + '.A', 1)),
        ('STOP_RIGHT', lambda c: cuts('a.' + c, 1)),
        ('ALPHA', lambda c: cuts('a,' + c, 1)),
        ('ALPHA_DIGIT', lambda c: cuts(c + ':a', 1)),
        ('TLD', lambda c: bool(url('a.' + c + c))),
        ('LABEL', lambda c: bool(url(c + '.aa'))),
        ('WORD', lambda c: bool(word(c))),
        ('DIGIT', lambda c: bool(digit(c))),
    ]
    table = []
    for i in range(0x110000):
        c = chr(i)
        table.append(0 if 0xd800 <= i < 0xe000 else sum(1 << b for b, (_, test) in enumerate(rows) if test(c)))
    return [name for name, _ in rows], table


def wrap(values, width=96):
    lines, line = [], ''
    for v in values:
        if len(line) + len(v) + 2 > width - 8:
            lines.append('\t' + line.rstrip())
            line = ''
        line += v + ', '
    return '\n'.join(lines + ['\t' + line.rstrip()]) + '\n'


def head(t, what):
    return (f'/* {what} Generated by tools/gen-spacy-en.py from spaCy {t["spacy"]}\n'
        f' * (MIT licence) with Unicode {UNICODE}; do not edit. */\n')


def write_chars(t, path):
    names, table = classes(t)
    rows = sorted(set(table))
    index = {row: i for i, row in enumerate(rows)}
    blocks, numbers = [], []
    for start in range(0, 0x110000, 256):
        block = bytes(index[x] for x in table[start:start + 256])
        if block not in blocks:
            blocks.append(block)
        numbers.append(blocks.index(block))
    with open(path, 'w', encoding='utf-8') as f:
        f.write(head(t, 'Classes of all characters.') + '/* clang-format off */\n')
        f.write('#include "lib/text/chars.h"\n\n')
        f.write('const uint32_t char_rows[] = {\n' + wrap([hex(x) for x in rows]) + '};\n\n')
        f.write('const uint8_t char_block_of[] = {\n' + wrap([str(x) for x in numbers]) + '};\n\n')
        f.write('const uint8_t char_blocks[][256] = {\n')
        f.write(''.join('{\n' + wrap([str(x) for x in b]) + '},\n' for b in blocks) + '};\n')
    assert len(rows) <= 256 and len(blocks) <= 256
    return names


def c_string(text):
    """Octal bytes, in several literals where one would be too long for a line."""
    parts = ['']
    for b in text.encode():
        if len(parts[-1]) > 60:
            parts.append('')
        parts[-1] += chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else f'\\{b:03o}'
    return '\n\t  '.join(f'"{p}"' for p in parts)


def slots(keys):
    """A table with linear probing by FNV-1a (RFC 9923), as spacy_en_special looks it up."""
    table = [0] * SLOTS
    for i, k in enumerate(keys):
        h = 0x811c9dc5
        for b in k.encode():
            h = (h ^ b) * 0x01000193 & 0xffffffff
        at = (h ^ h >> 16) % SLOTS
        while table[at]:
            at = (at + 1) % SLOTS
        table[at] = i + 1
    return table


def write_special(t, path):
    special, phrases = t['special'], t['phrases']
    keys = sorted((k for k in special if not any(c.isspace() for c in k)), key=lambda k: k.encode())
    assert all(''.join(special[k]) == k for k in keys) and max(len(v) for v in special.values()) <= 3
    number = {k: i for i, k in enumerate(keys)}
    put_back = sorted((k for k in phrases if k in number and len(phrases[k]) > 1), key=lambda k: k.encode())
    assert all(''.join(phrases[k]) == k for k in put_back)
    assert all(len(phrases[k]) <= 11 for k in put_back)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(head(t, 'Special cases of English words.') + '/* clang-format off */\n')
        f.write('#include "lib/text/spacy_en.h"\n\n')
        f.write('/* Sorted by text; n is the bytes of each piece. */\n')
        f.write('const struct spacy_special spacy_specials[] = {\n')
        for k in keys:
            lengths = ', '.join(str(len(p.encode())) for p in special[k])
            f.write(f'\t{{ {c_string(k)}, {len(k.encode())}, {{ {lengths} }} }},\n')
        f.write(f'}};\nconst size_t spacy_n_specials = {len(keys)};\n\n')
        f.write('/* 1 + the number of a special case, by its hash; 0: free. */\n')
        f.write('const uint16_t spacy_slots[SPACY_SLOTS] = {\n' + wrap([str(x) for x in slots(keys)]) + '};\n\n')
        f.write('/* Those that the affix rules cut up: the number of the special case, the bytes of each piece. */\n')
        f.write('const struct spacy_phrase spacy_phrases[] = {\n')
        for k in put_back:
            lengths = ', '.join(str(len(p.encode())) for p in phrases[k])
            f.write(f'\t{{ {number[k]}, {{ {lengths} }} }},\n')
        f.write(f'}};\nconst size_t spacy_n_phrases = {len(put_back)};\n\n')
        f.write('/* What is cut off behind a digit, sorted. */\nconst struct slice spacy_units[] = {\n')
        for u in units(t['suffix']):
            f.write(f'\t{{ {c_string(u)}, {len(u.encode())} }},\n')
        f.write(f'}};\nconst size_t spacy_n_units = {len(units(t["suffix"]))};\n')
    print(len(keys), 'special cases,', len(put_back), 'phrases, longest',
        max(len(k.encode()) for k in keys), 'bytes, units up to', max(len(u.encode()) for u in units(t['suffix'])))


def main():
    if unicodedata.unidata_version != UNICODE:
        sys.exit(f'Unicode {unicodedata.unidata_version} here, {UNICODE} wanted: use Python 3.11')
    args = sys.argv[1:]
    source = args.pop(0) if args and args[0].endswith('.json') else None
    folder = args.pop(0) if args else 'lib/text'
    t = json.load(open(source, encoding='utf-8')) if source else from_package()
    check_shape(t)
    print(' '.join(f'CHAR_{n}' for n in write_chars(t, f'{folder}/char_table.c')))
    write_special(t, f'{folder}/spacy_en_table.c')


if __name__ == '__main__':
    main()
