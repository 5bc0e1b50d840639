#!/usr/bin/env python3
"""corpus-dedup minhash --compat datatrove beside datatrove itself: the same clusters, as sets.

    tests/peers/minhash.py [DOCUMENTS]      corpus-dedup on PATH; 2000 of $CORPUS_SHARED/data/dedup without DOCUMENTS

datatrove signs and finds pairs with its own steps; their union is taken here. The whole set (33,433) takes it some five
minutes. Its versions are those of tests/bench/minhash-requirements.txt. The last line is "N passed, N failed".
"""
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

VENV = os.path.join('build', 'minhash-venv')
DOCS = pathlib.Path(os.environ.get('CORPUS_SHARED', '../shared')) / 'data/dedup/docs.jsonl.zst'
BANDS = 14
if not DOCS.exists():
    print('0 passed, 0 failed, 1 skipped')
    sys.exit()
if os.path.abspath(sys.prefix) != os.path.abspath(VENV):
    subprocess.run(['tools/venv.sh', 'tests/bench/minhash-requirements.txt', VENV], check=True)
    python = os.path.join(VENV, 'bin', 'python')
    os.execv(python, [python, *sys.argv])


def their_pairs(folder):
    """Pairs of document numbers; what datatrove keeps of each pair is of no matter here."""
    from datatrove.pipeline.dedup import MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.utils.hashing import HashConfig
    config = MinhashConfig(hash_config=HashConfig(precision=64), num_buckets=BANDS, hashes_per_bucket=8, n_grams=5)
    reader = JsonlReader(f'{folder}/in')
    MinhashDedupSignature(output_folder=f'{folder}/sig', config=config).run(reader.run(None, 0, 1), 0, 1)
    buckets = MinhashDedupBuckets(input_folder=f'{folder}/sig', output_folder=f'{folder}/pairs', config=config)
    for band in range(BANDS):
        buckets.run(None, band, BANDS)
    for path in sorted(pathlib.Path(f'{folder}/pairs').glob('*.dups')):
        for _, a, _, b in struct.iter_unpack('<4I', path.read_bytes()):
            yield a, b


def unite(pairs, n):
    parent = list(range(n))

    def root(x):
        while parent[x] != x:
            parent[x] = x = parent[parent[x]]
        return x
    for a, b in pairs:
        parent[root(a)] = root(b)
    sets = {}
    for x in range(n):
        sets.setdefault(root(x), set()).add(x)
    return {frozenset(s) for s in sets.values() if len(s) > 1}


def our_sets(path):
    out = subprocess.run(['corpus-dedup', 'minhash', '--compat', 'datatrove', '--annotate', '--plain', '-q', path],
        stdout=subprocess.PIPE, check=True).stdout
    sets = {}
    for i, line in enumerate(out.splitlines()):
        cluster = json.loads(line).get('minhash_cluster_id')
        if cluster is not None:
            sets.setdefault(cluster, set()).add(i)
    return {frozenset(s) for s in sets.values()}


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as tmp:
        os.mkdir(f'{tmp}/in')
        path = f'{tmp}/in/docs.jsonl'
        lines = subprocess.run(['zstd', '-dcq', DOCS], stdout=subprocess.PIPE, check=True).stdout.splitlines(True)[:n]
        pathlib.Path(path).write_bytes(b''.join(lines))
        theirs = unite(their_pairs(tmp), len(lines))
        ours = our_sets(path)
    good = theirs == ours and len(ours) > 0
    print('ok   ' if good else 'FAIL ', f'clusters of {len(lines)} documents: {len(ours)}, {len(ours - theirs)} not',
        f'datatrove\'s, {len(theirs - ours)} of its {len(theirs)} missing')
    print('%d passed, %d failed' % (good, not good))
    return not good


if __name__ == '__main__':
    sys.exit(main())
