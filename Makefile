# corpusmill: `make demo` shows it at work, `make check` tests it. A new file needs no edit here.
.SUFFIXES:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

B := build
CC ?= cc
ifeq ($(origin CC),default)
CC := gcc
endif
AR ?= ar
PKGS := libxml-2.0 libpcre2-8 icu-uc icu-i18n libxxhash libzstd jansson yaml-0.1 zlib
SYS := $(shell pkg-config --cflags-only-I $(PKGS) 2>/dev/null | sed 's/-I/-isystem /g')
LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lbz2 -lm -lpthread
WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 \
	-Wvla -Wwrite-strings -Wundef -Wcast-qual -Wdouble-promotion
OPT ?= -O2 -g
CFLAGS ?=
CPPFLAGS_ALL := -std=c17 -D_GNU_SOURCE -I. $(SYS) -MMD -MP $(CPPFLAGS)
CFLAGS_ALL = $(OPT) $(WARN) -pthread -ffile-prefix-map=$(CURDIR)=. $(SAN) $(CFLAGS)

lib_src := $(sort $(wildcard lib/*.c lib/*/*.c))
tok_src := $(sort $(wildcard tokenizer/*.c))
stage_src := $(sort $(wildcard stages/*.c stages/*/*.c))
cmd_src := $(sort $(wildcard cmd/*.c))
unit_src := $(sort $(wildcard tests/unit/*.c))

obj = $(patsubst %.c,$(B)/obj/%.o,$(1))
programs := $(patsubst cmd/%.c,$(B)/bin/%,$(cmd_src))
units := $(patsubst tests/unit/%.c,$(B)/tests/%,$(unit_src))

all: $(programs)

$(B)/obj/%_avx2.o: CFLAGS_ALL += -mavx2 -mbmi -mbmi2 -mlzcnt
$(B)/obj/%_avx512.o: CFLAGS_ALL += -mavx512f -mavx512bw -mavx512vl -mavx512vbmi -mavx512vbmi2 -mbmi -mbmi2 -mpopcnt
$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c $< -o $@

$(B)/libcorpus.a: $(call obj,$(lib_src))
	@rm -f $@
	$(AR) rcsD $@ $^
$(B)/libcorpustok.a: $(call obj,$(tok_src))
	@rm -f $@
	$(AR) rcsD $@ $^
$(B)/libstages.a: $(call obj,$(stage_src))
	@rm -f $@
	$(AR) rcsD $@ $^

ours := $(B)/libstages.a $(B)/libcorpustok.a $(B)/libcorpus.a
$(B)/bin/%: $(B)/obj/cmd/%.o $(ours)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $< $(ours) $(LIBS)
$(B)/tests/%: $(B)/obj/tests/unit/%.o $(ours)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $< $(ours) $(LIBS) -lcriterion

# One module's tests: make unit-err
unit-%: $(B)/tests/%
	$<

clean:
	rm -rf $(B)

.PHONY: all clean
.SECONDARY:
-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
