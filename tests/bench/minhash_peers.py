#!/usr/bin/env python3
"""Near duplicates by another's means, on one thread, 14 bands of 8 rows over word 5-grams:
tests/bench/minhash_peers.py PEER STEP DOCS.jsonl OUTPUT.jsonl

STEP is sign (read and make the signatures) or whole (also find what is near and write what stays).
Prints documents, processor seconds without those of imports, and peak memory in KiB. Each is used as its
own documentation shows it; words and their 5-grams of rensa and datasketch are made here, since neither
has its own.
"""
import collections
import json
import pathlib
import re
import resource
import sys
import tempfile
import time

BANDS, ROWS, WORDS = 14, 8, 5


def texts(path):
    with open(path, encoding='utf-8') as f:
        for line in f:
            yield line, json.loads(line)['text']


def shingles(text):
    words = re.findall(r'\w+', text.lower())
    return {' '.join(words[i:i + WORDS]) for i in range(max(1, len(words) - WORDS + 1))}


def gaoya():
    from gaoya.minhash import MinHashStringIndex

    def run(step, path, out):
        n = 0
        index = MinHashStringIndex(hash_size=64, jaccard_threshold=0.0, num_bands=BANDS, band_size=ROWS,
            analyzer='word', lowercase=True, ngram_range=(WORDS, WORDS), id_container='vec')
        for n, (line, text) in enumerate(texts(path), 1):
            if step == 'whole' and not index.query(text):
                out.write(line)
            index.insert_document(n, text)
        return n
    return run


def rensa():
    from rensa import RMinHash, RMinHashLSH

    def run(step, path, out):
        n = 0
        index = RMinHashLSH(threshold=0.0, num_perm=BANDS * ROWS, num_bands=BANDS)
        for n, (line, text) in enumerate(texts(path), 1):
            m = RMinHash(num_perm=BANDS * ROWS, seed=1)
            m.update(list(shingles(text)))
            if step == 'whole':
                if not index.query(m):
                    out.write(line)
                index.insert(n, m)
        return n
    return run


def datasketch():
    from datasketch import MinHash, MinHashLSH

    def run(step, path, out):
        n = 0
        index = MinHashLSH(num_perm=BANDS * ROWS, params=(BANDS, ROWS))
        for n, (line, text) in enumerate(texts(path), 1):
            m = MinHash(num_perm=BANDS * ROWS, seed=1)
            m.update_batch([s.encode() for s in shingles(text)])
            if step == 'whole':
                if not index.query(m):
                    out.write(line)
                index.insert(n, m)
        return n
    return run


def datatrove():
    from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter
    from datatrove.utils.hashing import HashConfig
    from loguru import logger
    logger.remove()
    config = MinhashConfig(hash_config=HashConfig(precision=64), num_buckets=BANDS, hashes_per_bucket=ROWS,
        n_grams=WORDS)

    def chain(steps):
        data = None
        for s in steps:
            data = s.run(data, 0, 1)
        collections.deque(data or (), maxlen=0)

    def run(step, path, out):
        path = pathlib.Path(path)
        with open(path, encoding='utf-8') as f:
            n = sum(1 for _ in f)
        with tempfile.TemporaryDirectory() as tmp:
            reader = JsonlReader(str(path.parent), glob_pattern=path.name)
            chain([reader, MinhashDedupSignature(output_folder=f'{tmp}/sig', config=config)])
            if step == 'whole':
                buckets = MinhashDedupBuckets(input_folder=f'{tmp}/sig', output_folder=f'{tmp}/buckets',
                    config=config)
                for rank in range(BANDS):
                    buckets.run(None, rank, BANDS)
                MinhashDedupCluster(input_folder=f'{tmp}/buckets', output_folder=f'{tmp}/remove',
                    config=config).run(None, 0, 1)
                chain([reader, MinhashDedupFilter(input_folder=f'{tmp}/remove'),
                    JsonlWriter(f'{tmp}/kept', compression=None)])
        return n
    return run


def main():
    peer, step, path, output = sys.argv[1:]
    run = {'gaoya': gaoya, 'rensa': rensa, 'datasketch': datasketch, 'datatrove': datatrove}[peer]()
    begin = time.process_time()
    with open(output, 'w', encoding='utf-8') as out:
        n = run(step, path, out)
    print(n, '%.3f' % (time.process_time() - begin), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == '__main__':
    main()
