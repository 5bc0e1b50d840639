#!/bin/sh
# Writes made-up pages or a book to standard output: the paragraphs of testdata/prose.txt, combined
# by a seeded generator. The same arguments give the same bytes before compression.
#
#	tools/make-testdata.sh crawl|links SEED PAGES >FILE.warc.gz
#	tools/make-testdata.sh book|htmlbook SEED CHAPTERS >FILE
#
# crawl: a WARC, each record a gzip member, of sites of every quality: articles between menus, side
# columns and footers, with what a crawl brings besides: duplicates, lists of links, stubs, key-word
# spam, errors, pictures. links: pages somebody recommended, without the junk. book, htmlbook: a
# book in the form of a Project Gutenberg file, with its header and licence footer.
set -eu
export LC_ALL=C

[ $# -eq 3 ] || {
	echo "usage: $0 crawl|links|book|htmlbook SEED COUNT" >&2
	exit 2
}

awk -v kind="$1" -v seed="$2" -v pages="$3" '
# Park and Miller 1988: exact in doubles, so that every awk gives the same numbers.
function next_random(n) {
	state = (state * 16807) % 2147483647
	return int(state / 2147483647 * n)
}

function uuid() {
	return sprintf("%04x%04x-%04x-4%03x-8%03x-%04x%04x%04x", next_random(65536),
		next_random(65536), next_random(65536), next_random(4096), next_random(4096),
		next_random(65536), next_random(65536), next_random(65536))
}

function record(type, uri, mime, body, head) {
	stamp++
	head = "WARC/1.0\r\nWARC-Type: " type "\r\nWARC-Record-ID: <urn:uuid:" uuid() ">\r\n" \
		"WARC-Date: " sprintf("2026-03-%02dT%02d:%02d:%02dZ", 1 + int(stamp / 86400) % 28,
			int(stamp / 3600) % 24, int(stamp / 60) % 60, stamp % 60) "\r\n"
	if (uri != "")
		head = head "WARC-Target-URI: " uri "\r\n"
	head = head "Content-Type: " mime "\r\nContent-Length: " length(body) "\r\n\r\n"
	printf "%s%s\r\n\r\n", head, body | gzip
	close(gzip)
}

function response(uri, status, mime, body) {
	record("request", uri, "application/http; msgtype=request",
		"GET " uri " HTTP/1.1\r\nUser-Agent: testdata\r\n\r\n")
	record("response", uri, "application/http; msgtype=response",
		"HTTP/1.1 " status "\r\nContent-Type: " mime "\r\nContent-Length: " length(body) \
		"\r\n\r\n" body)
}

function menu(site, i, s) {
	s = "<nav class=\"menu\"><ul>"
	for (i = 0; i < 6; i++)
		s = s "<li><a href=\"/" tolower(topics[i * 2 + 1]) "\">" topics[i * 2 + 1] "</a></li>"
	return "<header><a href=\"/\">" site "</a>" s "<li><a href=\"/login\">Log in</a></li></ul></nav></header>\n"
}

function side(i, s) {
	s = "<aside class=\"sidebar\"><h3>Most read</h3><ol>"
	for (i = 0; i < 5; i++)
		s = s "<li><a href=\"/p/" next_random(1000) "\">" topics[1 + next_random(n_topics)] " and " \
			tolower(topics[1 + next_random(n_topics)]) "</a></li>"
	return s "</ol><p>Subscribe to our newsletter</p></aside>\n"
}

function footer(site) {
	return "<footer class=\"footer\"><p>&copy; 2026 " site ". All rights reserved. " \
		"<a href=\"/privacy\">Privacy</a> <a href=\"/terms\">Terms</a> <a href=\"/cookies\">Cookies</a>" \
		"</p></footer>\n"
}

# Some paragraphs of one topic, then some of others, none twice.
function article(t, i, k, s) {
	s = ""
	split("", used)
	for (i = 1; i <= 3; i++)
		if (next_random(3) > 0 || i == 1) {
			s = s "<p>" paragraph[t, i] "</p>\n"
			used[t, i] = 1
		}
	for (k = 1 + next_random(3); k > 0; k--) {
		t = 1 + next_random(n_topics)
		i = 1 + next_random(3)
		if (!((t, i) in used))
			s = s "<p>" paragraph[t, i] "</p>\n"
		used[t, i] = 1
	}
	return s
}

function page(site, title, charset, body) {
	return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"" charset "\"><title>" title \
		" | " site "</title>\n<script>var page = {\"ads\": true};</script>" \
		"<style>p { margin: 1em }</style></head>\n<body>" menu(site) "<main><article><h1>" title \
		"</h1>\n" body "</article></main>\n" side() footer(site) "</body></html>\n"
}

function link_list(i, s) {
	s = "<ul>"
	for (i = 0; i < 40; i++)
		s = s "<li><a href=\"/tag/" i "\">" topics[1 + next_random(n_topics)] "</a></li>"
	return s "</ul>"
}

function spam(i, s) {
	s = "<p>"
	for (i = 0; i < 120; i++)
		s = s "cheap " tolower(topics[1 + i % 3]) " online "
	return s "</p>"
}

function crawl_page(n, uri, site, t, roll) {
	site = "Site " (1 + next_random(9))
	uri = "http://www." tolower(site) ".example/" n
	sub(/ /, "", uri)
	t = 1 + next_random(n_topics)
	roll = next_random(100)
	if (roll < 60 || last_html == "") {
		last_html = page(site, "On " tolower(topics[t]), "utf-8", article(t))
		response(uri, "200 OK", "text/html; charset=utf-8", last_html)
	} else if (roll < 72)
		response(uri "?ref=copy", "200 OK", "text/html; charset=utf-8", last_html)
	else if (roll < 80)
		response(uri, "200 OK", "text/html", page(site, "All tags", "utf-8", link_list()))
	else if (roll < 86)
		response(uri, "200 OK", "text/html", page(site, topics[t], "utf-8",
			"<p>This page is under construction. Please come back soon.</p>"))
	else if (roll < 92)
		response(uri, "200 OK", "text/html", page(site, "Best " tolower(topics[t]), "utf-8", spam()))
	else if (roll < 96)
		response(uri, "404 Not Found", "text/html", page(site, "Not found", "utf-8",
			"<p>The page that you asked for is not here.</p>"))
	else
		response(uri, "200 OK", "image/png", "\211PNG\r\n\032\n not a picture")
}

# Every fourth page is in ISO-8859-1 and says so in its head alone.
function links_page(n, uri, t, body) {
	t = 1 + next_random(n_topics)
	uri = "https://essays.example/" tolower(topics[t]) "/" n
	body = article(t)
	if (n % 4 == 0)
		response(uri, "200 OK", "text/html", page("Essays", "More on " tolower(topics[t]), "iso-8859-1",
			body "<p>Written in a caf\351 in Besan\347on, where nobody minds how long a guest " \
			"stays with one cup, and where the baker na\357vely believes that the author is famous.</p>"))
	else
		response(uri, "200 OK", "text/html", page("Essays", "More on " tolower(topics[t]), "utf-8",
			body "<p>Written in a caf\303\251 in Besan\303\247on, where nobody minds how long a guest " \
			"stays with one cup, and where the baker na\303\257vely believes that the author is famous.</p>"))
}

# Lines of at most 72 bytes, as the plain text files have them.
function fold(text, words, n, i, line, s) {
	n = split(text, words, " ")
	for (i = 1; i <= n; i++)
		if (line != "" && length(line) + length(words[i]) >= 72) {
			s = s line "\r\n"
			line = words[i]
		} else
			line = line (line == "" ? "" : " ") words[i]
	return s line "\r\n"
}

function block(tag, text) {
	return html ? "<" tag ">" text "</" tag ">\n" : fold(text) "\r\n"
}

function book(chapters, title, c, i, k) {
	title = topics[1 + next_random(n_topics)] " and Other Matters, Volume " (1 + seed)
	if (html)
		printf "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s</title></head><body>\n", title
	printf "%s", block("p", "The Project Gutenberg eBook of " title) \
		block("p", "Generated test data in the form of a Project Gutenberg file, in the public domain.") \
		block("p", "Title: " title) block("p", "Author: A generator") block("p", "Language: English") \
		block("p", "*** START OF THE PROJECT GUTENBERG EBOOK " toupper(title) " ***")
	for (c = 1; c <= chapters; c++) {
		printf "%s", block("h2", "CHAPTER " c)
		k = c % 3
		for (i = 1; i <= 8; i++)
			printf "%s", block("p", paragraph[1 + next_random(n_topics), 1 + (k + i) % 3])
	}
	printf "%s", block("p", "*** END OF THE PROJECT GUTENBERG EBOOK " toupper(title) " ***") \
		block("p", "Here stands the licence, which must not come into a corpus.")
	if (html)
		print "</body></html>"
}

/^# / { topics[++n_topics] = substr($0, 3); n_paragraphs = 0; next }
NF { paragraph[n_topics, ++n_paragraphs] = $0 }

END {
	gzip = "gzip -9n"
	state = seed % 2147483646 + 1
	if (kind ~ /book/) {
		html = kind == "htmlbook"
		book(pages)
		exit
	}
	record("warcinfo", "", "application/warc-fields", "software: make-testdata\r\nformat: WARC file version 1.0\r\n")
	for (n = 1; n <= pages; n++)
		if (kind == "crawl")
			crawl_page(n)
		else
			links_page(n)
}' "$(dirname "$0")/../testdata/prose.txt"
