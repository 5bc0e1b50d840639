#!/usr/bin/env bash
# What a stage costs that does nothing, and one that changes every line, beside zstd -dc | zstd -1 on
# the same file: processor seconds of all processes of a pipeline, the median of RUNS (5) rounds in
# which the pipelines take turns, and the ratio to zstd. Then the peak memory of -j2 on a pipe of
# PIPE_GB (10) gigabytes.
set -euo pipefail
docs=$CORPUS_SHARED/data/dedup/docs.jsonl.zst
runs=${RUNS:-5} gigabytes=${PIPE_GB:-10}
[ -e "$docs" ] || { echo "skipped: no $docs"; exit 0; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

corpus-cat "$docs" -o "$tmp/docs.jsonl.zst"
cat > "$tmp/one-field.yaml" <<-'END'
	name: one-field
	rules:
	  - { name: characters, statistic: characters, min: 0 }
END

# Processor seconds, user and system, of a shell command with all its children.
cpu() {
	local TIMEFORMAT='%U %S'
	{ time bash -c "$1" > /dev/null 2>&1; } 2>&1 | awk '{ print $1 + $2 }'
}
names=(zstd empty-rules every-line foreign-empty foreign-every-line)
commands=(
	"zstd -dcq $tmp/docs.jsonl.zst | zstd -1qc -T1"
	"corpus-quality -j1 --rules none $tmp/docs.jsonl.zst | cat"
	"corpus-quality -j1 --rules $tmp/one-field.yaml --annotate $tmp/docs.jsonl.zst | cat"
	"corpus-quality -j1 --rules none $docs | cat"
	"corpus-quality -j1 --rules $tmp/one-field.yaml --annotate $docs | cat"
)
for ((round = 0; round < runs; round++)); do
	for i in "${!names[@]}"; do cpu "${commands[i]}" >> "$tmp/${names[i]}"; done
done
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
base=$(median "$tmp/zstd")
printf '%-20s %8s %8s\n' pipeline 'cpu s' 'of zstd'
for name in "${names[@]}"; do
	value=$(median "$tmp/$name")
	awk -v n="$name" -v v="$value" -v b="$base" 'BEGIN { printf "%-20s %8.3f %8.2f\n", n, v, v / b }'
done
echo 'zstd: zstd -dc FILE | zstd -1; foreign: one frame of zstd itself, else a file of ours.'

copies=$((gigabytes * 1000000000 / $(zstd -dcq "$docs" | wc -c) + 1))
zstd -dcq "$docs" > "$tmp/docs.jsonl"
for ((i = 0; i < copies; i++)); do cat "$tmp/docs.jsonl"; done |
	corpus-quality -j2 --rules "$tmp/one-field.yaml" --annotate --stats "$tmp/stats.json" > /dev/null
jq -r '"peak memory at -j2 on \(.read.bytes / 1e9 | floor) GB through a pipe: \(.peak_memory / 1048576 | floor) MiB, \(.read.records) records"' "$tmp/stats.json"
