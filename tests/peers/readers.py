#!/usr/bin/env python3
"""Files of corpusmill as others read them: every record, by zstd and jq, DuckDB, Polars, pandas, datasets.

    tests/peers/readers.py            corpus-cat on PATH; see requirements.txt

The file has many frames, a stamp and a seek table: 30 MB of $CORPUS_SHARED/data/dedup/docs.jsonl.zst
where that is there, else made-up records. The last line is "N passed, N failed".
"""
import hashlib, json, os, subprocess, sys, tempfile

SHARED = os.environ.get('CORPUS_SHARED', os.path.join(os.path.dirname(__file__), '../../../shared'))
BYTES = 30_000_000
passed = failed = 0


def check(name, good, detail=''):
    global passed, failed
    passed, failed = passed + good, failed + (not good)
    print('%s %s %s' % ('ok  ' if good else 'FAIL', name, detail))


def source_lines():
    path = os.path.join(SHARED, 'data/dedup/docs.jsonl.zst')
    if not os.path.exists(path):
        print('skipped: no %s; made-up records' % path)
        return [json.dumps({'id': 'r%d' % i, 'text': 'Zeile "%d" – größer\n' % i * (1 + i % 50)}) for i in range(30000)]
    data = subprocess.run(['zstd', '-dcq', path], stdout=subprocess.PIPE, check=True).stdout[:BYTES]
    return data[:data.rindex(b'\n')].decode().split('\n')


def digest(ids, texts):
    """Of the records in order, so that one that is lost, doubled, moved or changed shows."""
    h = hashlib.sha256()
    for i, t in zip(ids, texts, strict=True):
        h.update(('%s\0%s\0' % (i, t)).encode())
    return h.hexdigest()


def by_jq(path):
    out = subprocess.run('zstdcat %s | jq -c "[.id, .text]"' % path, shell=True, check=True, stdout=subprocess.PIPE).stdout
    return zip(*[json.loads(line) for line in out.splitlines()])


def by_duckdb(path):
    import duckdb
    rows = duckdb.sql("select id, text from read_json('%s', format = 'newline_delimited', maximum_object_size = 100000000)" % path).fetchall()
    return zip(*rows)


def by_polars(path):
    import polars
    frame = polars.read_ndjson(path)
    return frame['id'].to_list(), frame['text'].to_list()


def by_pandas(path):
    import pandas
    frame = pandas.read_json(path, lines=True, compression='zstd', dtype=False)
    return frame['id'].tolist(), frame['text'].tolist()


def by_datasets(path):
    import datasets
    datasets.disable_progress_bars()
    with tempfile.TemporaryDirectory() as cache:
        d = datasets.load_dataset('json', data_files=path, split='train', cache_dir=cache)
        return list(d['id']), list(d['text'])


READERS = {'zstdcat and jq': by_jq, 'DuckDB': by_duckdb, 'Polars': by_polars, 'pandas': by_pandas, 'datasets': by_datasets}


def main():
    os.environ['HF_HUB_OFFLINE'] = '1'
    lines = source_lines()
    records = [json.loads(line) for line in lines]
    want = digest([r['id'] for r in records], [r['text'] for r in records])
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'docs.jsonl.zst')
        subprocess.run(['corpus-cat', '-o', path], input='\n'.join(lines).encode(), check=True)
        frames = json.loads(subprocess.run(['corpus-cat', '--info', path], check=True, stdout=subprocess.PIPE).stdout)['frames']
        check('the file has several frames', frames > 3, str(frames))
        for name, reader in READERS.items():
            try:
                ids, texts = reader(path)
                check('%s reads every record' % name, digest(ids, texts) == want, '%d of %d' % (len(ids), len(records)))
            except Exception as e:
                check('%s reads every record' % name, False, '%s: %.300s' % (type(e).__name__, e))
    print('%d passed, %d failed' % (passed, failed))
    return failed != 0


if __name__ == '__main__':
    sys.exit(main())
