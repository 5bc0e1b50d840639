#!/usr/bin/env bash
# Installs what a task needs and the machine lacks: tools/deps.sh build|test|lint|peers
#
# Where all is there, nothing is done and no network is asked. Where there is no apt-get, the packages
# are named and it stops.
set -euo pipefail

# level; Debian and Ubuntu, Fedora, Arch, Homebrew ("-": in another package); how to see, where there
# is no dpkg, that it is there: a command, a header or a file of pkg-config.
table='
build gcc              gcc                gcc        gcc          gcc
build make             make               make       make         make
build pkg-config       pkgconf-pkg-config pkgconf    pkgconf      pkg-config
build zlib1g-dev       zlib-devel         zlib       zlib         zlib.pc
build libbz2-dev       bzip2-devel        bzip2      bzip2        bzlib.h
build libbrotli-dev    brotli-devel       brotli     brotli       libbrotlidec.pc
build libdeflate-dev   libdeflate-devel   libdeflate libdeflate   libdeflate.pc
build libzstd-dev      libzstd-devel      zstd       zstd         libzstd.pc
build libzip-dev        libzip-devel       libzip     libzip       libzip.pc
build libpsl-dev       libpsl-devel       libpsl     libpsl       libpsl.pc
build libxml2-dev      libxml2-devel      libxml2    libxml2      libxml-2.0.pc
build libpcre2-dev     pcre2-devel        pcre2      pcre2        libpcre2-8.pc
build libicu-dev       libicu-devel       icu        icu4c        icu-i18n.pc
build libxxhash-dev    xxhash-devel       xxhash     xxhash       libxxhash.pc
build libjansson-dev   jansson-devel      jansson    jansson      jansson.pc
build libyaml-dev      libyaml-devel      libyaml    libyaml      yaml-0.1.pc
test  libcriterion-dev criterion-devel    criterion  criterion    criterion.pc
test  zstd             zstd               zstd       zstd         zstd
test  jq               jq                 jq         jq           jq
test  bzip2            bzip2              bzip2      bzip2        bzip2
test  bsdutils         util-linux-script  util-linux util-linux   script
test  man-db           man-db             man-db     man-db       man
lint  clang            clang              clang      llvm         clang
lint  clang-format     clang-tools-extra  -          clang-format clang-format
lint  mandoc           mandoc             mandoc     mandoc       mandoc
lint  libmd4c-dev      md4c-devel         md4c       md4c         md4c.pc
lint  shellcheck       ShellCheck         shellcheck shellcheck   shellcheck
peers python3          python3            python     python       python3
peers python3-venv     -                  -          -            python3
peers golang-go        golang             go         go           go
'

case ${1-} in
build) levels='build' ;;
test) levels='build test' ;;
lint) levels='build lint' ;;
peers) levels='build test peers' ;;
*)
	echo "usage: tools/deps.sh build|test|lint|peers" >&2
	exit 2
	;;
esac

# Rows of the levels.
rows() {
	awk -v levels=" $levels " 'NF && index(levels, " " $1 " ")' <<< "$table"
}

by_dpkg() {
	local state

	state=$(dpkg-query -W -f '${db:Status-Status} ' "$1" 2> /dev/null) && [[ $state == installed* ]]
}

by_probe() {
	case $1 in
	*.pc) pkg-config --exists "${1%.pc}" 2> /dev/null ;;
	*.h) gcc -E -include "$1" -x c /dev/null > /dev/null 2>&1 ;;
	*) command -v "$1" > /dev/null ;;
	esac
}

# What is missing, in the names of column $1 of the table, judged by function $2 of column $3.
missing() {
	rows | while read -r -a row; do
		"$2" "${row[$3]}" || [ "${row[$1]}" = - ] || echo "${row[$1]}"
	done | sort -u
}

# $1: command that installs, $2: column of its package names.
elsewhere() {
	local names

	names=$(missing "$2" by_probe 5)
	[ -z "$names" ] && exit 0
	echo "Packages are missing; install them with: $1 ${names//$'\n'/ }" >&2
	exit 1
}

if ! command -v apt-get > /dev/null; then
	if command -v dnf > /dev/null; then elsewhere 'sudo dnf install' 2; fi
	if command -v pacman > /dev/null; then elsewhere 'sudo pacman -S --needed' 3; fi
	if command -v brew > /dev/null; then elsewhere 'brew install' 4; fi
	elsewhere 'your package manager (these are the names of Debian)' 1
fi

mapfile -t names < <(missing 1 by_dpkg 1)
[ ${#names[@]} = 0 ] && exit 0
as_root=()
if [ "$(id -u)" != 0 ]; then
	if ! command -v sudo > /dev/null; then
		echo "Packages are missing, and there is no sudo to install them: ${names[*]}" >&2
		exit 1
	fi
	as_root=(sudo)
fi
echo "Installing ${names[*]}"
"${as_root[@]}" apt-get -qq update
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
	apt-get -qq -y --no-install-recommends install "${names[@]}" < /dev/null
