#!/usr/bin/env python3
"""The splitters of corpus-quality beside others on text made to be hard: spacy-en beside the plain restatement of
spaCy's tokenizer in $CORPUS_SHARED/data/quality, whitespace beside str.split.

    tests/peers/quality_words.py      corpus-quality on PATH; standard library only

Texts are made of special cases, affixes, units, parts of URLs and characters of all planes, the same in every
run. What is compared are the statistics of the words: their number, mean length and letters, and the n-grams that
they form, so that a single cut at another place shows. The last line is "N passed, N failed".
"""
import json, os, random, subprocess, sys, tempfile
from collections import Counter

DATA = os.path.join(os.environ.get('CORPUS_SHARED', os.path.join(os.path.dirname(__file__), '../../../shared')), 'data/quality')
RULES = '''name: words
splitter: %s
rules:
  - { name: words, statistic: words }
  - { name: non_symbol_words, statistic: non_symbol_words }
  - { name: mean_word_length, statistic: mean_word_length }
  - { name: alpha_words, statistic: alpha_words }
  - { name: top_2_gram, statistic: top_2_gram }
  - { name: duplicated_5_n_grams, statistic: duplicated_5_n_grams }
'''
MARKS = list("abzAZ09.,:;!?'\"-–—~()[]{}<>=/+*^$#%&@_°²…‘’“”|\\`£€") + [
    'US$', 'C$', 'km', 'm/s', 'am', 'p.m.', '...', '..', 'http://', 'www.', '.com', '.co.uk', '10', '127.', '192.168.',
    '172.20.', '8.8.8.8', '255', 'user@', ':80', '?q', '--', '---', '——', "n't", "'s", '’S', '٣', 'é', 'É', 'Ж', '中', '。',
    'א', 'ا', '°C', '°F.', '\U00020000', '\U0001F600', 'İ', 'ǅ', 'тб', '﷼', '\x01', '\x7f', '·', '×']
SPACES = ['', '', '', ' ', ' ', ' ', '  ', '\n', '\n\n', '\t', '\u00a0', '\u3000', ' \n', '\x1c', '\u2028']


def soup(rnd, atoms):
    out = []
    for _ in range(rnd.randint(1, 40)):
        if rnd.random() < .05:
            out.append(chr(rnd.choice([rnd.randrange(1, 0x3100), rnd.randrange(0xe000, 0x110000)])))
        out += [rnd.choice(atoms), rnd.choice(SPACES)]
    return ''.join(out)


def statistics(text, words):
    pairs = Counter(zip(words, words[1:]))
    best = pairs.most_common(1)
    seen, repeated, i = set(), 0, 0
    while i + 5 <= len(words):
        joined = ''.join(words[i:i + 5])
        repeated += len(joined) if joined in seen else 0
        i += 5 if joined in seen else 1
        seen.add(joined)
    return {
        'words': len(words),
        'alpha_words': sum(any(c.isalpha() for c in w) for w in words) / len(words) if words else None,
        'top_2_gram': (len(' '.join(best[0][0])) * best[0][1] if best else 0) / len(text),
        'duplicated_5_n_grams': repeated / len(text),
    }


def check(splitter, texts, split):
    with tempfile.TemporaryDirectory() as folder:
        rules = os.path.join(folder, 'words.yaml')
        with open(rules, 'w') as f:
            f.write(RULES % splitter)
        lines = ''.join(json.dumps({'id': str(i), 'text': t}) + '\n' for i, t in enumerate(texts))
        out = subprocess.run(['corpus-quality', '-q', '--rules', rules, '--annotate', '--plain'],
            input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    bad = 0
    for text, line in zip(texts, out.decode().split('\n'), strict=False):
        got = json.loads(line)['quality']
        for key, want in statistics(text, split(text)).items():
            if got.get(key) != want:
                bad += 1
                if bad <= 5:
                    print(f'{splitter}: {key} is {got.get(key)}, wanted {want}, of {text!r}')
    print(f'{splitter}: {len(texts)} texts, {bad} values differ')
    return bad == 0


def main():
    if not os.path.exists(os.path.join(DATA, 'tokenizer_en.py')):
        print(f'skipped: {DATA} is not there\n0 passed, 0 failed, 1 skipped')
        return
    sys.path.insert(0, DATA)
    from tokenizer_en import EnglishTokenizer
    tokenizer = EnglishTokenizer(os.path.join(DATA, 'tokenizer-en.json'))
    pieces = [p for v in tokenizer.phrases.values() for phrase in v for p in phrase]
    rnd = random.Random(1)
    hard = [soup(rnd, MARKS + rnd.sample(sorted(tokenizer.special), 60)) for _ in range(12000)]
    put_back = [soup(rnd, rnd.sample(pieces, 12) + MARKS[:20]) for _ in range(8000)]
    results = [check('spacy-en', hard + put_back, tokenizer.words), check('whitespace', hard, str.split)]
    print(f'{sum(results)} passed, {len(results) - sum(results)} failed')
    sys.exit(0 if all(results) else 1)


if __name__ == '__main__':
    main()
