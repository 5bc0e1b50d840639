#!/usr/bin/env python3
"""One peer's speed on texts in memory: the counterpart of tokenize_bench.c, of which arguments and line are.

    tests/bench/tokenize_peers.py PEER VOCABULARY.tiktoken PATTERN FILE.docs [MB [ROUNDS [IDS]]]
    tests/bench/tokenize_peers.py compare IDS IDS ...       prints the first difference; its status says so

Each peer is called in the way that was the fastest on one thread, and gets what it needs before the clock
starts: its vocabulary from the file (quicktok ships the same ones), str or bytes, whichever is faster.
CPU time is that of the process, all threads, user and system; the ids of a pass are kept until its end.

    gigatoken   encode_batch(list of bytes, parallel=False): ids in one array, no object a token. A call with
                one letter goes before, so that seeding its table counts as loading, as ours does.
    quicktok    encode_batch(list of bytes, 1): one array, too.
    splintr     encode_flat of each text: bytes. RAYON_NUM_THREADS is 1.
    tiktoken    encode_ordinary of each text in its compiled part: a list (its way to numpy is slower).
    tokenizers  encode_batch_fast, the ids read from each encoding; RAYON_NUM_THREADS is 1. Its model is the
                tokenizer.json beside VOCABULARY.
"""
import os, resource, struct, sys

os.environ.update(RAYON_NUM_THREADS='1', TOKENIZERS_PARALLELISM='false', HF_HUB_OFFLINE='1')
import numpy

# As tiktoken's openai_public.py has them.
PATTERNS = {
    'cl100k': r"""'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s""",
    'o200k': '|'.join([
        r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
        r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
        r"""\p{N}{1,3}""", r""" ?[^\s\p{L}\p{N}]+[\r\n/]*""", r"""\s*[\r\n]+""", r"""\s+(?!\S)""", r"""\s+"""]),
}


def documents(path, limit):
    with open(path, 'rb') as f:
        data = f.read()
    docs, at, n = [], 0, 0
    while at < len(data) and (not limit or n < limit):
        size = struct.unpack_from('<I', data, at)[0]
        docs.append(data[at + 4:at + 4 + size])
        at += 4 + size
        n += size
    return docs, n


def seconds():
    u = resource.getrusage(resource.RUSAGE_SELF)
    return u.ru_utime + u.ru_stime


class Gigatoken:
    def __init__(self, vocabulary, pattern):
        from gigatoken import Tokenizer
        self.t = Tokenizer.from_tiktoken(vocabulary, pattern, {})
        self.t.encode_batch([b'a'], parallel=False)

    def prepare(self, docs):
        return docs

    def encode(self, docs):
        return self.t.encode_batch(docs, parallel=False)

    def ids(self, got):
        offsets = got.layout.offsets.data
        return numpy.diff(offsets), got.layout.content.data[offsets[0]:offsets[-1]]


class Quicktok(Gigatoken):
    def __init__(self, vocabulary, pattern):
        import quicktok
        self.t = quicktok.Tokenizer(pattern + '_base')

    def encode(self, docs):
        return self.t.encode_batch(docs, 1)

    def ids(self, got):
        return numpy.diff(got[1]), got[0]


class Splintr:
    def __init__(self, vocabulary, pattern):
        import splintr
        self.t = splintr.Tokenizer(vocabulary, getattr(splintr, pattern.upper() + '_BASE_PATTERN'), {})

    def prepare(self, docs):
        return [d.decode() for d in docs]

    def encode(self, docs):
        encode = self.t.encode_flat
        return [encode(d) for d in docs]

    def ids(self, got):
        return [len(g) // 4 for g in got], numpy.frombuffer(b''.join(got), '<u4')


class Tiktoken(Splintr):
    def __init__(self, vocabulary, pattern):
        import tiktoken, tiktoken.load
        ranks = tiktoken.load.load_tiktoken_bpe(vocabulary)
        self.t = tiktoken.Encoding(pattern, pat_str=PATTERNS[pattern], mergeable_ranks=ranks, special_tokens={})

    def encode(self, docs):
        encode = self.t._core_bpe.encode_ordinary
        return [encode(d) for d in docs]

    def ids(self, got):
        return [len(g) for g in got], numpy.concatenate([numpy.array(g, '<u4') for g in got])


class Tokenizers(Tiktoken):
    def __init__(self, vocabulary, pattern):
        from tokenizers import Tokenizer
        self.t = Tokenizer.from_file(vocabulary.replace('.tiktoken', '.json'))
        self.t.encode_special_tokens = True

    def encode(self, docs):
        return [e.ids for e in self.t.encode_batch_fast(docs, add_special_tokens=False)]


PEERS = {c.__name__.lower(): c for c in (Gigatoken, Quicktok, Splintr, Tiktoken, Tokenizers)}


def measure(peer, vocabulary, pattern, path, mb='0', rounds='3', out=None):
    docs, n = documents(path, float(mb) * 1e6)
    best = [1e9, 1e9]
    for _ in range(int(rounds)):
        t = PEERS[peer](vocabulary, pattern)
        what = t.prepare(docs)
        for i in range(2):
            got = None
            began = seconds()
            got = t.encode(what)
            best[i] = min(best[i], seconds() - began)
    counts, ids = t.ids(got)
    if out:
        with open(out, 'wb') as f:
            at = 0
            for c in counts:
                f.write(struct.pack('<I', c))
                f.write(ids[at:at + c].astype('<u4').tobytes())
                at += c
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(n, len(docs), len(ids), '%.4f' % best[0], '%.4f' % best[1], memory)


def first_difference(a, b):
    """Of two arrays of a number and as many ids for each document, as far as the shorter goes."""
    n = min(len(a), len(b))
    different = numpy.flatnonzero(a[:n] != b[:n])
    if not len(different):
        return None
    at, doc = 0, 0
    while at + 1 + a[at] <= different[0]:
        at += 1 + a[at]
        doc += 1
    k = max(int(different[0]) - 2, at + 1)
    return 'document %d, id %d: %s and %s' % (doc, k - at - 1, a[k:k + 6].tolist(), b[k:k + 6].tolist())


def compare(*paths):
    """A file that holds fewer documents is compared with the beginning of the largest."""
    first = max(paths, key=os.path.getsize)
    want, status = numpy.fromfile(first, '<u4'), 0
    for path in paths:
        said = first_difference(want, numpy.fromfile(path, '<u4'))
        if said:
            print('DIFFERENT IDS: %s, %s: %s' % (os.path.basename(first), os.path.basename(path), said))
            status = 1
    return status


if __name__ == '__main__':
    if sys.argv[1] == 'compare':
        sys.exit(compare(*sys.argv[2:]))
    measure(*sys.argv[1:])
