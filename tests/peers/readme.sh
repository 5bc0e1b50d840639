#!/usr/bin/env bash
# The pipelines of README.md as they are printed there, on a folder of small inputs under the names that
# they use. The last line is "N passed, N failed".
set -uo pipefail
root=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
i=0
for warc in "$root"/testdata/crawl/*.warc.gz; do
	cp "$warc" "CC-MAIN-$((i++)).warc.gz"
done

# The indented block under the heading "A pipeline".
sed -n '/^## A pipeline/,/^## /p' "$root/README.md" | sed -n 's/^    //p' > pipeline.sh
passed=0 failed=0
check() {
	if "${@:2}"; then
		passed=$((passed + 1)) && echo "ok   $1"
	else
		failed=$((failed + 1)) && echo "FAIL $1"
	fi
}
check 'there is a pipeline of five lines or more' [ "$(wc -l < pipeline.sh)" -ge 5 ]
check 'it ends well' bash -euo pipefail pipeline.sh
for output in pages.jsonl.zst dropped.jsonl.zst tokenizer.json tokens.bin; do
	check "$output is there" [ -s "$output" ]
done
check 'pages.jsonl.zst is whole and holds records' \
	[ "$(corpus-cat --verify pages.jsonl.zst | grep -c ': ok, [1-9]')" = 1 ]
echo "$passed passed, $failed failed"
[ $failed = 0 ]
