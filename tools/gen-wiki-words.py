#!/usr/bin/env python3
"""Writes stages/extract/wikitext_words.c: words by which pages of other kinds than articles are told.

    tools/gen-wiki-words.py PACKAGE > stages/extract/wikitext_words.c

PACKAGE is the unpacked npm package wtf_wikipedia (MIT), whose src/_data lists, language by language, the
templates of disambiguation pages, what stands in brackets behind their titles, and the words for #REDIRECT
($magicWords of MediaWiki's languages/messages). The lists here add names that it lacks, as the wikis'
own MediaWiki:Disambiguationspage and lists of template redirects have them.
"""
import re, sys

TEMPLATES = '''
airport disambig|callsigndis|caselawdis|genus disambiguation|geodis|geodab|hndis|hndisambig|hospitaldis|
human name disambiguation|letter disambiguation|math dab|mathdab|mil-unit-dis|numberdis|place name disambiguation|
roaddis|road disambiguation|schooldis|school disambiguation|species latin name disambiguation|
taxonomy disambiguation|wp disambig|disambiguation page|disambig-cleanup|
homonymes|paronymie|toponymie|patronymie|internationalisation|sigle|
desambiguacion|desambiguacao|desambig|disambigua|doorverwijspagina|grensida|förgreningssida|ortnamn|
人名の曖昧さ回避|地名の曖昧さ回避|aimai|消歧義|消歧义|消歧義頁|人名消歧义|地名消歧义|동음이의어|
многозначность|неоднозначность|однофамильцы|список однофамильцев|багатозначність|неоднозначність|
rozcestník - příjmení|rozcestník|egyért|egyértelműsítő lap|täsmennyssivu|anlamayrımı|ujednoznacznienie2
'''
TITLES = '''disambiguation|disambiguation page|desambiguación|doorverwijspagina|dp|olika betydelser|flertydig|
消歧义|багатозначність|многозначность|rozcestník|anlam ayrımı|פירושונים|egyértelműsítő lap|täsmennyssivu|homonymie|
disambigua|dezambiguizare|višeznačna odrednica|вишезначна одредница|định hướng|desambiguació'''
CATEGORIES = '分类|分類|カテゴリ|분류|категорія|категория|katagori|kategori|categoria|kategorija|катэгорыя|разред'
REDIRECTS = '''redirect|weiterleitung|redirection|redirección|redireccion|rinvia|redirecionamento|doorverwijzing|
omdirigering|перенаправление|перенапр|перенаправлення|patrz|przekieruj|tam|転送|リダイレクト|넘겨주기|重定向|重新導向|تحويل|
تغییرمسیر|yönlendirme|átirányítás|přesměruj|ohjaus|uudelleenohjaus|alih|đổi|ανακατευθυνση|הפניה|
преусмери|пренасочване|redirecteaza|redirecció|birzuzendu|पुनर्प्रेषित|เปลี่ยนทาง'''


def listed(package, name):
    text = re.sub(r'//[^\n]*', '', open('%s/src/_data/%s.js' % (package, name), encoding='utf-8').read())
    return [a or b or c for a, b, c in re.findall(r"""'([^']*)'|"([^"]*)"|`([^`]*)`""", text)]


def own(text):
    return [w.strip() for w in text.replace('\n', '').split('|')]


def fold(word):
    """As u_foldCase does, character by character."""
    word = word.strip().replace('_', ' ')
    return ''.join(f if len(f := c.casefold()) == 1 else c.lower() if len(c.lower()) == 1 else c for c in word)


def table(name, words):
    words = sorted({w for w in map(fold, words) if len(w.encode()) > 2}, key=lambda w: w.encode())
    rows = ''.join('\t"%s",\n' % w.replace('"', '\\"') for w in words)
    return 'static const char *const %s[] = {\n%s};\n' % (name, rows)


package = sys.argv[1]
# Of one or two letters, and maintenance tags, they mean something else on other wikis.
shared = [w for w in listed(package, 'disambig_templates') if len(w) > 2 and 'cleanup' not in w and w != 'maana']
# Words for class, group and the like, and names cut off at their first word.
categories = [w for w in listed(package, 'categories') if w not in (
    'category', 'class', 'grup', 'klad', 'roinn', 'ronney', 'sumut', 'thể', 'flocc', 'turkum', 'jamii', 'ẹ̀ka')]
print('''/* Words by which disambiguation pages and redirects are told, in all languages.
 * Made by tools/gen-wiki-words.py, which names the sources. */
#include "lib/text/utf8.h"
#include "stages/extract/wikitext_parts.h"

#include <stdlib.h>
#include <unicode/uchar.h>

enum { LONGEST_WORD = 120 };

/* Folded, and sorted by bytes. */
''' + table('templates', shared + own(TEMPLATES)) + '''
/* In brackets behind a title. */
''' + table('titles', listed(package, 'disambig_titles') + own(TITLES)) + '''
/* Names of the namespace of categories, as others than the wiki's own are understood by it. */
''' + table('categories', categories + own(CATEGORIES)) + '''
/* Behind the # of a redirect. */
''' + table('redirects', [w for w in listed(package, 'redirects') if ' ' not in w and w not in ('header', 'redir')]
            + own(REDIRECTS)) + '''
static int compare(const void *key, const void *row)
{
	return strcmp(key, *(const char *const *)row);
}

static bool holds(const char *const *words, size_t n, struct slice word)
{
	char folded[LONGEST_WORD + UTF8_MAX_BYTES + 1];
	size_t length = 0;

	while (word.n && length < LONGEST_WORD) {
		UChar32 c = (UChar32)utf8_next(&word);

		c = c == '_' ? ' ' : u_foldCase(c, U_FOLD_CASE_DEFAULT);
		length += utf8_put(folded + length, (uint32_t)c);
	}
	folded[length] = '\\0';
	return !word.n && bsearch(folded, words, n, sizeof(*words), compare);
}

bool wiki_is_disambiguation_template(struct slice name)
{
	return holds(templates, ARRAY_LEN(templates), name);
}

bool wiki_is_disambiguation_title(struct slice title)
{
	const char *open = slice_ends(title, SLICE(")")) ? memrchr(title.p, '(', title.n) : NULL;
	struct slice word = { open ? open + 1 : NULL, 0 };

	if (!open)
		return false;
	word.n = (size_t)(title.p + title.n - 1 - word.p);
	return holds(titles, ARRAY_LEN(titles), word);
}

bool wiki_is_category_word(struct slice word)
{
	return holds(categories, ARRAY_LEN(categories), word);
}

bool wiki_is_redirect_word(struct slice word)
{
	return holds(redirects, ARRAY_LEN(redirects), word);
}''')
