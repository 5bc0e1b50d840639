#!/usr/bin/env python3
"""corpus-tokenize train beside Hugging Face's BpeTrainer: the same file, byte for byte; and what it
writes, loaded by tokenizers and by tiktoken, gives the same ids.

    tests/peers/tokenizer_training.py   corpus-tokenize on PATH; see requirements.txt

Text is 20 MB of $CORPUS_SHARED/data/dedup/docs.jsonl.zst where that is there, and made-up text of many
scripts in any case. The last line is "N passed, N failed".
"""
import base64, os, random, sys, tempfile

import tiktoken, tokenizers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

import tokenizer as peer
from tokenizer import EOT, check, made_up, records, run, same_ids

# tiktoken's openai_public.py has them for cl100k_base and o200k_base, Meta's tokenizer.py for Llama 3.
O200K = '|'.join([r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
                  r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
                  r"""\p{N}{1,3}""", r""" ?[^\s\p{L}\p{N}]+[\r\n/]*""", r"""\s*[\r\n]+""", r"""\s+(?!\S)""", r"""\s+"""])
PATTERNS = {
    'gpt2': peer.PATTERN,
    'cl100k': r"""'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s""",
    'o200k': O200K,
    'llama3': r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+""",
    'qwen2': None, 'deepseek3': None, 'tekken': None,
    r'\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+': None,  # white space is between its matches
}


def trainer(pre_tokenizer, size, frequency, specials):
    t = Tokenizer(models.BPE())
    t.pre_tokenizer, t.decoder = pre_tokenizer, decoders.ByteLevel()
    return t, trainers.BpeTrainer(vocab_size=size, min_frequency=frequency, special_tokens=specials, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)


def same_file(name, a, b):
    with open(a, 'rb') as f, open(b, 'rb') as g:
        check('training, ' + name, f.read() == g.read())


class Text:
    """Texts, and the files that the two trainers read."""

    def __init__(self, work, name, texts):
        self.name, self.texts, self.work = name, texts, work
        self.file, self.records = os.path.join(work, 'text.txt'), os.path.join(work, 'text.jsonl')
        with open(self.file, 'w', encoding='utf-8', newline='') as f:
            f.writelines(t + '\n' for t in texts)
        with open(self.records, 'wb') as f:
            f.write(records(texts))

    def path(self, name):
        return os.path.join(self.work, name)

    def train(self, out, size, frequency, *args):
        run('train', '-q', '-n', str(size), '--min-frequency', str(frequency), '-o', self.path(out), *args)
        return self.path(out)


def equal_training(text, pattern, size, frequency, specials=(EOT,)):
    """The pattern goes to the other library as the file says it, which is its own regular expression."""
    options = ['--pattern', pattern, '--special-tokens', ','.join(specials)]
    for form, args in (('files', ('--from', 'text', text.file)), ('iterator', (text.records,)), ('lines', ('--lines', text.records))):
        mine = text.train('ours.json', size, frequency, *options, *args)
        t, how = trainer(Tokenizer.from_file(mine).pre_tokenizer, size, frequency, list(specials))
        if form == 'files':
            t.train([text.file], how)
        elif form == 'iterator':
            t.train_from_iterator(text.texts, how)
        else:
            t.train_from_iterator([line for s in text.texts for line in lines_of(s)], how)
        t.save(text.path('theirs.json'))
        same_file('%s, %s, %s' % (text.name, pattern, form), mine, text.path('theirs.json'))


def lines_of(text):
    """Cut behind each line feed, and nowhere else."""
    *whole, rest = text.split('\n')
    return [line + '\n' for line in whole] + [rest] * (rest != '')


def ranks_of(path):
    with open(path, 'rb') as f:
        return {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in f)}


def forms(text, pattern, size):
    """One vocabulary in four files: ids of special tokens first or last, tokenizer.json or .tiktoken."""
    specials = [EOT, '<|pad|>', '<a b>']
    options = ['--pattern', pattern, '--special-tokens', ','.join(specials), text.records]
    some = text.texts[:400] + [''.join(random.Random(5).choices(specials + ['a b', ' \n', 'é'], k=50))]
    for where in ('first', 'last'):
        json_file = text.train(where + '.json', size, 2, '--special-ids', where, *options)
        rank_file = text.train(where + '.tiktoken', size, 2, '--special-ids', where, '--to', 'tiktoken', *options)
        hf = Tokenizer.from_file(json_file)
        ids = [e.ids for e in hf.encode_batch(some)]
        name = '%s, %s, special ids %s' % (text.name, pattern, where)
        same_ids('training, %s, tokenizer.json read again' % name, some, ids, peer.ours(some, '--special', 'all', '--vocab', json_file))
        special_ids = {s: hf.token_to_id(s) for s in specials}
        check('training, %s, ids of special tokens' % name, sorted(special_ids.values()) == (list(range(3)) if where == 'first' else list(range(size - 3, size))), special_ids)
        if PATTERNS[pattern]:
            t = tiktoken.Encoding('trained', pat_str=PATTERNS[pattern], mergeable_ranks=ranks_of(rank_file), special_tokens=special_ids, explicit_n_vocab=size)
            same_ids('training, %s, tiktoken' % name, some, ids, t.encode_batch(some, allowed_special='all'))
    check('training, %s, .tiktoken has the ids last by default' % text.name,
          ranks_of(text.train('plain.tiktoken', size, 2, '--to', 'tiktoken', *options)) == ranks_of(text.path('last.tiktoken')))


def runs():
    """Runs of few letters, of white space and of signs, where places of a pair overlap."""
    r = random.Random(7)
    return [''.join(r.choice('ab ="\n') * r.randint(1, 12) for _ in range(r.randint(1, 30))) for _ in range(3000)]


def main():
    print('tokenizers %s, tiktoken %s' % (tokenizers.__version__, tiktoken.__version__))
    with tempfile.TemporaryDirectory() as work:
        many, real = made_up(1, 2000), peer.docs(20_000_000)
        if real:
            equal_training(Text(work, 'documents', real[:len(real) // 4]), 'gpt2', 8192, 2)
        text = Text(work, 'made-up text', many)
        for pattern in PATTERNS:
            equal_training(text, pattern, 3000, 1)
        equal_training(text, 'gpt2', 2000, 50, (EOT, '<pad>', 'the'))
        equal_training(Text(work, 'runs', runs()), 'gpt2', 4000, 1)
        text = Text(work, 'documents', real[:2000]) if real else text
        for pattern in PATTERNS:
            forms(text, pattern, 1500)
    print('%d passed, %d failed' % (peer.passed, peer.failed))
    return peer.failed > 0


if __name__ == '__main__':
    sys.exit(main())
