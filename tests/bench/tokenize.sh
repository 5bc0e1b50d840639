#!/usr/bin/env bash
# Encoding beside gigatoken, quicktok, splintr, tiktoken and tokenizers, in one run, each on one thread:
# MB per second of processor time, of a first pass over texts in memory by a new encoder and of a second,
# and whether the ids are the same; then the time on texts that only an enemy writes, at n and 2n.
#
#	tests/bench/tokenize.sh BUILD
#
# In the environment: TEXTS and VOCABULARIES (of those below), PEERS, MB of each text (100; tokenizers
# and tiktoken get SLOW_MB, 10, at most of it), ROUNDS (3), of which the best counts; CASES and SIZES of
# the second part. An empty TEXTS or CASES leaves a part out.
set -euo pipefail
build=${1:-build}
read -ra texts <<< "${TEXTS-english code chinese multilingual}"
read -ra vocabularies <<< "${VOCABULARIES-cl100k o200k}"
read -ra peers <<< "${PEERS-gigatoken quicktok splintr tiktoken tokenizers}"
read -ra cases <<< "${CASES-one-letter letters spaces white-space han}"
read -ra sizes <<< "${SIZES-1250000 2500000 5000000 10000000}"
mb=${MB:-100} slow_mb=${SLOW_MB:-10} rounds=${ROUNDS:-3}
shared=${CORPUS_SHARED:-../shared} vocabs=$build/vocabs data=$build/bench-data
python=$build/bench-venv/bin/python

[ -e "$shared/data/tokenizer/get_vocabs.sh" ] || { echo "skipped: no $shared/data/tokenizer"; exit 0; }
tools/venv.sh tests/bench/tokenize-requirements.txt "$build/bench-venv"
"$shared/data/tokenizer/get_vocabs.sh" "$vocabs" {cl100k,o200k}_base.{tiktoken,json} > /dev/null
[ ${#texts[@]} = 0 ] || CORPUS_SHARED=$shared tests/bench/tokenize_texts.py "$data"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# encode PEER VOCABULARY FILE MB ROUNDS [IDS]: bytes, documents, ids, seconds, seconds, KiB
encode() {
	local peer=$1 vocabulary=$2

	shift 2
	if [ "$peer" = ours ]; then
		"$build/bench/tokenize_bench" "$vocabs/${vocabulary}_base.tiktoken" "$vocabulary" "$@"
	else
		"$python" tests/bench/tokenize_peers.py "$peer" "$vocabs/${vocabulary}_base.tiktoken" \
			"$vocabulary" "$@"
	fi
}

# Lines "PEER bytes documents ids first second KiB" to a table with the ratios that count.
table() {
	awk '{ first[$1] = $2 / $5 / 1e6; second[$1] = $2 / $6 / 1e6
			printf "  %-10s %8.1f %8.1f %9.0f\n", $1, first[$1], second[$1], $7 / 1024 }
		function ratio(peer) {
			if (peer in first && "ours" in first)
				printf "  ours / %-11s %4.2f first, %4.2f second\n", peer,
					first["ours"] / first[peer], second["ours"] / second[peer]
		}
		END { ratio("gigatoken"); ratio("tiktoken") }'
}

compare() {
	"$python" tests/bench/tokenize_peers.py compare "$@"
}

status=0
for vocabulary in "${vocabularies[@]}"; do
	for text in "${texts[@]}"; do
		printf '%s, %s:  MB/s first,  second, memory in MiB\n' "$vocabulary" "$text"
		for peer in ours "${peers[@]}"; do
			take=$mb times=$rounds
			case $peer in
			tiktoken | tokenizers) times=1 take=$((mb < slow_mb ? mb : slow_mb)) ;;
			esac
			line=$(encode "$peer" "$vocabulary" "$data/$text.docs" "$take" "$times" \
				"$tmp/$peer") || { status=1; continue; }
			echo "$peer $line" >> "$tmp/lines"
		done
		table < "$tmp/lines"
		rm "$tmp/lines"
		if compare "$tmp"/*; then echo '  the same ids'; else status=1; fi
		rm -f "$tmp"/*
	done
done

if [ ${#cases[@]} -gt 0 ]; then
	tests/bench/tokenize_worst.py "$tmp" "${sizes[@]}"
	printf 'seconds of processor time on one document of %s bytes, and the greatest ratio of two neighbours\n' \
		"${sizes[*]}"
fi
for vocabulary in "${vocabularies[@]}"; do
	for case in "${cases[@]}"; do
		for peer in ours gigatoken quicktok; do
			for size in "${sizes[@]}"; do
				encode "$peer" "$vocabulary" "$tmp/$case.$size.docs" 0 "$rounds" \
					"$tmp/ids.$peer.$size" || echo 0 0 0 0
			done | awk -v name="$vocabulary $case $peer" '{ t[NR] = $4; n = $1 }
				END { printf "  %-32s", name
					for (i = 1; i <= NR; i++) { printf " %8.4f", t[i]
						if (i > 1 && t[i - 1] > 0 && t[i] / t[i - 1] > worst) worst = t[i] / t[i - 1] }
					printf "   %4.2f  %6.1f MB/s\n", worst, (t[NR] > 0 ? n / t[NR] / 1e6 : 0) }'
		done
		for size in "${sizes[@]}"; do
			compare "$tmp"/ids.*."$size" || status=1
		done
		rm -f "$tmp"/ids.*
	done
done
exit $status
