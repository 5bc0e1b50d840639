#!/usr/bin/env bash
# Main-content extraction beside resiliparse and trafilatura: milliseconds of processor time a page and
# the score of what came out, on the same pages in one run. The peers get decoded strings from memory,
# and their time is that of extraction alone; ours finds metadata too, and is timed twice: on decoded
# pages in memory as theirs, and as the program that reads WARC files and writes records. EVERY (8): trafilatura, which is slow, is timed on each eighth page; SCORES=1 lets
# it do all of them.
set -euo pipefail
build=${1:-build} every=${EVERY:-8}
[ -z "${SCORES:-}" ] || every=1
data=$CORPUS_SHARED/data/extract
sets=("$data"/*.warc.gz)
python=build/venv/bin/python
[ -e "${sets[0]}" ] || { echo "skipped: no ${sets[0]}"; exit 0; }
"$python" -c 'import resiliparse, trafilatura' 2> /dev/null ||
	{ echo "skipped: no resiliparse and trafilatura (make check-peers installs them)"; exit 0; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

cat > "$tmp/peers.py" <<-'END'
	import json, sys, time
	from fastwarc.warc import ArchiveIterator, WarcRecordType
	from resiliparse.extract.html2text import extract_plain_text
	from resiliparse.parse.encoding import detect_encoding
	from resiliparse.parse.html import HTMLTree
	from trafilatura import extract

	def resiliparse(page):
	    return extract_plain_text(HTMLTree.parse(page), main_content=True)

	def charset(record):
	    """As our own reader does: the header, or else what the bytes say."""
	    named = record.http_charset or ""
	    body = record.reader.read()
	    try:
	        return body.decode(named or "utf-8")
	    except (LookupError, UnicodeDecodeError):
	        return body.decode(detect_encoding(body), "replace")

	every, folder = int(sys.argv[1]), sys.argv[2]
	pages = []
	for name in sys.argv[3:]:
	    for record in ArchiveIterator(open(name, "rb"), record_types=WarcRecordType.response):
	        pages.append((record.record_id, charset(record)))
	for name, function, step in (("resiliparse", resiliparse, 1), ("trafilatura", extract, every)):
	    taken = pages[::step]
	    for _, page in taken[:20]:
	        function(page)                  # its tables and caches are made
	    began = time.process_time()
	    texts = [function(page) for _, page in taken]
	    seconds = time.process_time() - began
	    print(name, len(taken), f"{seconds * 1000 / len(taken):.3f}")
	    with open(f"{folder}/{name}.jsonl", "w") as out:
	        for (record, _), text in zip(taken, texts):
	            print(json.dumps({"record": record, "text": text or ""}), file=out)
END
"$python" "$tmp/peers.py" "$every" "$tmp" "${sets[@]}" > "$tmp/times"
for ((i = 0; i < 5; i++)); do
	corpus-extract -q -j1 --plain --stats "$tmp/stats.json" -o "$tmp/corpusmill.jsonl" "${sets[@]}"
	jq -r '"\(.read.records) \(.cpu_seconds * 1000 / .read.records)"' "$tmp/stats.json"
done | sort -n -k2 | sed -n '3s/^/corpusmill /p' >> "$tmp/times"

"$build/bench/html_bench" "${sets[@]}" > "$tmp/memory"
awk '/pages,/ { n = $1 } /text, metadata/ { print "in-memory", n, $(NF - 1) / 1000 }' "$tmp/memory" >> "$tmp/times"
ours=$(awk '$1 == "corpusmill" { print $3 }' "$tmp/times")
memory=$(awk '$1 == "in-memory" { print $3 }' "$tmp/times")
printf '%-12s %6s %10s %14s %14s\n' program pages 'ms a page' 'to corpusmill' 'to in-memory'
awk -v ours="$ours" -v memory="$memory" \
	'{ printf "%-12s %6d %10.3f %14.2f %14.2f\n", $1, $2, $3, $3 / ours, $3 / memory }' "$tmp/times"
for name in corpusmill resiliparse trafilatura; do
	[ "$name" != trafilatura ] || [ "$every" = 1 ] || continue
	python3 "$data/score.py" "$data/gold.jsonl.zst" --no-lsum --name "$name" < "$tmp/$name.jsonl" |
		sed 's/  meta.*//'
done
