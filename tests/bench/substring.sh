#!/usr/bin/env bash
# corpus-dedup substring on one thread: processor seconds and peak memory by --unit and --memory, from
# zstd to zstd, beside the suffix array of google-research/deduplicate-text-datasets, which reads the
# bare text and writes spans (tests/peers/substring), where there is cargo. The goal is at most half of
# its processor time. LINES_OF of the documents, all if not given.
set -euo pipefail
docs=$CORPUS_SHARED/data/dedup/docs.jsonl.zst
[ -e "$docs" ] || { echo "skipped: no $docs"; exit 0; }
lines=${LINES_OF:-100000000}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cpu_of=tests/bench/cpu_of.py
zstd -dcq "$docs" | awk -v n="$lines" "NR <= n" | zstd -q > "$tmp/docs.jsonl.zst"
bytes=$(zstd -dcq "$tmp/docs.jsonl.zst" | wc -c)

row() {
	awk -v n="$1" -v r="$2" -v b="$bytes" -v p="${3:-0}" 'BEGIN { split(r, v)
		printf "%-34s %8.2f %8.1f %8.0f", n, v[1], b / v[1] / 1e6, v[2] / 1024
		if (p) printf " %7.1f", p / v[1]; print "" }'
}
printf '%-34s %8s %8s %8s %7s\n' program 'cpu s' MB/s MiB 'of it'
peer='' seconds=0
if command -v cargo > /dev/null; then
	cargo build --quiet --release --locked --manifest-path tests/peers/substring/Cargo.toml --target-dir build/substring-peer
	zstd -dcq "$tmp/docs.jsonl.zst" | python3 -c 'import json, struct, sys
for line in sys.stdin:
    data = json.loads(line)["text"].encode()
    sys.stdout.buffer.write(struct.pack("<I", len(data)) + data)' > "$tmp/documents"
	peer=$($cpu_of build/substring-peer/release/substring-peer "$tmp/documents" 100)
	seconds=${peer% *}
	row 'suffix array, 100 bytes' "$peer"
else
	echo 'no suffix array: no cargo'
fi
for memory in 1G 64M; do
	for unit in bytes characters tokens; do
		row "substring --unit $unit --memory $memory" "$($cpu_of corpus-dedup substring -q -j1 --keep none \
			--unit "$unit" --memory "$memory" "$tmp/docs.jsonl.zst" -o "$tmp/out.jsonl.zst")" "$seconds"
	done
done
echo 'of it: how many times its processor seconds the suffix array takes.'
