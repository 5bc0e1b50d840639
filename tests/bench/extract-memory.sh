#!/usr/bin/env bash
# The peak memory of corpus-extract -j2 on a WARC of PAGES (10000) pages: those of the extraction sets
# over and over, each with an id of its own.
set -euo pipefail
pages=${PAGES:-10000}
sets=("$CORPUS_SHARED"/data/extract/*.warc.gz)
[ -e "${sets[0]}" ] || { echo "skipped: no ${sets[0]}"; exit 0; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

cat > "$tmp/repeat.py" <<-'END'
	import gzip, re, sys

	pages, done, files = int(sys.argv[1]), 0, sys.argv[2:]
	while True:
	    for name in files:
	        for record in re.split(rb"(?=WARC/1\.[01]\r\nWARC-Type)", gzip.open(name).read())[1:]:
	            if b"WARC-Type: response" not in record[:1000]:
	                continue
	            if done == pages:
	                sys.exit()
	            done += 1
	            identity = b"WARC-Record-ID: <urn:page:%d>" % done
	            sys.stdout.buffer.write(re.sub(rb"WARC-Record-ID: \S+", identity, record, count=1))
END
python3 "$tmp/repeat.py" "$pages" "${sets[@]}" | corpus-extract -q -j2 --stats "$tmp/stats.json" -o "$tmp/out.jsonl.zst"
jq -r '"\(.read.records) pages, \(.kept.records) kept: \(.peak_memory / 1048576 | floor) MiB, limit 300; \(.cpu_seconds) s of processor time"' "$tmp/stats.json"
[ "$(jq '.peak_memory < 300 * 1048576' "$tmp/stats.json")" = true ]
