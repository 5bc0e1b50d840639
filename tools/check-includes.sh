#!/usr/bin/env bash
# Checks that includes point one way: cmd to stages to lib, tokenizer to lib, and no stage to another.
set -uo pipefail

# Includes of a folder's files as "FILE:LINE:FOLDER/HEADER", without those that $2 (a pattern of
# grep -E, anchored at the header) allows.
strays() {
	grep -rHnE --include='*.[ch]' '^#include "' "$1" 2> /dev/null |
		sed -E 's/#include "([^"]*)".*/\1/' | grep -vE "^[^:]*:[0-9]+:($2)"
}

# A stage is a pair stages/NAME.[ch] with helpers stages/NAME_*.[ch], or a folder stages/NAME/.
stray_stages() {
	local file name

	find stages -name '*.[ch]' 2> /dev/null | while read -r file; do
		name=${file#stages/}
		case $name in
		*/*) strays "$file" "lib/|tokenizer/|stages/${name%%/*}/|stages/${name%%/*}\.h$" ;;
		*)
			name=${name%.[ch]}
			strays "$file" "lib/|tokenizer/|stages/${name%%_*}(_[a-z0-9_]*)?\.h$"
			;;
		esac
	done
}

found=$(
	strays lib 'lib/'
	strays tokenizer 'lib/|tokenizer/'
	strays cmd 'lib/|tokenizer/|stages/'
	stray_stages
)
[ -z "$found" ] && exit 0
echo "These includes point the wrong way (cmd -> stages -> lib, tokenizer -> lib):"
echo "$found"
exit 1
