#!/usr/bin/env bash
# corpus-dedup substring beside the suffix array of google-research/deduplicate-text-datasets
# (substring/src/main.rs, built by cargo) on 20 MB of the shared documents: the same spans, with any
# --memory. Then bytes, characters and tokens beside a search written in Python, on 2 MB.
# The last line is "N passed, N failed[, N skipped]".
set -euo pipefail
docs=$CORPUS_SHARED/data/dedup/docs.jsonl.zst
if ! command -v cargo > /dev/null || [ ! -e "$docs" ]; then
	echo "skipped: no cargo, or no $docs"
	echo '0 passed, 0 failed, 1 skipped'
	exit
fi
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --quiet --release --locked --manifest-path "$here/substring/Cargo.toml" --target-dir build/substring-peer
build/substring-peer/release/substring-peer /dev/null 100
python3 "$here/substring/compare.py" "$docs" build/substring-peer/release/substring-peer "$work"
