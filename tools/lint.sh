#!/usr/bin/env bash
# What make lint checks: tools/lint.sh BUILD. Everything is looked at, then the status says if any
# check failed.
set -uo pipefail
build=${1:-build} failed=0

check() {
	local title=$1

	shift
	if "$@"; then
		echo "ok    $title"
	else
		echo "FAIL  $title"
		failed=1
	fi
}

mapfile -t sources < <(find cmd lib stages tokenizer tests -name '*.[ch]' | LC_ALL=C sort)
mapfile -t scripts < <(find .ci tools tests configs -type f -exec grep -lE -m 1 '^#!.*\b(ba)?sh$' {} + |
	LC_ALL=C sort)
mapfile -t pages < <(find "$build/share/man" -type f | LC_ALL=C sort)
mapfile -t completions < <(find "$build/share/bash-completion" -type f | LC_ALL=C sort)
mapfile -t commands < <(find tests/cli -name cmd -o -name setup | LC_ALL=C sort)

# clang-format does not break comments, nor strings, which may be longer.
long_lines() {
	local file

	for file in "${sources[@]}"; do
		expand "$file" | LC_ALL=C.UTF-8 grep -nE '^.{101}' | grep -v '"' | sed "s|^|$file:|"
	done
}

check 'layout (clang-format)' clang-format --dry-run -Werror "${sources[@]}"
long=$(long_lines)
check 'no line over 100 columns' test -z "$long"
[ -z "$long" ] || echo "$long"
check 'includes point one way' tools/check-includes.sh
check 'man pages (mandoc)' mandoc -Tlint -W warning "${pages[@]}"
check 'scripts (shellcheck)' shellcheck -S info "${scripts[@]}"
check 'test commands (shellcheck)' shellcheck -s bash -e SC2164 "${commands[@]}"
check 'bash completions (shellcheck)' shellcheck -s bash "${completions[@]}"
exit $failed
