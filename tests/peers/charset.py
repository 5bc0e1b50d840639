#!/usr/bin/env python3
"""Every encoding of the WHATWG standard beside Python's codecs, and the choice of the encoding.

    tests/peers/charset.py         corpus-extract on PATH

Each sequence of one byte, of two in the encodings of two, and a sample of the longer ones, is decoded by
corpus-extract (as text of a page, with its label) and by Python, where Python knows it. Where the two
differ, the number of sequences stands in ENCODINGS with its reason. Then texts of $CORPUS_SHARED/data/langid
are put into old encodings of their languages, as short pages that do not say which: how many are read back
right with the language in the html element, and without.
"""
import json, os, random, re, subprocess, sys, tempfile

MICROSOFT = 'the standard maps ～ ∥ － ￠ ￡ ￢ as Microsoft does'

# Name of the standard, Python's codec, how many sequences Python reads otherwise at most, and why.
ENCODINGS = [
	('UTF-8', 'utf-8', 0, ''), ('IBM866', 'cp866', 0, ''), ('ISO-8859-2', 'iso8859_2', 0, ''),
	('ISO-8859-3', 'iso8859_3', 0, ''), ('ISO-8859-4', 'iso8859_4', 0, ''), ('ISO-8859-5', 'iso8859_5', 0, ''),
	('ISO-8859-6', 'iso8859_6', 0, ''), ('ISO-8859-7', 'iso8859_7', 0, ''), ('ISO-8859-8', 'iso8859_8', 0, ''),
	('ISO-8859-8-I', 'iso8859_8', 0, ''), ('ISO-8859-10', 'iso8859_10', 0, ''),
	('ISO-8859-13', 'iso8859_13', 0, ''), ('ISO-8859-14', 'iso8859_14', 0, ''),
	('ISO-8859-15', 'iso8859_15', 0, ''), ('ISO-8859-16', 'iso8859_16', 0, ''), ('KOI8-R', 'koi8_r', 0, ''),
	('KOI8-U', 'koi8_u', 2, 'the standard has ў and Ў there, as KOI8-RU'), ('macintosh', 'mac_roman', 0, ''), ('windows-874', 'cp874', 0, ''),
	('windows-1250', 'cp1250', 0, ''), ('windows-1251', 'cp1251', 0, ''), ('windows-1252', 'cp1252', 0, ''),
	('windows-1253', 'cp1253', 0, ''), ('windows-1254', 'cp1254', 0, ''), ('windows-1255', 'cp1255', 0, ''),
	('windows-1256', 'cp1256', 0, ''), ('windows-1257', 'cp1257', 0, ''), ('windows-1258', 'cp1258', 0, ''),
	('x-mac-cyrillic', 'mac_cyrillic', 0, ''), ('x-user-defined', 'cp1252', 0, ''),
	('GBK', 'gbk', 0, ''), ('gb18030', 'gb18030', 0, ''), ('Big5', 'big5hkscs', 47, 'ICU has private characters for strokes and others that Unicode took in'),
	('EUC-JP', 'euc_jp', 7, MICROSOFT), ('ISO-2022-JP', 'iso2022_jp', 6, MICROSOFT), ('Shift_JIS', 'cp932', 0, ''),
	('EUC-KR', 'cp949', 0, ''), ('UTF-16LE', 'utf-16-le', 0, ''), ('UTF-16BE', 'utf-16-be', 0, ''),
]
SHARED = os.environ.get('CORPUS_SHARED', os.path.join(os.path.dirname(__file__), '../../../shared'))
SINGLE = re.compile(r'IBM|ISO-8859|KOI8|mac|windows|x-user')


def sequences(name):
	if SINGLE.search(name):
		return [bytes([b]) for b in range(0x80, 0x100)]
	if name == 'UTF-8':
		chars = list(range(0x80, 0x3000)) + random.sample(range(0x3000, 0xD800), 3000) + random.sample(range(0xE000, 0x110000), 3000)
		return [chr(c).encode() for c in chars]
	if name.startswith('UTF-16'):
		codec = 'utf-16-le' if name.endswith('LE') else 'utf-16-be'
		return [chr(c).encode(codec) for c in random.sample(range(0xA1, 0xD800), 3000) + random.sample(range(0xE000, 0x110000), 3000)]
	if name == 'ISO-2022-JP':
		return [b'\x1b$B' + bytes([a, b]) + b'\x1b(B' for a in range(0x21, 0x7F) for b in range(0x21, 0x7F)]
	two = [bytes([a, b]) for a in range(0x81, 0xFF) for b in [*range(0x40, 0x7F), *range(0x80, 0xFF)]]
	if name == 'EUC-JP':
		two += [bytes([0x8F, a, b]) for a in range(0xA1, 0xFF) for b in range(0xA1, 0xFF)]
	if name == 'Shift_JIS':
		two += [bytes([a]) for a in range(0xA1, 0xE0)]
	if name in ('gb18030', 'GBK'):
		two += [bytes([random.randint(0x81, 0xFE), random.randint(0x30, 0x39), random.randint(0x81, 0xFE), random.randint(0x30, 0x39)]) for _ in range(3000)]
	return two


def theirs(codec, sequence):
	try:
		return sequence.decode(codec)
	except UnicodeDecodeError:
		return None


def record(identity, kind, page):
	return (b'WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <%s>\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n'
	        % (identity.encode(), kind.encode(), len(page)) + page + b'\r\n\r\n')


def extract(records):
	with tempfile.NamedTemporaryFile(suffix='.warc') as f:
		f.write(b''.join(records))
		f.flush()
		out = subprocess.run(['corpus-extract', '--plain', '--all-text', '-q', '--max-record', '1G', f.name], capture_output=True, check=True)
	return {r['id']: r for r in map(json.loads, out.stdout.splitlines())}


def seen(text):
	"""What is left when white space and what no page shows are left aside."""
	return ''.join(c for c in text if not c.isspace() and c.isprintable() or c == '\ufffd')


def decoding():
	failed, cases = 0, {}
	for name, codec, allowed, reason in ENCODINGS:
		wide = codec if name.startswith('UTF-16') else None
		parts = [(s, theirs(codec, s)) for s in sequences(name)]
		parts = [(s, t) for s, t in parts if t is not None and seen(t) and not set(t) & set('<>&')]
		ascii_bytes = lambda text: text.encode(wide) if wide else text.encode()
		page = b''.join(ascii_bytes('<p>%d:' % i) + s + ascii_bytes(':</p>\n') for i, (s, t) in enumerate(parts))
		cases[name] = (parts, record(name, f'text/html; charset={name}', page))
	got = extract([r for _, r in cases.values()])
	for name, codec, allowed, reason in ENCODINGS:
		parts = cases[name][0]
		lines = dict(re.findall(r'^(\d+):(.*):$', got[name]['text'], re.M))
		wrong = [(s, t, lines.get(str(i))) for i, (s, t) in enumerate(parts) if seen(lines.get(str(i), '')) != seen(t)]
		good = len(wrong) <= allowed and got[name]['charset'] == name
		failed += not good
		note = f', of which {len(wrong)} differ ({reason or "unexplained"})' if wrong else ''
		print('ok   ' if good else 'FAIL ', f'{name}: {len(parts)} sequences as Python reads them{note}', '' if good else wrong[:4])
	return len(ENCODINGS) - failed, failed


# Language of the collection: encodings that its pages were written in.
LANGUAGES = {
	'ru': 'cp1251 koi8_r iso8859_5', 'uk': 'cp1251 koi8_u', 'bg': 'cp1251', 'mk': 'cp1251', 'be': 'cp1251',
	'pl': 'iso8859_2 cp1250', 'cs': 'iso8859_2 cp1250', 'sk': 'cp1250', 'hu': 'iso8859_2', 'hr': 'cp1250',
	'sl': 'cp1250', 'ro': 'iso8859_2', 'el': 'iso8859_7 cp1253', 'he': 'cp1255', 'ar': 'cp1256', 'fa': 'cp1256',
	'tr': 'cp1254', 'lt': 'cp1257', 'lv': 'cp1257', 'et': 'cp1257', 'th': 'cp874', 'vi': 'cp1258',
	'ja': 'shift_jis euc_jp', 'ko': 'euc_kr', 'zh-Hans': 'gbk', 'zh-Hant': 'big5', 'de': 'cp1252', 'fr': 'cp1252',
	'es': 'cp1252', 'pt': 'cp1252', 'sv': 'cp1252', 'da': 'cp1252', 'fi': 'cp1252', 'nl': 'cp1252', 'it': 'cp1252'}
TEXTS = 80  # a language
LEAST = {True: .98, False: .82}  # with the language told, and without


def choosing():
	path = os.path.join(SHARED, 'data/langid/dev.jsonl.zst')
	if not os.path.exists(path):
		print(f'skipped: {path} is not there')
		return 0, 0
	texts = {}
	for line in subprocess.run(['zstdcat', path], capture_output=True, check=True).stdout.splitlines():
		r = json.loads(line)
		texts.setdefault(r.get('lang') or r.get('language') or r.get('label'), []).append(r['text'])
	pages = []
	for language, codecs_ in LANGUAGES.items():
		for text in texts.get(language, [])[:TEXTS]:
			for codec in codecs_.split():
				b = text.encode(codec, 'ignore')
				if sum(x > 127 for x in b) >= 3:
					pages += [(b, b.decode(codec), language, told) for told in (True, False)]
	got = extract([record(str(i), 'text/html', (b'<html lang=%s>' % lang.encode() if told else b'<html>') + b'<title>t</title><p>' + b)
	               for i, (b, _, lang, told) in enumerate(pages)])
	failed = 0
	for told in LEAST:
		of = [i for i, p in enumerate(pages) if p[3] == told]
		right = sum(''.join(got.get(str(i), {'text': ''})['text'].split()) == ''.join(pages[i][1].split()) for i in of)
		good = len(of) > 2000 and right >= LEAST[told] * len(of)
		failed += not good
		print('ok   ' if good else 'FAIL ', f'{right} of {len(of)} pages without a declaration are read right, the language {"told" if told else "not told"}')
	return len(LEAST) - failed, failed


if __name__ == '__main__':
	random.seed(5)
	passed, failed = map(sum, zip(decoding(), choosing()))
	print(f'{passed} passed, {failed} failed')
	sys.exit(failed > 0)
