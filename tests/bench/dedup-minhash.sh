#!/usr/bin/env bash
# The whole run of corpus-dedup minhash, output written, on one thread: documents a processor second,
# peak memory, and temporary disk a document, with memory from plenty to almost none. minhash.sh has
# the peers, for signing.
#
#	tests/bench/dedup-minhash.sh BUILD
#
# In the environment: ROUNDS (3), of which the fastest counts; TIMES (1), how often the test set is
# read, under ids of its own, and TIMES > 1 makes copies of each document.
set -euo pipefail
docs=${CORPUS_SHARED:-../shared}/data/dedup/docs.jsonl.zst
rounds=${ROUNDS:-3} times=${TIMES:-1}

[ -e "$docs" ] || { echo "skipped: no $docs"; exit 0; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/temp"
files=()
for ((i = 0; i < times; i++)); do files+=("$docs"); done
records=$(zstdcat "$docs" | wc -l)
records=$((records * times))

# measure NAME OPTIONS ...
measure() {
	local name=$1

	shift
	for ((i = 0; i < rounds; i++)); do
		TMPDIR=$tmp/temp python3 tests/bench/disk_of.py corpus-dedup minhash -q -j1 "$@" "${files[@]}" \
			-o "$tmp/out.jsonl.zst"
	done | sort -n | head -n 1 | awk -v name="$name" -v n="$records" \
		'{ printf "%-24s %8.2f %9.0f %8.0f %8.1f\n", name, $1, n / $1, $2 / 1024, $3 / n }'
}
printf '%d documents:          cpu s    docs/s      MiB  disk B/doc\n' "$records"
measure 'memory 4G' --memory 4G
measure 'memory 64M' --memory 64M
measure 'memory 1M' --memory 1M
measure 'memory 1M, best:score' --memory 1M --keep best:score
measure 'verify 0.7' --memory 64M --verify 0.7
measure 'index' --memory 64M --index "$tmp/index"
