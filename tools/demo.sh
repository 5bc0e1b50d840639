#!/bin/sh
# "make demo" after the build: a whole corpus in the manner of GPT-3 from the pages, dump and books in
# testdata/ and some more of their kind, in build/demo, by configs/corpus.mk. Needs no network.
set -eu
cd "$(dirname "$0")/.."
demo=build/demo
unset MAKEFLAGS MFLAGS MAKELEVEL

# Makes an input that is not there yet: made again, it would be the same.
input() {
	file=$demo/in/$1
	shift
	mkdir -p "$(dirname "$file")"
	[ -e "$file" ] && return
	"$@" >"$file.new"
	mv "$file.new" "$file"
}

echo "== inputs in $demo/in: a crawl, recommended pages, books, a wiki dump"
for part in 11 12 13; do
	input "commoncrawl/part-$part.warc.gz" tools/make-testdata.sh crawl $part 120
done
input webtext2/links.warc.gz tools/make-testdata.sh links 21 30
input books1/lamp.txt cat testdata/books1/lamp.txt
input books1/volume.txt tools/make-testdata.sh book 31 5
input books2/orchard.html cat testdata/books2/orchard.html
input books2/volume.html tools/make-testdata.sh htmlbook 41 10
input wikipedia/pages.xml.bz2 cat testdata/wiki/pages.xml.bz2

cat >$demo/Makefile <<'MAKE'
# Run it in this folder: make, make ledger, make tasks, make -n
SOURCES := commoncrawl webtext2 books1 books2 wikipedia
$(foreach s,$(SOURCES),$(eval INPUTS_$s := $(sort $(wildcard in/$s/*))))

# The rules are for web pages; books and the encyclopaedia are taken as they are.
RULES_books1 :=
RULES_books2 :=
RULES_wikipedia :=
SHARDS := 4
VOCAB_SIZE := 2000
BIN := ../bin
include ../../configs/corpus.mk
MAKE

echo "== make -j2 in $demo, whose Makefile includes configs/corpus.mk"
make -C $demo --no-print-directory -j2
echo
echo "== where every document went ($demo/build/ledger.txt)"
cat $demo/build/ledger.txt
echo
echo "== the corpus, in $demo/build"
(cd $demo/build && wc -c mix/*.jsonl.zst tokenizer.json tokens/*.bin | sed '$d')
echo
echo "== the first document of the first shard (corpus-cat | head -1)"
build/bin/corpus-cat $demo/build/mix/train-00000-of-00004.jsonl.zst | head -n 1 | cut -c 1-300
echo
echo "== make again: nothing changed, so nothing is done"
make -C $demo --no-print-directory -j2
