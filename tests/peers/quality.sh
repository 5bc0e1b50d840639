#!/usr/bin/env bash
# corpus-quality beside datatrove and spaCy: their decisions, reasons and statistics on the documents of
# $CORPUS_SHARED/data/quality, which its score.py compares. corpus-quality on PATH. The last line is
# "N passed, N failed".
set -uo pipefail
data=${CORPUS_SHARED:-$(dirname "$0")/../../../shared}/data/quality
passed=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ ! -e "$data/score.py" ]; then
	echo "skipped: $data is not there"
	echo '0 passed, 0 failed, 1 skipped'
	exit 0
fi

# Decisions and reasons by one run, statistics by another.
agrees() {
	corpus-quality -q --rules "$1" "$data/docs.jsonl.zst" -o "$work/kept.jsonl" --rejects "$work/rejects.jsonl" &&
		corpus-quality -q --rules "$1" --annotate "$data/docs.jsonl.zst" -o "$work/annotated.jsonl" &&
		python3 "$data/score.py" "$data/gold.jsonl.zst" --ruleset "$1" --kept "$work/kept.jsonl" \
			--rejects "$work/rejects.jsonl" --annotated "$work/annotated.jsonl"
}

for rules in gopher gopher-repetition; do
	if agrees $rules; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1)) && echo "FAIL $rules"
	fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
