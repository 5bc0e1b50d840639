#!/usr/bin/env python3
"""Writes lib/web/html_names.h: tools/gen-html-names.py > lib/web/html_names.h

Reads the element and attribute names of lib/web/html.h and finds for each list a factor that puts
all names into different places of a table. A name's key is its first eight bytes in lower case, as
a little-endian number; that these differ is checked here."""
import random
import re
import sys


def names(macro):
    text = open('lib/web/html.h').read()
    rows = re.search(r'#define %s\(X\) \\\n(.*?)\n\n' % macro, text, re.S).group(1)
    return [m.group(1).encode() for m in re.finditer(r'X\(\w+, "([^"]+)"', rows)]


def key(name):
    return int.from_bytes(name[:8].ljust(8, b'\0'), 'little')


def place(name, factor, bits):
    return (key(name) * factor & (1 << 64) - 1) >> (64 - bits)


def factor_for(all_names, bits):
    rng = random.Random(1)
    assert len({key(n) for n in all_names}) == len(all_names)
    while True:
        factor = rng.getrandbits(64) | 1
        if len({place(n, factor, bits) for n in all_names}) == len(all_names):
            return factor


def table(what, first, all_names, bits):
    factor = factor_for(all_names, bits)
    slots = [0] * (1 << bits)
    for i, name in enumerate(all_names):
        slots[place(name, factor, bits)] = i + first
    print('\n#define HTML_%s_FACTOR UINT64_C(0x%016x)' % (what.upper(), factor))
    print('#define HTML_%s_BITS %d' % (what.upper(), bits))
    print('static const uint8_t html_%s_places[1 << HTML_%s_BITS] = {' % (what, what.upper()))
    for i in range(0, len(slots), 16):
        print('\t' + ' '.join('%d,' % v for v in slots[i:i + 16]))
    print('};')


print('/* html_names.h - where the names of html.h stand in their tables. Made by')
print(' * tools/gen-html-names.py; not to be changed by hand. */')
print('/* clang-format off */')
print('#ifndef CORPUS_HTML_NAMES_H\n#define CORPUS_HTML_NAMES_H\n\n#include <stdint.h>')
table('tag', 3, names('HTML_TAGS'), 11)       # behind HTML_DOCUMENT, HTML_TEXT and HTML_OTHER
table('attr', 1, names('HTML_ATTRS'), 8)      # 0: not there
print('\n#endif')
