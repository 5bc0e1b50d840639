#!/usr/bin/env bash
# Wikitext a processor second: corpus-extract on the pages of the sample dump, uncompressed, beside
# mwparserfromhell's parse and strip_code of the same wikitext (in build/venv, which make check-peers
# makes). Then hostile pages of one and two million brackets, tables, quotes and tags without an end:
# time must grow as their size does.
set -euo pipefail
build=${1:-build}
dump=$CORPUS_SHARED/data/e2e/enwiki-sample-pages-articles.xml.bz2
python=$build/venv/bin/python
[ -e "$dump" ] || { echo "skipped: no $dump"; exit 0; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

cat > "$tmp/bench.py" <<-'END'
	import bz2, html, re, resource, subprocess, sys, time

	dump, tmp = sys.argv[1:]
	page = '<mediawiki><page><title>A</title><ns>0</ns><id>1</id><revision><text>%s</text></revision></page></mediawiki>'


	def ours(path, *options):
	    """Processor seconds, the least of five runs."""
	    least = 1e9
	    for _ in range(5):
	        before = resource.getrusage(resource.RUSAGE_CHILDREN)
	        subprocess.run(['corpus-extract', '-q', '-j1', '--plain', *options, path], stdout=subprocess.DEVNULL,
	                       stderr=subprocess.DEVNULL)
	        after = resource.getrusage(resource.RUSAGE_CHILDREN)
	        least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
	    return least


	def grows(name, text):
	    times = []
	    for factor in (1, 2):
	        with open(tmp + '/hostile.xml', 'w') as f:
	            f.write(page % html.escape(text(factor), quote=False))
	        times.append(ours(tmp + '/hostile.xml'))
	    ratio = times[1] / times[0]
	    print('%-30s %.3f s, twice as long %.3f s' % (name, *times))
	    return ratio < 3.5


	data = bz2.open(dump).read()
	with open(tmp + '/dump.xml', 'wb') as f:
	    f.write(data)
	texts = [html.unescape(t) for t in re.findall(r'<text[^>]*>(.*?)</text>', data.decode(), re.S)]
	size = sum(len(t.encode()) for t in texts) / 1e6
	start = ours('/dev/null')
	for form in 'text', 'markdown':
	    seconds = ours(tmp + '/dump.xml', '--format', form, '--disambiguation') - start
	    print('corpus-extract, %-15s %.1f MB of wikitext in %.3f s: %.0f MB/s' % (form, size, seconds, size / seconds))
	    if form == 'text':
	        best = seconds
	try:
	    import mwparserfromhell
	    begin = time.process_time()
	    for t in texts:
	        mwparserfromhell.parse(t).strip_code()
	    theirs = time.process_time() - begin
	    print('mwparserfromhell                %.1f MB in %.3f s: %.1f MB/s; ratio %.0f' % (size, theirs, size / theirs, theirs / best))
	except ImportError:
	    print('skipped: mwparserfromhell is not there')
	million = 1000000
	good = [grows('{{ without end', lambda k: '{{ ' * million * k), grows('[[ without end', lambda k: '[[ ' * million * k),
	        grows('{{{{ without end', lambda k: '{' * million * k),
	        grows('tables in one another', lambda k: '\n{|\n|' * (million // 4 * k)),
	        grows('the same, closed', lambda k: '\n{|\n|a' * (million // 8 * k) + '\n|}' * (million // 8 * k)),
	        grows("'''''", lambda k: "'''''a " * million * k), grows('<ref>', lambda k: '<ref>' * 100000 * k),
	        grows('<table><tr><td>', lambda k: '<table><tr><td>a' * 100000 * k),
	        grows('deep lists', lambda k: ('\n' + '*' * 50 + ' x') * 20000 * k)]
	if not all(good):
	    sys.exit('time does not grow as the size does')
END
if [ -x "$python" ]; then "$python" "$tmp/bench.py" "$dump" "$tmp"; else python3 "$tmp/bench.py" "$dump" "$tmp"; fi
