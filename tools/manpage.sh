#!/usr/bin/env bash
# Makes a man page: tools/manpage.sh man/NAME.1.in VERSION [PROGRAM] > NAME.1
#
# A line "@OPTIONS@" becomes the section that PROGRAM generates from its table of options, and a line
# "@EXAMPLE NAME@" the command of the test tests/cli/NAME, so that both say what is true. @VERSION@
# is replaced anywhere.
set -euo pipefail
page=$1 version=$2 program=${3-}

# A test's command as mdoc: comments at its top are for the test's reader alone.
example() {
	printf '.Bd -literal -offset indent\n'
	sed -e '1,/^[^#]/{/^#/d}' -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/^[.']/\\\\\&&/" "tests/cli/$1/cmd"
	printf '.Ed\n'
}

while IFS= read -r line; do
	case $line in
	@OPTIONS@) "$program" --print-options mdoc ;;
	'@EXAMPLE '*@)
		name=${line#@EXAMPLE }
		example "${name%@}"
		;;
	*) printf '%s\n' "${line//@VERSION@/$version}" ;;
	esac
done < "$page"
