#!/usr/bin/env python3
"""Writes what only an enemy encodes: each text one document without a place to cut it, or almost.

    tests/bench/tokenize_worst.py FOLDER SIZE ...       FOLDER/CASE.SIZE.docs, as tokenize_texts.py's
"""
import os, random, struct, sys

LETTERS = 'abcdefghijklmnopqrstuvwxyz'


def han(r, n):
    """Of the first 6,000 ideographs of the Unified block; a fifth of them comes ten times as often."""
    points = range(0x4E00, 0x4E00 + 6000)
    return ''.join(map(chr, r.choices(points, [10 if p % 5 == 0 else 1 for p in points], k=n // 3)))


CASES = {
    'one-letter': lambda r, n: 'a' * n,
    'letters': lambda r, n: ''.join(r.choices(LETTERS, k=n)),
    'spaces': lambda r, n: ' ' * n,
    'white-space': lambda r, n: ''.join(r.choices(' \t\n\r', [20, 3, 2, 1], k=n)),
    'han': han,
}


def main():
    for size in map(int, sys.argv[2:]):
        for name, make in CASES.items():
            data = make(random.Random(size), size).encode()
            with open(os.path.join(sys.argv[1], '%s.%d.docs' % (name, size)), 'wb') as f:
                f.write(struct.pack('<I', len(data)) + data)


if __name__ == '__main__':
    main()
