#!/usr/bin/env bash
# Near duplicates by MinHash beside gaoya, rensa, datasketch and datatrove, in one run, each on one
# thread: documents a second of processor time, and peak memory.
#
#	tests/bench/minhash.sh BUILD
#
# sign: reading, JSON and the keys or signatures; whole: also what is near is found, and what stays is
# written (ours to zstd, theirs uncompressed). Ours is measured by the process, with its start and the
# decoding of zstd; theirs without the imports.
#
# In the environment: ROUNDS of ours (3), of which the best counts; PEERS; DOCS for each of them (3000:
# datatrove takes 8 ms a document).
set -euo pipefail
build=${1:-build}
docs=${CORPUS_SHARED:-../shared}/data/dedup/docs.jsonl.zst
rounds=${ROUNDS:-3} n=${DOCS:-3000}
read -ra peers <<< "${PEERS-gaoya rensa datasketch datatrove}"
python=$build/minhash-venv/bin/python
export RAYON_NUM_THREADS=1 OMP_NUM_THREADS=1

[ -e "$docs" ] || { echo "skipped: no $docs"; exit 0; }
[ ${#peers[@]} = 0 ] || tools/venv.sh tests/bench/minhash-requirements.txt "$build/minhash-venv"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
all=$(zstd -dcq "$docs" | wc -l)

# row NAME STEP: of "documents seconds KiB"
row() {
	awk -v name="$1" -v step="$2" '{ printf "%-12s %-6s %9.0f documents/s %7.0f MiB\n", name, step, $1 / $2, $3 / 1024 }'
}
# ours STEP COMMAND ...
ours() {
	local step=$1

	shift
	for ((i = 0; i < rounds; i++)); do
		python3 tests/bench/cpu_of.py "$@"
	done | sort -n | head -n 1 | sed "s/^/$all /" | row ours "$step"
}

"$build/bench/minhash_bench" < <(zstd -dcq "$docs")
ours sign bash -c "zstd -dcq '$docs' | '$build/bench/minhash_bench' once"
ours whole corpus-dedup minhash -q -j1 -o "$tmp/out.jsonl.zst" "$docs"
ours compat corpus-dedup minhash -q -j1 --compat datatrove -o "$tmp/compat.jsonl.zst" "$docs"
{ zstd -dcq "$docs" || true; } | sed "${n}q" > "$tmp/docs.jsonl"
for peer in "${peers[@]}"; do
	for step in sign whole; do
		"$python" tests/bench/minhash_peers.py "$peer" "$step" "$tmp/docs.jsonl" "$tmp/kept.jsonl" \
			2> "$tmp/log" | row "$peer" "$step" || { cat "$tmp/log"; exit 1; }
	done
done
