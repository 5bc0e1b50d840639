#!/usr/bin/env python3
"""Shards of corpus-tokenize as their real loaders read them, token for token, and beside what their
own writers write, byte for byte.

    tests/peers/token_shards.py         corpus-tokenize on PATH; see shards-requirements.txt

megatron-core's IndexedDataset, numpy, datatrove's DatatroveFileDataset and DatatroveFolderDataset,
mosaicml-streaming's LocalDataset and StreamingDataset. All but numpy import torch, of which they
need base classes and one conversion here: its wheels of several gigabytes are stood in for by the
few lines of stand_in(), and so are the clients of clouds. The last line is "N passed, N failed".
"""
import importlib.machinery, importlib.util, json, os, random, struct, subprocess, sys, tempfile, types

VENV = os.path.join('build', 'shards-venv')
if os.path.abspath(sys.prefix) != os.path.abspath(VENV):
    subprocess.run(['tools/venv.sh', 'tests/peers/shards-requirements.txt', VENV, '--no-deps'], check=True)
    python = os.path.join(VENV, 'bin', 'python')
    os.execv(python, [python, *sys.argv])

import numpy as np

passed = failed = 0


def check(name, good, detail=''):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print('FAIL %s %s' % (name, detail))


class Stand(types.ModuleType):
    """A module whose every name is a class that does nothing."""
    __path__ = []

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return type(name, (), {'__init__': lambda self, *a, **k: None})


class Finder:
    def __init__(self, names):
        self.names = names

    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in self.names or name in self.names:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return Stand(spec.name)

    def exec_module(self, module):
        pass


def stand_in():
    sys.meta_path.insert(0, Finder({'torch', 'torchvision', 'transformers', 'snappy', 'brotli', 'zstd', 'huggingface_hub', 'tokenizers',
                                    'megatron.core.utils', 'streaming.multimodal', 'streaming.text', 'streaming.vision'}))
    # The packages' own __init__ would import all of them.
    for name in ('megatron.core', 'megatron.core.datasets'):
        sys.modules[name] = package = types.ModuleType(name)
        package.__path__ = [os.path.join(os.path.dirname(np.__file__), '..', *name.split('.'))]
    import torch, torch.distributed, torch.utils.data
    torch.distributed.is_available = torch.distributed.is_initialized = lambda: False
    torch.utils.data.get_worker_info = lambda: None
    torch.as_tensor = lambda array, dtype=None: array


def run(*args, stdin=None):
    p = subprocess.run(['corpus-tokenize', *args], input=stdin, stdout=subprocess.PIPE)
    if p.returncode:
        sys.exit('corpus-tokenize %s: exit status %d' % (' '.join(args), p.returncode))
    return p.stdout


def read(path):
    with open(path, 'rb') as f:
        return f.read()


class Corpus:
    """Documents, a vocabulary of ids in two bytes and one in four, and the ids of each."""

    def __init__(self, work):
        r = random.Random(1)
        words = [''.join(r.choices('etaoinshrdlu', k=r.randint(1, 9))) for _ in range(300)]
        texts = [' '.join(r.choices(words, k=r.choice([0, 1, 3, 20, 100, 400]))) for _ in range(400)]
        self.records = ''.join(json.dumps({'id': str(i), 'text': t}) + '\n' for i, t in enumerate(texts)).encode()
        self.vocabs = {2: os.path.join(work, 'narrow.json'), 4: os.path.join(work, 'wide.json')}
        run('train', '-q', '-n', '700', '-o', self.vocabs[2], stdin=self.records)
        with open(self.vocabs[2]) as f:
            vocab = f.read()
        with open(self.vocabs[4], 'w') as f:
            f.write(vocab.replace('"id": 0,', '"id": 70000,', 1).replace('"<|endoftext|>": 0,', '"<|endoftext|>": 70000,', 1))
        self.documents = {}
        for width, eot in ((2, 0), (4, 70000)):
            lines = run('encode', '--vocab', self.vocabs[width], stdin=self.records).splitlines()
            self.documents[width] = [json.loads(l)['ids'] + [eot] for l in lines]

    def encode(self, width, path, *args):
        run('encode', '--vocab', self.vocabs[width], '-o', path, *args, stdin=self.records)

    def sequences(self, width, pack):
        if not pack:
            return self.documents[width]
        ids = [i for d in self.documents[width] for i in d]
        ids += [self.documents[width][0][-1]] * (-len(ids) % pack)
        return [ids[i:i + pack] for i in range(0, len(ids), pack)]


def options(pack, shard):
    return [*(['--pack', str(pack)] if pack else []), *(['--shard-tokens', str(shard)] if shard else [])]


def flat(lists):
    return [i for l in lists for i in l]


def shards(path, shard):
    """The paths that were written for this one, in order."""
    if not shard:
        return [path]
    name, ending = os.path.splitext(path)
    with open(name + '.json') as f:
        n = len(json.load(f)['shards'])
    return ['%s-%05d%s' % (name, i, ending) for i in range(n)]


def megatron(corpus, work, name, width, pack, shard):
    from megatron.core.datasets.indexed_dataset import IndexedDataset, IndexedDatasetBuilder
    path, dtype = os.path.join(work, 'meg.bin'), np.uint16 if width == 2 else np.int32
    corpus.encode(width, path, '--to', 'megatron', *options(pack, shard))
    want, got = corpus.sequences(width, pack), []
    for file in shards(path, shard):
        for mmap in (True, False):
            data = IndexedDataset(file[:-4], mmap=mmap)
            some = [data[i].tolist() for i in range(len(data))]
            check(name + ', document indices', data.document_indices.tolist() == list(range(len(data) + 1)))
            check(name + ', type', data.index.dtype == dtype)
        got += some
        builder = IndexedDatasetBuilder(file + '.theirs', dtype=dtype)
        for ids in some:
            builder.data_file.write(np.array(ids, dtype=dtype).tobytes())
            builder.sequence_lengths.append(len(ids))
            builder.end_document()
        builder.finalize(file + '.theirs.idx')
        check(name + ', their writer', read(file) == read(file + '.theirs') and read(file[:-4] + '.idx') == read(file + '.theirs.idx'))
    check(name, got == want)


def numpy_files(corpus, work, name, width, pack, shard):
    dtype, want = '<u%d' % width, flat(corpus.sequences(width, pack))
    for layout in ('npy', 'olmo', 'flat'):
        path = os.path.join(work, layout + ('.bin' if layout == 'flat' else '.npy'))
        corpus.encode(width, path, '--to', layout, *options(pack, shard))
        got = []
        for file in shards(path, shard):
            data = np.load(file, mmap_mode='r') if layout == 'npy' else np.memmap(file, dtype=dtype, mode='r')
            got += data.reshape(-1).tolist()
            if layout == 'npy':
                check(name + ', shape', data.shape == ((data.shape[0], pack) if pack else (data.size,)) and data.dtype == np.dtype(dtype))
                np.save(file + '.theirs.npy', data)
                check(name + ', their writer', read(file) == read(file + '.theirs.npy'))
        check('%s %s' % (name, layout), got == want)


def llmc(corpus, work, name, width, pack, shard):
    """As dataloader.h of llm.c reads it."""
    path = os.path.join(work, 'llmc.bin')
    corpus.encode(width, path, '--llmc', *options(pack, shard))
    got = []
    for file in shards(path, shard):
        header = np.fromfile(file, dtype='<i4', count=256)
        ids = np.fromfile(file, dtype='<u%d' % width, offset=1024)
        check(name + ', header', header[:3].tolist() == [20240520 if width == 2 else 20240801, 1 if width == 2 else 7, len(ids)] and not header[3:].any())
        got += ids.tolist()
    check(name, got == flat(corpus.sequences(width, pack)))


def datatrove(corpus, work, name, width, pack, shard):
    from datatrove.utils.dataset import DatatroveFileDataset, DatatroveFolderDataset
    folder = os.path.join(work, 'ds')
    os.makedirs(folder)
    path, length = os.path.join(folder, 'a.ds'), pack or 7
    corpus.encode(width, path, '--to', 'datatrove', *options(pack, shard))
    files, got = shards(path, shard), []
    for file in files:
        data = DatatroveFileDataset(file, seq_len=length - 1, token_size=width)
        some = flat(data[i]['input_ids'].tolist() for i in range(len(data)))
        whole = np.fromfile(file, dtype='<u%d' % width).tolist()
        check(name + ', file', some == whole[:len(whole) // length * length])
        got += whole
        ends = np.fromfile(file + '.index', dtype='<u8').tolist()
        check(name + ', ends', all(whole[e - 1] == corpus.documents[width][0][-1] for e in ends[:-1]) and ends == sorted(ends) and ends[-1] <= len(whole))
        with open(file + '.metadata') as f:
            lines = f.read().split('\n')
        check(name + ', metadata', lines[0].split('|')[1] == str(width) and int(lines[1]) == len(whole) and lines[2].endswith('T'))
    folder_data = DatatroveFolderDataset(folder, seq_len=length - 1, filename_pattern='*.ds', token_size=width)
    check(name + ', folder', len(folder_data) == sum(os.path.getsize(f) // width // length for f in files))
    check(name, got == flat(corpus.sequences(width, pack)))
    if not shard and not pack:
        check(name + ', index', np.fromfile(path + '.index', dtype='<u8').tolist() == np.cumsum([len(d) for d in corpus.documents[width]]).tolist())


def mds(corpus, work, name, width, pack, shard):
    from streaming.base import LocalDataset, MDSWriter, StreamingDataset
    path, want = os.path.join(work, 'mds'), corpus.sequences(width, pack)
    corpus.encode(width, path, '--to', 'mds', *options(pack, shard))
    data = LocalDataset(local=path)
    check(name + ', local', [data[i]['tokens'].tolist() for i in range(len(data))] == want)
    data = StreamingDataset(local=path, shuffle=False, batch_size=1)
    check(name + ', streaming', [s['tokens'].tolist() for s in data] == want)
    if shard:
        return
    theirs, dtype = os.path.join(work, 'theirs'), 'uint16' if width == 2 else 'int32'
    with MDSWriter(out=theirs, columns={'tokens': 'ndarray:' + dtype}) as out:
        for ids in want:
            out.write({'tokens': np.array(ids, dtype=dtype)})
    for file in sorted(os.listdir(theirs)):
        check('%s, their %s' % (name, file), read(os.path.join(theirs, file)) == read(os.path.join(path, file)))


def main():
    stand_in()
    with tempfile.TemporaryDirectory() as top:
        corpus = Corpus(top)
        for layout in (megatron, numpy_files, llmc, datatrove, mds):
            for width in (2, 4):
                for pack, shard in ((0, 0), (0, 5000), (64, 0), (64, 5000)):
                    work = os.path.join(top, '%s-%d-%d-%d' % (layout.__name__, width, pack, shard))
                    os.makedirs(work)
                    layout(corpus, work, '%s, %d bytes, pack %d, shard %d' % (layout.__name__, width, pack, shard), width, pack, shard)
    print('%d passed, %d failed' % (passed, failed))
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
