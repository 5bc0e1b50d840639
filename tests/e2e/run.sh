#!/bin/bash
# A whole build by the graph of configs/corpus.mk, and what must hold of it.
#
#	tests/e2e/run.sh [--quick] [BIN [DIR]]
#
# BIN holds the programs (build/bin); the work is done in DIR (build/e2e). The inputs are those of
# $CORPUS_SHARED/data/e2e (../shared), or with --quick those of testdata/. The last line is
# "N passed, N failed", and the exit status tells whether any failed.
set -u
export LC_ALL=C
unset CORPUSMILL_CONFIGS
unset MAKEFLAGS MAKELEVEL MFLAGS

root=$(cd "$(dirname "$0")/../.." && pwd)
quick=
[ "${1:-}" = --quick ] && { quick=yes; shift; }
bin=$(cd "${1:-$root/build/bin}" && pwd) || exit 1
work=${2:-$root/build/e2e${quick:+-quick}}
mkdir -p "$work" && work=$(cd "$work" && pwd) || exit 1
shared=${CORPUS_SHARED:-$root/../shared}
n_kills=$([ "$quick" ] && echo 4 || echo 10)
passed=0 failed=0

if [ -z "$quick" ] && [ ! -d "$shared/data/e2e" ]; then
	echo "skipped: $shared/data/e2e is not there"
	echo "0 passed, 0 failed"
	exit 0
fi

# ---- helpers -------------------------------------------------------------------------------------

# check NAME COMMAND...: counts it as passed when the command succeeds.
check() {
	local name=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
		echo "ok      $name"
	else
		failed=$((failed + 1))
		echo "FAILED  $name"
		[ -f "$work/make.log" ] && tail -n 30 "$work/make.log" | cut -c1-300 | sed 's/^/        | /'
	fi
}

# A build in folder $1 of $work; the rest goes to make. What it printed is in make.log.
build() {
	local dir=$1
	shift
	(cd "$work/$dir" && make "$@") >"$work/make.log" 2>&1
}

# Tasks of program $1 that the last build ran ("dedup", "tokenize encode", "" for any).
ran() {
	grep -c -e "^bin/corpus-$1.* --stats " "$work/make.log"
}

# ran_only PROGRAM=TASKS...: the last build ran these tasks and no others.
ran_only() {
	local sum=0 pair
	for pair; do
		[ "$(ran "${pair%=*}")" -eq "${pair#*=}" ] || {
			echo "        ${pair%=*} ran $(ran "${pair%=*}") tasks, not ${pair#*=}"
			return 1
		}
		sum=$((sum + ${pair#*=}))
	done
	[ "$(ran "")" -eq $sum ] || {
		echo "        $(ran "") tasks ran, not $sum"
		return 1
	}
}

nothing_done() {
	grep -q 'Nothing to be done' "$work/make.log" && ran_only
}

# Every file of the corpus with its digest. log/ holds times and .keys what make saw; a hidden
# temporary of a killed process is no file of the corpus.
prints() {
	(cd "$work/$1/build" && find . -type f ! -path './log/*' ! -path './.keys/*' ! -name '.*.tmp' |
		sort | xargs -r sha256sum)
}

same_prints() {
	diff <(prints "$1") <(prints "$2") | sed 's/^/        /' | head -20
	[ "$(prints "$1")" = "$(prints "$2")" ]
}

# Whatever stands under a final name in $1 is what stands there in $2 ("make" writes the ledgers).
nothing_half_written() {
	! comm -23 <(prints "$1" | sort) <(prints "$2" | sort) | sed 's/^/        /' | grep .
}

# A number from 0 to $1 - 1, the same ones each time.
state=20260301
random() {
	state=$(((state * 16807) % 2147483647))
	random=$((state % $1))
}

# A new folder with the inputs' names, so that builds in several write the same names into stamps.
fresh() {
	rm -rf "${work:?}/$1"
	mkdir -p "$work/$1"
	ln -s ../in ../bin ../configs "$work/$1/"
	cp "$work/Makefile" "$work/$1/"
}

# ---- inputs --------------------------------------------------------------------------------------

rm -rf "$work"
mkdir -p "$work/in" "$work/bin"
cp -r "$root/configs" "$work/configs"
mkdir "$work/share" && ln -s ../configs "$work/share/corpusmill"
cp "$bin"/corpus-* "$work/bin/"
for s in commoncrawl webtext2 books1 books2 wikipedia; do mkdir "$work/in/$s"; done
if [ "$quick" ]; then
	cp "$root"/testdata/crawl/*.warc.gz "$work/in/commoncrawl/"
	cp "$root"/testdata/links/*.warc.gz "$work/in/webtext2/"
	cp "$root"/testdata/books1/*.txt "$work/in/books1/"
	cp "$root"/testdata/books2/*.html "$work/in/books2/"
	cp "$root"/testdata/wiki/*.bz2 "$work/in/wikipedia/"
	vocab_size=600
else
	cp "$shared/data/extract/wcxb.warc.gz" "$work/in/commoncrawl/"
	cp "$shared/data/extract/trafilatura.warc.gz" "$work/in/webtext2/"
	cp "$shared"/data/e2e/books1/*.txt "$work/in/books1/"
	cp "$shared"/data/e2e/books2/*.htm "$work/in/books2/"
	cp "$shared"/data/e2e/*.bz2 "$work/in/wikipedia/"
	vocab_size=4096
fi
chmod -R u+w "$work"
cat >"$work/Makefile" <<MAKE
SOURCES := commoncrawl webtext2 books1 books2 wikipedia
\$(foreach s,\$(SOURCES),\$(eval INPUTS_\$s := \$(sort \$(wildcard in/\$s/*))))
RULES_books1 :=
RULES_books2 :=
RULES_wikipedia :=
SHARDS := 2
VOCAB_SIZE := $vocab_size
BIN := bin
include configs/corpus.mk
MAKE
n_in=$(find "$work/in" -type f | wc -l)
n_web=$(find "$work/in/commoncrawl" "$work/in/webtext2" -type f | wc -l)
n_crawl=$(find "$work/in/commoncrawl" -type f | wc -l)
crawl=$(cd "$work" && echo in/commoncrawl/* | cut -d' ' -f1)

# ---- one build, two ways -------------------------------------------------------------------------

fresh one
build one -n
check "make -n before a build shows every task" ran_only extract="$n_in" quality="$n_web" dedup=5 mix=1 \
	"tokenize train"=1 "tokenize encode"=2
fresh two
begin=$(date +%s%N)
check "one make command builds the corpus with -j1" build one -j1 JOBS=1
took_ms=$((($(date +%s%N) - begin) / 1000000))
check "every stage ran, a task a shard" ran_only extract="$n_in" quality="$n_web" dedup=5 mix=1 \
	"tokenize train"=1 "tokenize encode"=2
check "the ledger adds up" grep -qx 'adds up, to the document' "$work/one/build/ledger.txt"
check "-j2 and two threads a task" build two -j2 JOBS=2
check "give the same bytes in every file" same_prints one two
check "there is something in each shard" [ "$(find "$work/one/build/tokens" -name 'train-*.bin' -size +1k | wc -l)" -eq 2 ]

# ---- what is built again, and what is not --------------------------------------------------------

build one
check "a second run does nothing" nothing_done
find "$work/in" "$work/bin" "$work/configs" -type f -exec touch {} +
build one
check "nor after touching all inputs, programs and rules" nothing_done
build one tasks
check "no task is listed when none is stale" [ ! -s "$work/make.log" ]

build one -n SEED=7 SHARDS=3 QUALITY_FLAGS=--max-record=63M
check "make -n shows what other options would do" \
	[ "$(ran extract)$(ran quality)$(ran mix)$(ran "tokenize train")" = "0${n_web}11" ]
build one
check "  and leaves nothing behind" nothing_done
build one SEED=7
check "another seed: the mix and what follows, nothing before it" \
	[ "$(ran extract)$(ran quality)$(ran dedup)$(ran mix)" = 0001 ]
build one
check "the seed back: the same bytes as before" same_prints one two
build one QUALITY_FLAGS=--max-record=63M
check "an option of corpus-quality: its tasks, which give the same, and no others" ran_only quality="$n_web"
build one
check "the option back" ran_only quality="$n_web"
check "  and the same bytes as before" same_prints one two

rm "$work/one/build/extract/${crawl#in/}.jsonl.zst"
build one
check "a lost intermediate comes back with equal content and stops there" ran_only extract=1
printf '\n' >>"$work/bin/corpus-quality"
build one
check "another program of equal effect: its tasks and no others" ran_only quality="$n_web"
cp "$work/$crawl" "$work/kept"
cp "$work/in/webtext2/$(ls "$work/in/webtext2")" "$work/other"
touch -r "$work/kept" "$work/other"
cp -p "$work/other" "$work/$crawl"
build one dedup
check "another content under an old time is seen" ran_only extract=1 quality=1 dedup=1
cp -p "$work/kept" "$work/$crawl"
build one
check "and so is the old one" [ "$(ran extract)$(ran quality)$(ran dedup)" = 111 ]
check "which gives the same bytes as before" same_prints one two
build one SHARDS=3
build one
check "no shard of another number of shards is left" same_prints one two
if [ "$n_crawl" -gt 1 ]; then
	build one "INPUTS_commoncrawl=$crawl" dedup
	check "an input taken out: its source's dedup" ran_only dedup=1
	build one
	check "and put back" same_prints one two
fi
rm -r "$work/one/build/log/mix"
build one
check "lost stats: the task runs again, so that the ledger is whole" ran_only mix=1

# ---- an input that a rule makes ------------------------------------------------------------------

fresh made
cat >"$work/made/Makefile" <<MAKE
made.warc.gz: ../raw
	cp \$< \$@
SOURCES := commoncrawl
INPUTS_commoncrawl := made.warc.gz
BIN := bin
include configs/corpus.mk
MAKE
cp "$work/$crawl" "$work/raw"
build made dedup
check "an input is made by a rule of the user's" ran_only extract=1 quality=1 dedup=1
touch "$work/raw"
build made dedup
check "made again with equal content: nothing follows" ran_only
cp "$work/other" "$work/raw"
build made dedup
check "with another content: what depends on it, in the same run" ran_only extract=1 quality=1 dedup=1

# ---- by another engine ---------------------------------------------------------------------------

fresh four
build four tasks
(cd "$work/four" && sh -e) <"$work/make.log" >/dev/null 2>&1
build four
check "the commands of make tasks, one after another, do the whole work" ran_only
check "  and give the same bytes" same_prints four two
build four RUN='env -i PATH=/nowhere' SEED=7 mix
check "RUN stands before each command" grep -q '^env -i PATH=/nowhere bin/corpus-mix ' "$work/make.log"
cp "$work/one/build/tokenizer.json" "$work/given.json"
build one VOCAB=../given.json
check "a given vocabulary: documents are counted before the mix, none is trained" \
	ran_only "tokenize count"=5 mix=1 "tokenize encode"=2
check "  and the mix is by tokens" grep -q '"unit":"tokens"' "$work/one/build/mix/manifest.json"
check "  and its ledger adds up" grep -qx 'adds up, to the document' "$work/one/build/ledger.txt"

# ---- killed --------------------------------------------------------------------------------------

# Kills a build in folder $1 after $2 milliseconds, with its whole process group (that is what timeout
# does). The status is 1 when make was done before.
kill_build() {
	local after
	after=$(printf '%d.%03d' $(($2 / 1000)) $(($2 % 1000)))
	# The braces hide what bash says of a process that was killed.
	{ (cd "$work/$1" && timeout -s KILL "$after" make -j2 >"$work/make.log" 2>&1); } 2>/dev/null
	[ $? -eq 137 ]
}

fresh three
kills=0 tries=0 whole=yes
while [ $kills -lt "$n_kills" ] && [ $((tries += 1)) -le $((n_kills * 20)) ]; do
	random $((took_ms / 4 + 1))
	if kill_build three "$random"; then
		kills=$((kills + 1))
		[ ! -d "$work/three/build" ] || nothing_half_written three two || whole=
	else
		same_prints three two || whole=
		fresh three
	fi
done
check "killed at $kills moments: nothing half-written under a final name" \
	[ "$whole$kills" = "yes$n_kills" ]
check "the build goes on from where it was" build three -j2
check "and ends with the same bytes" same_prints three two

# ---- a pipe whose producer dies ------------------------------------------------------------------

# Its arguments are those of the consumer. The producer gets one file, waits for more and is killed.
orphaned() {
	local out=$work/orphan.jsonl.zst consumer=$1 status
	shift
	rm -f "$out"
	(cat "$work"/one/build/extract/commoncrawl/*.zst; sleep 3) |
		timeout -s KILL 2 "$work/bin/corpus-quality" --rules gopher |
		"$work/bin/corpus-$consumer" "$@" -o "$out" >"$work/make.log" 2>&1
	status=${PIPESTATUS[2]}
	[ "$status" -eq 1 ] && [ ! -e "$out" ] && grep -q 'ended early' "$work/make.log"
}
check "kill -9 of a producer: corpus-quality publishes nothing" orphaned quality --rules gopher
check "kill -9 of a producer: corpus-dedup publishes nothing" orphaned dedup exact

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
