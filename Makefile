# corpusmill: `make demo` shows it at work, `make check` tests it; both install what they need first.
# `make` builds programs, man pages and completions under build/. A new file needs no edit here.
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules

B := build
PREFIX ?= /usr/local
DESTDIR ?=
ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin AR),default)
AR := ar
endif
VERSION := $(shell sed -n 's/.*define CORPUS_VERSION "\(.*\)"/\1/p' lib/version.h)

PKGS := libxml-2.0 libpcre2-8 icu-uc icu-i18n libxxhash libzstd jansson yaml-0.1 zlib libbrotlidec libdeflate libzip libpsl
SYS := $(shell pkg-config --cflags-only-I $(PKGS) 2>/dev/null | sed 's/-I/-isystem /g')
LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lbz2 -lm -lpthread
WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 \
	-Wvla -Wwrite-strings -Wundef -Wcast-qual -Wdouble-promotion
OPT ?= -O2 -g
CPPFLAGS_ALL := -std=c17 -D_GNU_SOURCE -I. $(SYS) -MMD -MP $(CPPFLAGS)
CFLAGS_ALL = $(OPT) $(WARN) -ffp-contract=off -pthread -ffile-prefix-map=$(CURDIR)=. $(SAN) $(CFLAGS)
LDFLAGS_ALL := -Wl,--as-needed $(LDFLAGS)

lib_src := $(sort $(wildcard lib/*.c lib/*/*.c))
tok_src := $(sort $(wildcard tokenizer/*.c))
stage_src := $(sort $(wildcard stages/*.c stages/*/*.c))
cmd_src := $(sort $(wildcard cmd/*.c))
unit_src := $(sort $(wildcard tests/unit/*.c))
fuzz_src := $(sort $(wildcard tests/fuzz/*.c))
bench_src := $(sort $(wildcard tests/bench/*.c))
peer_src := $(sort $(wildcard tests/peers/*.c))
tool_src := $(sort $(wildcard tools/*.c))
sources := $(lib_src) $(tok_src) $(stage_src) $(cmd_src) $(unit_src) $(fuzz_src) $(bench_src) $(peer_src) \
	$(tool_src)

obj = $(patsubst %.c,$(B)/obj/%.o,$(1))
programs := $(patsubst cmd/%.c,$(B)/bin/%,$(cmd_src))
units := $(patsubst tests/unit/%.c,$(B)/tests/%,$(unit_src))
fuzzers := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(fuzz_src))
peers := $(patsubst tests/peers/%.c,$(B)/peers/%,$(peer_src))
benches := $(patsubst tests/bench/%.c,$(B)/bench/%,$(bench_src))
tools := $(patsubst tools/%.c,$(B)/tools/%,$(tool_src))

# Man pages stand beside bin/, where man(1) looks for those of a program on PATH.
names := $(notdir $(programs))
page_src := $(sort $(wildcard man/*.[57].in) $(wildcard $(names:%=man/%.1.in)))
pages := $(foreach p,$(page_src:man/%.in=%),$(B)/share/man/man$(subst .,,$(suffix $(p)))/$(p))
completions := $(foreach n,$(names),$(B)/share/bash-completion/completions/$(n) \
	$(B)/share/zsh/site-functions/_$(n) $(B)/share/fish/vendor_completions.d/$(n).fish)

# Rule sets and recipes, where the programs look for them: beside the folder of the executable.
data := $(patsubst configs/%,$(B)/share/corpusmill/%,$(sort $(shell find configs -type f 2>/dev/null)))

all: $(programs) $(pages) $(completions) $(data)

# Files whose time changes only when their content does: what depends on them is rebuilt after a
# change of compiler or flags, or when a source is removed.
define write_if_changed
mkdir -p $(@D); cat > $@.new; if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
endef
$(B)/flags: FORCE
	@pkg-config --exists $(PKGS) || { echo 'Libraries are missing; tools/deps.sh build installs them.'; exit 1; }
	@{ $(CC) --version; echo '$(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS_ALL) $(LIBS)'; } | { $(write_if_changed); }
$(B)/sources: FORCE
	@echo $(sources) | { $(write_if_changed); }

$(B)/obj/lib/core/datadir.o: CPPFLAGS_ALL += -DDATADIR='"$(PREFIX)/share/corpusmill"'

# These files are empty elsewhere. lib/core/cpu.h asks for what is named here.
ifneq ($(findstring x86_64,$(shell $(CC) -dumpmachine)),)
$(B)/obj/%_avx2.o: CFLAGS_ALL += -mavx2 -mbmi -mbmi2
$(B)/obj/%_avx512.o: CFLAGS_ALL += -mavx512bw -mavx512vl -mavx512vbmi -mavx512vbmi2 -mbmi -mbmi2 -mpopcnt
endif
$(B)/obj/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c $< -o $@

$(B)/libcorpus.a: $(call obj,$(lib_src)) $(B)/sources
$(B)/libcorpustok.a: $(call obj,$(tok_src)) $(B)/sources
$(B)/libstages.a: $(call obj,$(stage_src)) $(B)/sources
ours := $(B)/libstages.a $(B)/libcorpustok.a $(B)/libcorpus.a
$(ours):
	@rm -f $@
	$(AR) rcsD $@ $(filter %.o,$^)

link = @mkdir -p $(@D); echo $(CC) -o $@; $(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $< $(ours) $(LIBS)
$(B)/bin/%: $(B)/obj/cmd/%.o $(ours)
	$(link)
$(B)/tests/%: $(B)/obj/tests/unit/%.o $(ours)
	$(link) -lcriterion -lbrotlienc
$(B)/bench/%: $(B)/obj/tests/bench/%.o $(ours)
	$(link)
$(B)/peers/%: $(B)/obj/tests/peers/%.o $(ours)
	$(link)
$(B)/tools/%: $(B)/obj/tools/%.o $(ours)
	$(link)
$(B)/fuzz/%: $(B)/obj/tests/fuzz/%.o $(ours)
	$(link) -fsanitize=fuzzer -lmd4c

$(B)/share/man/man1/%.1: man/%.1.in $(B)/bin/% tools/manpage.sh lib/version.h $(wildcard tests/cli/*/cmd)
	@mkdir -p $(@D)
	tools/manpage.sh $< $(VERSION) $(B)/bin/$* > $@
$(B)/share/man/man5/%: man/%.in tools/manpage.sh lib/version.h $(wildcard tests/cli/*/cmd)
	@mkdir -p $(@D)
	tools/manpage.sh $< $(VERSION) > $@
$(B)/share/man/man7/%: man/%.in tools/manpage.sh lib/version.h $(wildcard tests/cli/*/cmd)
	@mkdir -p $(@D)
	tools/manpage.sh $< $(VERSION) > $@
$(B)/share/corpusmill/%: configs/%
	@mkdir -p $(@D)
	cp $< $@
form = @mkdir -p $(@D); echo $< --print-options $(1); $< --print-options $(1) > $@
$(B)/share/bash-completion/completions/%: $(B)/bin/%
	$(call form,bash)
$(B)/share/zsh/site-functions/_%: $(B)/bin/%
	$(call form,zsh)
$(B)/share/fish/vendor_completions.d/%.fish: $(B)/bin/%
	$(call form,fish)

# On a fresh machine pkg-config may be missing when this file is read: packages come first, then
# make begins anew. Without -j these use all CPUs.
again = $(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))

demo:
	tools/deps.sh build
	$(again) all
	tools/demo.sh

check:
	tools/deps.sh test
	$(again) all units
	tests/run $(B)

# One module's tests: make unit-err
unit-%: $(B)/tests/%
	$<
units: $(units)

# A whole build of real inputs, where $CORPUS_SHARED has them. What check does of it is on testdata/.
check-e2e:
	tools/deps.sh test
	$(again) all
	tests/e2e/run.sh $(B)/bin

# What compares with independent implementations, in a virtual environment of exact versions.
check-peers:
	tools/deps.sh peers
	$(again) all peers benches
	tools/venv.sh
	PATH=$(CURDIR)/$(B)/bin:$(CURDIR)/$(B)/peers:$(CURDIR)/$(B)/bench:$$PATH tests/peers/run
peers: $(peers)

# Every id of 200 MB of mixed text beside the libraries that the vocabularies come from, and what is
# encoded decoded again: some twenty minutes.
check-tokenizers:
	tools/deps.sh peers
	$(again) all
	tools/venv.sh
	PATH=$(CURDIR)/$(B)/bin:$(CURDIR)/build/venv/bin:$$PATH; \
		tests/peers/tokenizer_differential.py 200 && tests/peers/tokenizer_round_trip.py 100

# The model of main-content extraction, from pages whose text readers have marked. maintext-cv prints
# what to expect of it on pages never seen: each part of the pages judged by a model of the others.
MARKED ?= ../shared/data/extract
$(B)/marked.rows: $(B)/tools/maintext_rows FORCE
	@$< $(sort $(wildcard $(MARKED)/*.warc.gz)) > $@
train = $(B)/train/bin/python tools/train_maintext.py
maintext-model maintext-cv:
	tools/deps.sh peers
	$(again) $(B)/marked.rows
	tools/venv.sh tools/train-requirements.txt $(B)/train
	$(if $(filter %-cv,$@),$(train) --cv $(B)/marked.rows $(MARKED)/gold.jsonl.zst $(MARKED)/score.py,\
		$(train) $(B)/marked.rows $(MARKED)/gold.jsonl.zst stages/extract/model_table.c)

lint:
	tools/deps.sh lint
	$(again) all
	tools/lint.sh $(B)

asan:
	tools/deps.sh test
	$(again) B=build/asan OPT='-O1 -g' SAN='-fsanitize=address,undefined -fno-sanitize-recover=all' all units
	tests/run build/asan

# The tests in which threads meet, compiled against the plain Criterion; CLI tests tagged so.
threaded := $(shell grep -lE 'pool_new|driver_run' tests/unit/*.c)
tsan:
	tools/deps.sh test
	$(again) B=build/tsan OPT='-O1 -g' SAN=-fsanitize=thread CPPFLAGS=-Itests/plain all \
		$(threaded:tests/unit/%.c=build/tsan/tests/%)
	tests/run --threads build/tsan $(threaded)

# FUZZ_SECONDS for each harness; what it finds stays in build/fuzz/corpus and begins the next run.
FUZZ_SECONDS ?= 60
fuzz:
	tools/deps.sh lint
	$(again) B=build/fuzz CC=clang OPT='-O1 -g' fuzzers \
		SAN='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all'
	tests/fuzz/run build/fuzz $(FUZZ_SECONDS)
fuzzers: $(fuzzers)

bench:
	tools/deps.sh test
	$(again) all benches
	PATH=$(CURDIR)/$(B)/bin:$$PATH tests/bench/run $(B)
benches: $(benches)

coverage:
	tools/deps.sh test
	$(again) B=build/coverage OPT='-O0 -g' SAN=--coverage all units
	tests/run build/coverage
	tools/coverage.sh build/coverage

share := $(DESTDIR)$(PREFIX)/share
install: all
	install -d $(DESTDIR)$(PREFIX)/bin
	install $(programs) $(DESTDIR)$(PREFIX)/bin
	for f in $(patsubst $(B)/share/%,%,$(pages) $(completions) $(data)); do \
		install -D -m 644 $(B)/share/$$f $(share)/$$f || exit; done

uninstall:
	rm -f $(names:%=$(DESTDIR)$(PREFIX)/bin/%) $(patsubst $(B)/share/%,$(share)/%,$(pages) $(completions))
	rm -rf $(share)/corpusmill

dist:
	mkdir -p $(B)
	git archive --format=tar --prefix=corpusmill-$(VERSION)/ HEAD | gzip -n > $(B)/corpusmill-$(VERSION).tar.gz

clean:
	rm -rf $(B)

FORCE:
.PHONY: FORCE all demo check units check-e2e check-peers peers check-tokenizers maintext-model maintext-cv lint asan tsan fuzz fuzzers bench benches coverage
.PHONY: install uninstall dist clean
.SECONDARY:
-include $(patsubst %.o,%.d,$(call obj,$(sources)))
