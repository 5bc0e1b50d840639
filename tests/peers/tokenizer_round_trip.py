#!/usr/bin/env python3
"""What corpus-tokenize encodes it decodes again, byte for byte.

    tests/peers/tokenizer_round_trip.py [MB]        10 MB, in make check-peers; make check-tokenizers does 100

All documents of $CORPUS_SHARED/data/dedup/docs.jsonl.zst (with 100 MB; else as many as fit) through a shard
and through JSON lines, and MB of random bytes as one text. The vocabularies are those of package registries;
qwen3 is not among them: NFC changes bytes. The last line is "N passed, N failed[, N skipped]".
"""
import hashlib, json, os, random, subprocess, sys, tempfile

import zstandard

SHARED = os.environ.get('CORPUS_SHARED', os.path.join(os.path.dirname(__file__), '../../../shared'))
VOCABS = os.environ.get('CORPUS_VOCABS', 'build/vocabs')
# Each with the token that ends a document.
NAMES = {'r50k_base.tiktoken': '<|endoftext|>', 'cl100k_base.tiktoken': '<|endoftext|>', 'o200k_base.tiktoken': '<|endoftext|>',
         'llama3.json': '<|end_of_text|>', 'deepseek_v3.json': '<｜end▁of▁sentence｜>', 'tekken_240911.json': '</s>'}
DOCS = os.path.join(SHARED, 'data/dedup/docs.jsonl.zst')
passed = failed = 0


def check(name, good):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print('FAIL', name)


def run(*args):
    return subprocess.run(['corpus-tokenize', *args], stderr=subprocess.STDOUT, stdout=subprocess.PIPE)


def documents(path):
    """A digest of id and text a line."""
    with open(path, 'rb') as f:
        compressed, data, rest = f.read(1) == b'\x28', f, b''
        f.seek(0)
        if compressed:
            data = zstandard.ZstdDecompressor(max_window_size=2**31).stream_reader(f, read_across_frames=True)
        while chunk := data.read(1 << 20):
            *whole, rest = (rest + chunk).split(b'\n')
            for line in whole:
                o = json.loads(line)
                yield hashlib.blake2b((o['id'] + '\0' + o['text']).encode('utf-8', 'surrogatepass')).digest()


def digest(path):
    with open(path, 'rb') as f:
        return hashlib.file_digest(f, 'sha256').hexdigest()


def records(work, vocab, eot, part):
    """Encoded with a form of output and decoded again; part: options that take some of the records."""
    want = list(documents(DOCS)) if not part else None
    for to, out in (('flat', 'docs.bin'), ('jsonl', 'docs.ids')):
        ids, back = os.path.join(work, out), os.path.join(work, 'back.jsonl')
        name = '%s, documents by %s' % (os.path.basename(vocab), to)
        for step in (['encode', *part, '--to', to, *(['--eot', eot] if to == 'flat' else []), '-o', ids, DOCS], ['decode', '-o', back, ids]):
            p = run(step[0], '-q', '--vocab', vocab, *step[1:])
            check('%s, %s: %s' % (name, step[0], p.stdout.decode('utf-8', 'replace')), p.returncode == 0)
            if p.returncode:
                break
        else:
            got = list(documents(back))
            whole = want or list(documents(DOCS))[:len(got)]
            check('%s: %d of %d documents are back' % (name, sum(a == b for a, b in zip(whole, got)), len(whole)), got == whole and got)


def raw(work, vocab, path):
    ids, back = os.path.join(work, 'raw.bin'), os.path.join(work, 'raw.txt')
    name = os.path.basename(vocab) + ', random bytes'
    for step in (['encode', '--from', 'text', '--bytes', '--max-record', '1G', '--eot', '', '-o', ids, path], ['decode', '--to', 'text', '--max-record', '1G', '--eot', '', '-o', back, ids]):
        p = run(step[0], '-q', '--vocab', vocab, *step[1:])
        check('%s, %s: %s' % (name, step[0], p.stdout.decode('utf-8', 'replace')), p.returncode == 0)
        if p.returncode:
            return
    check(name, digest(path) == digest(back))


def main():
    mb = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    fetch = os.path.join(SHARED, 'data/tokenizer/get_vocabs.sh')
    if not os.path.exists(fetch):
        print('skipped: no %s/data/tokenizer\n0 passed, 0 failed, %d skipped' % (SHARED, len(NAMES)))
        return 0
    subprocess.run([fetch, VOCABS, *NAMES], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, 'random')
        with open(path, 'wb') as f:
            r = random.Random(1)
            for _ in range(int(mb)):
                f.write(r.randbytes(1_000_000))
        for name, eot in NAMES.items():
            vocab = os.path.join(VOCABS, name)
            records(work, vocab, eot, [] if mb >= 100 else ['--range', '0:%d' % (mb * 250)])
            raw(work, vocab, path)
    print('%d passed, %d failed' % (passed, failed))
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
