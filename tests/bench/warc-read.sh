#!/usr/bin/env bash
# Reading a WARC file by record with all blocks, beside fastwarc: records and megabytes of the file and
# of its content a processor second, the median of RUNS (5) rounds in which the two take turns.
set -euo pipefail
build=${1:-build} runs=${RUNS:-5} copies=${COPIES:-3}
sets=("$CORPUS_SHARED"/data/extract/*.warc.gz)
python=build/venv/bin/python
[ -e "${sets[0]}" ] || { echo "skipped: no ${sets[0]}"; exit 0; }
"$python" -c 'import fastwarc' 2> /dev/null || { echo "skipped: no fastwarc (make check-peers installs it)"; exit 0; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for ((i = 0; i < copies; i++)); do cat "${sets[@]}"; done > "$tmp/pages.warc.gz"

cat > "$tmp/read.py" <<-'END'
	import sys, time
	from fastwarc.warc import ArchiveIterator

	began, records, bytes_out = time.process_time(), 0, 0
	for record in ArchiveIterator(open(sys.argv[1], "rb"), parse_http=False):
	    records += 1
	    bytes_out += len(record.reader.read())
	print(records, bytes_out, f"{time.process_time() - began:.3f}")
END
for ((i = 0; i < runs; i++)); do
	"$build/bench/warc_read" "$tmp/pages.warc.gz" >> "$tmp/ours"
	"$python" "$tmp/read.py" "$tmp/pages.warc.gz" >> "$tmp/theirs"
done
[ "$(cut -d' ' -f1,2 "$tmp/ours" "$tmp/theirs" | sort -u | wc -l)" = 1 ] || { echo "records or bytes differ"; exit 1; }
size=$(stat -c %s "$tmp/pages.warc.gz")
median() { sort -n -k3 "$1" | awk '{ v[NR] = $0 } END { print v[int((NR + 1) / 2)] }'; }
printf '%-12s %10s %10s %10s %8s\n' reader records/s 'MB/s in' 'MB/s out' 'cpu s'
for reader in ours theirs; do
	read -r records bytes seconds <<< "$(median "$tmp/$reader")"
	awk -v n="$reader" -v r="$records" -v i="$size" -v o="$bytes" -v s="$seconds" \
		'BEGIN { printf "%-12s %10.0f %10.0f %10.0f %8.3f\n", n == "ours" ? "corpusmill" : "fastwarc", r / s, i / s / 1e6, o / s / 1e6, s }'
done
