#!/usr/bin/env bash
# Lines that the tests of a --coverage build ran, a source file a row: tools/coverage.sh build/coverage
set -euo pipefail
build=$(cd "$1" && pwd)
top=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
find "$build/obj" -name '*.gcda' -not -path '*/tests/*' -print0 |
	xargs -0 gcov --relative-only --source-prefix "$top" 2> /dev/null |
	awk '/^File / { gsub(/\x27/, "", $2); file = $2 }
	     /^Lines executed:/ && file ~ /\.c$/ {
		split($0, part, /[:% ]+/); share = part[3]; n = $NF
		printf "%6.1f %% of %5d lines  %s\n", share, n, file
		ran += share * n / 100; all += n; file = ""
	     }
	     END { if (all) printf "%6.1f %% of %5d lines  in all\n", 100 * ran / all, all }'
