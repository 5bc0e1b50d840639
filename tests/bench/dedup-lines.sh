#!/usr/bin/env bash
# exact, lines and paragraphs beside dolma's deduper and mixer, in one run, each on one thread with its
# output written: processor seconds of the whole program, and its peak memory.
#
#	tests/bench/dedup-lines.sh BUILD
#
# In the environment: ROUNDS (3), of which the best counts. dolma asks a Bloom filter, which takes some
# texts for repeats that are none; its paragraphs are what stands between two line feeds, without the
# lines in them.
set -euo pipefail
build=${1:-build}
docs=${CORPUS_SHARED:-../shared}/data/dedup/docs.jsonl.zst
rounds=${ROUNDS:-3}
python=$build/dolma-venv/bin/python

[ -e "$docs" ] || { echo "skipped: no $docs"; exit 0; }
tools/venv.sh tests/bench/dedup-lines-requirements.txt "$build/dolma-venv" --no-deps
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# best COMMAND ...: seconds and KiB of the best of the rounds
best() {
	for ((i = 0; i < rounds; i++)); do
		rm -rf "$tmp/dolma"
		mkdir -p "$tmp/dolma/documents"
		ln -s "$(realpath "$docs")" "$tmp/dolma/documents/docs.jsonl.zst"
		python3 tests/bench/cpu_of.py "$@" 2> /dev/null
	done | sort -n | head -n 1
}
# beside NAME DOLMA'S VERB OPTION ...
beside() {
	local name=$1 peer=$2

	shift 2
	{
		best corpus-dedup "$@" -q -j1 "$docs" -o "$tmp/ours.jsonl.zst"
		best "$python" tests/bench/dedup_dolma.py "$peer" "$tmp/dolma"
	} | paste -sd ' ' | awk -v name="$name" \
		'{ printf "%-28s %6.2f %5.0f  %6.2f %5.0f  %5.1f\n", name, $1, $2 / 1024, $3, $4 / 1024, $3 / $1 }'
}
printf '%-28s %12s  %12s  %5s\n' '' 'ours: s  MiB' 'dolma: s MiB' times
beside 'exact' documents exact --normalise none
beside 'lines of 1 character' lines:1 lines --min-length 1
beside 'lines of 10' lines:10 lines
beside 'paragraphs of 100' paragraphs:100 paragraphs
