#!/usr/bin/env bash
# The HTML parser: on the dev pages beside libxml2's, then on pages that only an enemy writes.
set -euo pipefail
build=$1
pages=("${CORPUS_SHARED:-../shared}"/data/extract/*.warc.gz)
if [ -e "${pages[0]}" ]; then
	"$build/bench/html_bench" "${pages[@]}"
	echo 'the slowest pages, whole extraction:'
	"$build/bench/html_bench" --slowest "${pages[@]}"
else
	echo "skipped: no pages in ${pages[0]%/*}"
fi
"$build/bench/html_monsters" 30
