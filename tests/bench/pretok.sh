#!/usr/bin/env bash
# Pre-tokenisers alone, each way of them on the texts of tokenize.sh, in MB per second of processor
# time: tests/bench/pretok.sh BUILD
#
# In the environment: TEXTS and PATTERNS, and MB of each text (40).
set -euo pipefail
build=${1:-build}
read -ra texts <<< "${TEXTS-english code chinese multilingual}"
read -ra patterns <<< "${PATTERNS-gpt2 cl100k o200k deepseek3}"
mb=${MB:-40} data=$build/bench-data

[ -e "${CORPUS_SHARED:-../shared}/data/tokenizer" ] || { echo 'skipped: no shared data'; exit 0; }
tests/bench/tokenize_texts.py "$data"
for text in "${texts[@]}"; do
	printf -- '-- %s\n' "$text"
	for pattern in "${patterns[@]}"; do
		head -c "${mb}000000" "$data/$text.docs" | "$build/bench/pretok_bench" "$pattern"
	done
done
