#!/usr/bin/env bash
# Training beside gigabpe, rustbpe and tokenizers, in one run, each on one thread: processor seconds of
# the whole program, its peak memory, and whether the merges are the same.
#
#	tests/bench/train.sh BUILD
#
# In the environment: MB of text (100), SIZE of the vocabulary (32768), PEERS, ROUNDS (3; tokenizers and
# rustbpe run once), of which the best counts.
set -euo pipefail
build=${1:-build}
docs=${CORPUS_SHARED:-../shared}/data/dedup/docs.jsonl.zst
mb=${MB:-100} size=${SIZE:-32768} rounds=${ROUNDS:-3}
read -ra peers <<< "${PEERS-gigabpe rustbpe tokenizers}"
python=$build/train-venv/bin/python
export RAYON_NUM_THREADS=1 TOKENIZERS_PARALLELISM=false

[ -e "$docs" ] || { echo "skipped: no $docs"; exit 0; }
tools/venv.sh tests/bench/train-requirements.txt "$build/train-venv"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
zstd -dcq "$docs" | { "$python" tests/bench/train_peers.py text "$tmp/docs.jsonl" "$tmp/text.txt" "$mb"; cat > /dev/null; }

# measure NAME TIMES COMMAND ...: a line of the table, from the best of TIMES runs
measure() {
	local name=$1 times=$2

	shift 2
	for ((i = 0; i < times; i++)); do
		"$python" tests/bench/cpu_of.py "$@"
	done | sort -n | head -n 1 | awk -v name="$name" '{ printf "%-22s %8.2f %9.0f\n", name, $1, $2 / 1024 }'
}
merges() {
	"$python" tests/bench/train_peers.py merges "$1" "$1.merges"
}

printf '%s MB to %s:          cpu s       MiB\n' "$mb" "$size"
measure 'ours, lines of text' "$rounds" corpus-tokenize train -q -j1 --from text -n "$size" -o "$tmp/ours.json" "$tmp/text.txt"
measure 'ours, -j2' "$rounds" corpus-tokenize train -q -j2 --from text -n "$size" -o "$tmp/two.json" "$tmp/text.txt"
measure 'ours, 64 MiB' "$rounds" corpus-tokenize train -q -j2 --memory 64M --from text -n "$size" -o "$tmp/disk.json" "$tmp/text.txt"
measure 'ours, records' "$rounds" corpus-tokenize train -q -j1 -n "$size" -o "$tmp/records.json" "$tmp/docs.jsonl"
for peer in "${peers[@]}"; do
	times=1
	[ "$peer" != gigabpe ] || times=$rounds
	measure "$peer" "$times" "$python" tests/bench/train_peers.py "$peer" "$tmp/text.txt" "$size" "$tmp/$peer"
done

status=0
for other in two disk; do
	cmp "$tmp/ours.json" "$tmp/$other.json" || status=1
done
merges "$tmp/ours.json"
for peer in "${peers[@]}"; do
	[ -e "$tmp/$peer.json" ] || continue
	merges "$tmp/$peer.json"
	printf '%-12s' "$peer:"
	"$python" tests/bench/train_peers.py compare "$tmp/ours.json.merges" "$tmp/$peer.json.merges" || status=1
done
if [ -e "$tmp/rustbpe.ranks" ]; then
	awk 'NR == FNR { ours[$1 $2]; next } FNR > 256 { n++; same += ($1 in ours) }
		END { printf "rustbpe:    %d of %d merged tokens are ours too\n", same, n }' \
		"$tmp/ours.json.merges" "$tmp/rustbpe.ranks"
fi
exit $status
