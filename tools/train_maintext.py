#!/usr/bin/env python3
"""Trains the model of main-content extraction and writes stages/extract/model_table.c.

usage: train_maintext.py ROWS GOLD.jsonl.zst TABLE.c
       train_maintext.py --cv ROWS GOLD.jsonl.zst SCORER

ROWS is what build/tools/maintext_rows prints of the pages, GOLD the texts a reader chose (the format
of ../shared/data/extract). The first form trains on all pages and writes the table of the model.
With --cv the pages are cut into five parts by domain; each part is judged by a model trained on the
other four, and SCORER scores what it would have chosen: the figure to expect on pages never seen.

A block's label is the share of its words that the gold text holds, by 4-grams and by alignment;
where only segments are known, the blocks that hold them. Blocks weigh as their words do in the page.
"""
import difflib
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from multiprocessing import Pool
from urllib.parse import urlsplit

import numpy as np
from catboost import CatBoostClassifier
from catboost import Pool as Rows

DEPTH = 5
LEAF_SCALE = 4096
STEP = 256
SEEDS = (1, 2, 3)
SETTINGS = dict(iterations=450, depth=DEPTH, learning_rate=0.1, l2_leaf_reg=15, rsm=0.3,
                border_count=64, loss_function='CrossEntropy', bootstrap_type='MVS', subsample=0.7,
                thread_count=1, verbose=0, allow_writing_files=False)
PARTS = 5
# What a page of a set weighs: the small sets of articles would else hardly be heard, and a page of
# which segments alone are known says little.
SET_WEIGHT = dict(readability=5, cleanportaleval=2, segments=1.6)
LEAST_SCORE = 0.12      # below it there is no main content: as in maintext.c
WORD = re.compile(r'\w+')


def read_rows(path):
    """Pages as (id, texts, rows, groups); the names of the features."""
    data = open(path, 'rb').read()
    at, pages, names = 0, [], []
    while at < len(data):
        end = data.index(b'\n', at)
        head = json.loads(data[at:end])
        shape = len(head['blocks']), len(head['features'])
        names = head['features'] or names
        rows = np.frombuffer(data, np.uint8, shape[0] * shape[1], end + 1).reshape(shape)
        pages.append((head['id'], head['blocks'], rows, np.array(head['groups'], dtype=int)))
        at = end + 1 + shape[0] * shape[1]
    return pages, names


def read_gold(path):
    text = subprocess.run(['zstd', '-dcq', path], stdout=subprocess.PIPE, check=True).stdout.decode()
    return {g['record'].strip('<>'): g for g in map(json.loads, filter(None, text.split('\n')))}


def fold(text):
    return ' '.join(text.split())


def label_by_text(words, gold):
    counts = np.array([len(w) for w in words], dtype=int)
    page = [w for block in words for w in block]
    owner = np.repeat(np.arange(len(words)), counts)
    aligned, covered = np.zeros(len(page), bool), np.zeros(len(page), bool)
    for i, _, n in difflib.SequenceMatcher(None, page, gold, autojunk=False).get_matching_blocks():
        aligned[i:i + n] = True
    grams = {tuple(gold[i:i + 4]) for i in range(len(gold) - 3)}
    for i in range(len(page) - 3):
        if tuple(page[i:i + 4]) in grams:
            covered[i:i + 4] = True
    n = np.maximum(counts, 1)
    aligned = np.bincount(owner, aligned, len(words)) / n
    covered = np.bincount(owner, covered, len(words)) / n
    # A 4-gram says nothing inside a block of three words: there the alignment decides.
    short = np.where(aligned >= 0.99, np.where(covered > 0.5, 1, 0.6), covered * 0.5)
    return np.where(counts >= 4, 0.25 * aligned + 0.75 * covered, short)


def label_by_segments(texts, gold):
    labels = np.full(len(texts), np.nan)
    for key, value in (('without', 0), ('with', 1)):
        for segment in map(fold, gold.get(key, ())):
            for i, text in enumerate(texts):
                inside = text in segment and len(text) >= max(12, len(segment) * 0.3)
                if segment and text and (segment in text or inside):
                    labels[i] = value
    return labels


def label(page):
    """Labels (NaN: not known) and weights of a page's blocks."""
    texts, gold = page
    words = [WORD.findall(t) for t in texts]
    counts = np.array([len(w) for w in words], dtype=float)
    if 'text' in gold:
        wanted = WORD.findall(gold['text'])
        whole = len(wanted) or counts.sum()
        weights = (np.minimum(counts, 200) + 1) / (whole + 50)
        return label_by_text(words, wanted), weights * SET_WEIGHT.get(gold['dataset'], 1)
    labels = label_by_segments([fold(t) for t in texts], gold)
    weights = np.where(np.isnan(labels), 0, np.sqrt(counts + 1))
    return labels, weights * SET_WEIGHT['segments'] / max(weights.sum(), 1e-9)


def sample(weights, rng, wanted=70000):
    """Rows drawn by weight, with weights that make up for it: most blocks of a page say little."""
    keep = np.minimum(1, np.maximum(weights / weights.mean() * wanted / len(weights), 0.08))
    drawn = rng.random(len(weights)) < keep
    return drawn, (weights / keep)[drawn]


def train(X, y, w, seed):
    drawn, weights = sample(w, np.random.default_rng(seed))
    model = CatBoostClassifier(random_seed=seed, **SETTINGS)
    model.fit(Rows(X[drawn], y[drawn], weight=weights))
    return model


def saved_as_json(model):
    with tempfile.TemporaryDirectory() as folder:
        path = f'{folder}/model.json'
        model.save_model(path, format='json')
        with open(path) as file:
            return json.load(file)


def trees_of(models):
    """(splits, leaves) of all models as one sum, in the numbers of model.h."""
    out = []
    for model in models:
        saved = saved_as_json(model)
        scale, bias = saved['scale_and_bias']
        for k, tree in enumerate(saved['oblivious_trees']):
            splits = [(s['float_feature_index'], int(np.floor(s['border']))) for s in tree['splits']]
            leaves = np.array(tree['leaf_values']) * scale + (bias[0] if k == 0 else 0)
            missing = DEPTH - len(splits)
            splits += [(0, 255)] * missing
            leaves = np.concatenate([leaves] + [np.zeros(len(leaves))] * ((1 << missing) - 1))
            leaves = np.round(leaves / len(models) * LEAF_SCALE).astype(int)
            assert np.abs(leaves).max() < 32768
            out.append((splits, leaves))
    return out


def levels_of(trees, X):
    """What model_judge says."""
    total = np.zeros(len(X), int)
    for splits, leaves in trees:
        leaf = np.zeros(len(X), int)
        for k, (feature, above) in enumerate(splits):
            leaf |= (X[:, feature] > above).astype(int) << k
        total += leaves[leaf]
    return np.clip(np.trunc((total + STEP * 128) / STEP), 0, 255).astype(int)


def shares():
    return np.round(65535 / (1 + np.exp(-(np.arange(256) - 127.5) / 16))).astype(int)


def choose(levels, texts, groups):
    """The blocks that maintext_choose would take, but for code: see maintext.c."""
    size = np.array([len(re.sub(r'\s', '', t).encode()) for t in texts], dtype=float) + 3
    if len(texts) < 4 and (size - 3).sum() < 64:
        return np.ones(len(texts), bool)
    share = shares()[levels] / 65535
    _, at = np.unique(groups, return_inverse=True)
    mean = np.bincount(at, share * size) / np.bincount(at, size)
    share = np.where(groups > 0, mean[at], share)
    levels = np.maximum(np.searchsorted(shares() / 65535, share, side='right') - 1, 0)
    share = shares()[levels] / 65535
    order = np.argsort(-levels, kind='stable')
    good = (share * size)[order].cumsum()
    # The square of the geometric mean of precision and recall.
    score = good ** 2 / (size[order].cumsum() * (share * size).sum())
    last = np.flatnonzero(np.append(np.diff(levels[order]) != 0, True))     # whole levels alone
    best = last[np.argmax(score[last])]
    return (levels >= levels[order][best]) & (score[best] > LEAST_SCORE ** 2)


def write_table(path, trees, n_features):
    out = ['/* Generated by tools/train_maintext.py: not to be edited. */', '#include "stages/extract/model.h"', '',
           f'enum {{ TREES = {len(trees)}, FEATURES = {n_features} }};', '',
           'static const struct model_split splits[TREES][MODEL_DEPTH] = {']
    out += ['\t{ ' + ', '.join('{ %d, %d }' % s for s in splits) + ' },' for splits, _ in trees]
    out += ['};', '', 'static const int16_t leaves[TREES][MODEL_LEAVES] = {']
    out += ['\t{ ' + ', '.join(map(str, leaves)) + ' },' for _, leaves in trees]
    out += ['};', '', 'static const uint16_t share[MODEL_LEVELS] = {']
    out += ['\t' + ', '.join(map(str, row)) + ',' for row in shares().reshape(16, 16)]
    out += ['};', '', 'const struct model main_model = {', '\t.splits = splits,', '\t.leaves = leaves,',
            '\t.share = share,', '\t.n_trees = TREES,', '\t.n_features = FEATURES,', '};', '']
    open(path, 'w').write('\n'.join(out))
    subprocess.run(['clang-format', '-i', path], check=True)


def part_of(gold):
    place = urlsplit(gold['url'])
    domain = '.'.join(place.netloc.split('.')[-2:])
    if domain.endswith('.invalid'):     # pages of many sites under one made-up name
        domain = place.path
    return int(hashlib.md5(domain.encode()).hexdigest(), 16) % PARTS


def cross_validate(pages, golds, X, y, w, scorer, gold_path):
    parts = np.array([part_of(g) for g in golds])
    owner = np.repeat(np.arange(len(pages)), [len(p[1]) for p in pages])
    levels = np.zeros(len(X), int)
    for part in range(PARTS):
        known = (w > 0) & ~np.isnan(y) & (parts[owner] != part)
        trees = trees_of([train(X[known], y[known], w[known], seed) for seed in SEEDS])
        judged = parts[owner] == part
        levels[judged] = levels_of(trees, X[judged])
    lines, at = [], 0
    for page_id, texts, _, groups in pages:
        taken = choose(levels[at:at + len(texts)], texts, groups) if texts else []
        at += len(texts)
        lines.append(json.dumps({'record': page_id, 'text': '\n'.join(t for t, k in zip(texts, taken) if k)}))
    subprocess.run([sys.executable, scorer, gold_path, '--no-lsum', '--per-type', '--name', 'cross-validated'],
                   input='\n'.join(lines).encode(), check=True)


def main():
    args = [a for a in sys.argv[1:] if a != '--cv']
    pages, names = read_rows(args[0])
    by_id = read_gold(args[1])
    golds = [by_id[p[0].strip('<>')] for p in pages]
    with Pool(2) as pool:
        labelled = pool.map(label, [(p[1], g) for p, g in zip(pages, golds)], chunksize=8)
    X = np.concatenate([p[2] for p in pages if len(p[1])])
    y = np.concatenate([a for a, _ in labelled])
    w = np.concatenate([b for _, b in labelled])
    if '--cv' in sys.argv:
        cross_validate(pages, golds, X, y, w, args[2], args[1])
        return
    known = (w > 0) & ~np.isnan(y)
    trees = trees_of([train(X[known], y[known], w[known], seed) for seed in SEEDS])
    write_table(args[2], trees, len(names))


main()
