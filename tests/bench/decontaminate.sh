#!/usr/bin/env bash
# Decontamination of 146 MB of records against 300 questions, on one thread: processor seconds of the
# whole program with its output written, megabytes of JSON lines a processor second and peak memory,
# beside the Janitor of lm-evaluation-harness in its Python form, which has four of the five rules and
# cleans each tenth document.
#
#	tests/bench/decontaminate.sh BUILD
#
# In the environment: ROUNDS (5), of which the median counts. LEVEL (1) of zstd for the output.
set -euo pipefail
build=${1:-build} rounds=${ROUNDS:-5} level=${LEVEL:-1}
data=${CORPUS_SHARED:-../shared}/data/dedup
python=$build/decontaminate-venv/bin/python

[ -e "$data/docs.jsonl.zst" ] || { echo "skipped: no $data/docs.jsonl.zst"; exit 0; }
tools/venv.sh tests/bench/decontaminate-requirements.txt "$build/decontaminate-venv" --no-deps
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
corpus-cat "$data/docs.jsonl.zst" -o "$tmp/docs.jsonl.zst"
corpus-cat "$tmp/docs.jsonl.zst" > "$tmp/docs.jsonl"
awk 'NR % 10 == 0' "$tmp/docs.jsonl" > "$tmp/tenth.jsonl"
zstd -dcq "$data/bench.jsonl.zst" > "$tmp/bench.jsonl"

# measure NAME INPUT ROUNDS COMMAND ...
measure() {
	local name=$1 bytes times=$3

	bytes=$(wc -c < "$2")
	shift 3
	for ((i = 0; i < times; i++)); do
		"$python" tests/bench/cpu_of.py "$@"
	done | sort -n | awk -v name="$name" -v bytes="$bytes" '
		{ cpu[NR] = $1; memory[NR] = $2 }
		END {
			m = int((NR + 1) / 2)
			printf "%-34s %8.2f %8.1f %8.0f\n", name, cpu[m], bytes / 1e6 / cpu[m], memory[m] / 1024
		}'
}
# ours NAME MAX-DOCS INPUT
ours() {
	measure "$1" "$tmp/docs.jsonl" "$rounds" corpus-dedup decontaminate -q -j1 --level "$level" --max-docs "$2" \
		--benchmark "planted:question=$tmp/bench.jsonl" "$3" -o "$tmp/out.jsonl.zst"
}

printf '%-34s %8s %8s %8s\n' '' 'cpu s' 'MB/s' 'MiB'
ours 'ours, read once (--max-docs 0)' 0 "$tmp/docs.jsonl.zst"
ours 'ours, read twice (--max-docs 10)' 10 "$tmp/docs.jsonl.zst"
ours 'the same from plain JSON lines' 10 "$tmp/docs.jsonl"
measure 'Janitor' "$tmp/tenth.jsonl" 1 "$python" tests/bench/decontaminate_janitor.py "$tmp/bench.jsonl" \
	"$tmp/tenth.jsonl" "$tmp/janitor.jsonl"
