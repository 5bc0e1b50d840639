# A build of five sources in the manner of GPT-3. Copy it, name your own files, and run "make -j8".
SOURCES := commoncrawl webtext2 books1 books2 wikipedia

INPUTS_commoncrawl := $(sort $(wildcard crawl/*.warc.gz))
INPUTS_webtext2    := $(sort $(wildcard links/*.warc.gz))
INPUTS_books1      := $(sort $(wildcard books1/*.txt))
INPUTS_books2      := $(sort $(wildcard books2/*.html))
INPUTS_wikipedia   := dumps/enwiki-pages-articles.xml.bz2

# Books and encyclopaedias are not web pages: the rules for those would drop whole books for their
# dialogues and tables of names.
RULES_books1    :=
RULES_books2    :=
RULES_wikipedia :=
SHARDS := 64

include /usr/local/share/corpusmill/corpus.mk
