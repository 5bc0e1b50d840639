#!/usr/bin/env python3
"""Trains a vocabulary with one of the peers of tests/bench/train.sh, or compares merges.

    train_peers.py text DOCS.jsonl TEXT MB  the texts of records on standard input, MB million bytes of them,
                                        each with a line end, to TEXT; and to DOCS.jsonl their records
    train_peers.py PEER TEXT SIZE OUT   writes the merges, a line each, as "HEX HEX" of the two sides
    train_peers.py merges FILE OUT      the same of a tokenizer.json
    train_peers.py compare A B          exit status 1 when one is not the beginning of the other

gigabpe and tokenizers read the file, line by line with its end, and cut by GPT-2's pattern; rustbpe gets
the same lines and the same pattern. tokenizers begins with all 256 bytes, as ours does. gigabpe and
rustbpe do not all alike: gigabpe begins with the bytes that stand in the text, so that the merges of
the same size are more, and rustbpe orders equally frequent pairs by itself.
"""
import json, sys

PATTERN = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
EOT = '<|endoftext|>'


def byte_of():
    """Of a character in tokenizer.json: the byte (bytes_to_unicode in encoder.py of openai/gpt-2)."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in plain]
    return {**{chr(b): b for b in plain}, **{chr(256 + i): b for i, b in enumerate(others)}}


def write(out, merges):
    with open(out, 'w') as f:
        f.writelines('%s %s\n' % (a.hex(), b.hex()) for a, b in merges)


def merges_of(path, out):
    table = byte_of()
    with open(path, encoding='utf-8') as f:
        pairs = json.load(f)['model']['merges']
    pairs = [p.split(' ') if isinstance(p, str) else p for p in pairs]
    write(out, [[bytes(table[c] for c in side) for side in p] for p in pairs])


def gigabpe(text, size, out):
    import gigabpe

    gigabpe.train_tokenizer([text], vocab_size=size, output=out + '.json', pretokenizer='bytelevel', special_tokens=[EOT], min_frequency=2, threads=1)
    return out + '.json'


def tokenizers(text, size, out):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    t = Tokenizer(models.BPE())
    t.pre_tokenizer, t.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    t.train([text], trainers.BpeTrainer(vocab_size=size, min_frequency=2, special_tokens=[EOT], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    t.save(out + '.json')
    return out + '.json'


def rustbpe(text, size, out):
    import rustbpe

    t = rustbpe.Tokenizer()
    with open(text, encoding='utf-8', newline='\n') as f:
        t.train_from_iterator(f, vocab_size=size - 1, pattern=PATTERN)
    with open(out + '.ranks', 'w') as f:
        f.writelines('%s\n' % bytes(token).hex() for token, _ in t.get_mergeable_ranks())


def make_text(docs, text, limit):
    n = 0
    with open(docs, 'wb') as records, open(text, 'wb') as f:
        for line in sys.stdin.buffer:
            if n >= limit:
                break
            records.write(line)
            n += f.write((json.loads(line)['text'] + '\n').encode())


def compare(a, b):
    with open(a) as f, open(b) as g:
        x, y = f.read().splitlines(), g.read().splitlines()
    n = min(len(x), len(y))
    first = next((i for i in range(n) if x[i] != y[i]), n)
    print('the same %d merges' % n if first == n else 'merge %d of %d differs' % (first, n))
    return first < n


def main(mode, *args):
    if mode == 'text':
        make_text(args[0], args[1], int(args[2]) * 10**6)
    elif mode == 'merges':
        merges_of(*args)
    elif mode == 'compare':
        return compare(*args)
    else:
        text, size, out = args
        globals()[mode](text, int(size), out)


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
