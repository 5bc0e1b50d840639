#!/usr/bin/env bash
# Makes a virtual environment with the exact versions of a list, once a content of that list:
# venv.sh [LIST [FOLDER [PIP-OPTION ...]]], by default that of make check-peers.
set -euo pipefail
wanted=${1:-tests/peers/requirements.txt} venv=${2:-build/venv}
shift $(($# < 2 ? $# : 2))
[ -e "$wanted" ] || exit 0
cmp -s "$wanted" "$venv/requirements.txt" && exit 0
if grep -vE '^(#|$)|^[A-Za-z0-9._-]+(\[[a-z,]+\])?==[0-9][^*]*$' "$wanted"; then
	echo "$wanted: each line must name an exact version (NAME==VERSION)" >&2
	exit 1
fi
rm -rf "$venv"
python3 -m venv "$venv"
"$venv/bin/pip" --disable-pip-version-check install --quiet "$@" -r "$wanted"
cp "$wanted" "$venv/requirements.txt"
