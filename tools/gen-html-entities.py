#!/usr/bin/env python3
"""Writes lib/web/html_entities.c: tools/gen-html-entities.py > lib/web/html_entities.c

The named character references of the HTML Standard, 13.5, as Python's html.entities.html5 has them
(2231 names, with and without semicolon), with a hash table of open addressing beside them."""
import html.entities

BITS = 12
MASK = (1 << BITS) - 1


def place(name):
    """As name_place() in lib/web/html_chars.c."""
    h = 0
    for c in name:
        h = (h * 31 + c) & 0xffffffff
    return (h * 0x9E3779B1 & 0xffffffff) >> (32 - BITS)


rows = sorted(html.entities.html5.items())
places = [0] * (MASK + 1)
for number, (name, _) in enumerate(rows):
    i = place(name.encode())
    while places[i]:
        i = (i + 1) & MASK
    places[i] = number + 1


def print_list(items):
    line = '\t'
    for text in items:
        if len(line) + len(text) > 88:
            print(line.rstrip())
            line = '\t'
        line += text + ' '
    print(line.rstrip())
    print('};')


print('/* The named character references (HTML Standard, 13.5). Made by tools/gen-html-entities.py; not')
print(' * to be changed by hand. */')
print('/* clang-format off */')
print('#include "lib/web/html_entities.h"\n')
print('const struct html_entity html_entities[] = {')
print_list('{ "%s", "%s" },' % (n, ''.join('\\%03o' % b for b in v.encode())) for n, v in rows)
print('\nconst uint16_t html_entity_places[1 << HTML_ENTITY_BITS] = {')
print_list('%d,' % v for v in places)
