# corpus.mk - a corpus build as a graph of make: extract, quality, dedup, mix, tokenize, ledger.
#
# Your own Makefile sets variables and ends with "include .../corpus.mk"; example.mk is one. Then
#	make -j8             the whole build, eight tasks at a time
#	make -n              what would be done; with other options too, and nothing is noted of them
#	make mix             up to a stage: extract, quality, dedup, mix, tokenize
#	make ledger          where every document went; fails if one is missing
#	make tasks           the command of each task that is stale, one a line, for other schedulers;
#	                     what is set counts as that of the build from then on, as with make
#	make tasks STAGE=mix the same up to a stage; with ALL=1 also of those that are not stale
#	make clean           removes $(BUILD)
# A task is one command that reads whole files and writes whole files. One that is killed leaves
# nothing under a final name, and the next make takes the build up where it was.
#
# What you set ("name" is one of SOURCES; paths hold no spaces):
#	SOURCES              names of the sources, those of the recipe
#	INPUTS_name          its files: each is a shard and a task of its own up to dedup. A rule of
#	                     yours may make them
#	EXTRACT_FLAGS_name   further options of corpus-extract for it; EXTRACT_FLAGS for all
#	RULES                rule sets of corpus-quality, with commas       (gopher,gopher-repetition)
#	RULES_name           those of one source; empty: it skips corpus-quality
#	QUALITY_FLAGS        further options of corpus-quality
#	DEDUP                verb and options of corpus-dedup                                  (exact)
#	RECIPE               of the mix                               (gpt3.yaml beside this file)
#	MIX_FLAGS            further options of corpus-mix
#	SHARDS, SEED         of the mix                                         (4, and the recipe's)
#	VOCAB                a vocabulary that is there: documents are counted in its tokens before
#	                     the mix; empty: one is trained on the mix
#	VOCAB_SIZE           of the one that is trained                          (50257, as GPT-3's)
#	TRAIN_FLAGS, ENCODE_FLAGS  further options of corpus-tokenize
#	BUILD                where all is written                                              (build)
#	BIN                  folder of the programs; empty: found on PATH
#	RUN                  put before each command: RUN='srun -c8' makes Slurm do the work
#	JOBS, MEMORY         --threads and --memory of each task                   (1, the program's)
#	REJECTS              yes: keep what was dropped, with the reason; empty: do not         (yes)
#	KEY_FLAGS            --trust-stat: inputs too big to be read an extra time are known by
#	                     size and time in place of their content
#
# What comes out, the same bytes for any -j, JOBS, RUN and after any number of kills:
#	extract/name/INPUT.jsonl.zst, quality/name/INPUT.jsonl.zst, dedup/name.jsonl.zst
#	mix/train-00000-of-0000N.jsonl.zst, mix/manifest.json
#	tokenizer.json, tokens/train-00000-of-0000N.bin with .docs.jsonl.zst and .json beside it
#	ledger.txt, ledger.json
#	log/             --stats of each task (they hold times, so they differ from run to run) and
#	                 rejects. The ledger is made of them: a task whose stats are gone runs again.
#	.keys/           what the build has seen, below
#
# When a task runs again: its inputs' content, its options, rule sets, recipe, vocabulary or program
# changed. Times of files do not tell (touch and checkout change nothing, cp -p hides a change), so
# no task depends on a file but on FILE.key, whose time is that of the last change of the content:
# "corpus-stats key" rewrites it only then. All keys are brought up to date when make starts, by
# two processes that read only files whose size, times or inode changed; that of a file made during
# the run by the rule of its FILE.look. So a file that was made again with equal content stops there.
# Options stand in NAME.opts, rewritten only when they differ.

ifeq ($(filter grouped-target,$(.FEATURES)),)
$(error corpus.mk needs GNU make 4.3 or later)
endif
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

corpus_home := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))

BUILD ?= build
RULES ?= gopher,gopher-repetition
DEDUP ?= exact
RECIPE ?= $(corpus_home)/gpt3.yaml
SHARDS ?= 4
VOCAB_SIZE ?= 50257
JOBS ?= 1
REJECTS ?= yes

ifeq ($(strip $(SOURCES)),)
$(error SOURCES is not set: set it before corpus.mk is included)
endif

# Rule sets are looked for where make looks for their keys.
export CORPUSMILL_CONFIGS ?= $(corpus_home)

corpus_space := $() $()
corpus_comma := ,
corpus_hash := \#
define corpus_newline :=


endef

# One word a line.
corpus_lines = $(subst $(corpus_space),$(corpus_newline),$(strip $1))

# ---- keys ----------------------------------------------------------------------------------------

corpus_keys := $(BUILD)/.keys
# The same name that "corpus-stats key" gives: a leading / and each ../ are spelled out.
corpus_name = $(corpus_keys)/$(patsubst /%,+root/%,$(subst ../,+up/,$1))
corpus_key = $(foreach f,$1,$(call corpus_name,$f).key)
corpus_look = $(call corpus_name,$1).look

corpus_program = $(if $(BIN),$(BIN)/)corpus-$1
corpus_stats := $(call corpus_program,stats)

# Where a program stands, for its key. $(BIN) or the first on PATH.
corpus_path = $(if $(BIN),$(BIN)/corpus-$1,$(or $(shell command -v corpus-$1),\
	$(error corpus-$1 is not on PATH: install corpusmill or set BIN)))
corpus_programs := extract quality dedup mix tokenize stats
$(foreach p,$(corpus_programs),$(eval corpus_path_$p := $(call corpus_path,$p)))

# The text of $2 in a file $1 that is rewritten only when it differs. With make -n nothing is written:
# the file counts as changed, so that its tasks are shown, and the next make finds it as it was.
corpus_same = $(and $(findstring x$1x,x$2x),$(findstring x$2x,x$1x))
corpus_asks := $(findstring n,$(filter-out --%,$(firstword -$(MAKEFLAGS))))
corpus_change = $(if $(corpus_asks),$(eval $1: corpus_differs ; $(corpus_hash) other options: $1),$(file >$1,$2))
corpus_write = $(if $(call corpus_same,$2,$(file <$1)),,$(call corpus_change,$1,$2))
.PHONY: corpus_differs
corpus_opts = $(corpus_keys)/$1.opts

# $1: a file whose key others depend on. The recipe that does nothing matters: make looks at the
# key after it and finds its time unchanged when the content is. The + says so to make -n too.
# $2: options.
define corpus_keyed_rule
$(call corpus_key,$1): $(call corpus_look,$1) ; +
$(call corpus_look,$1): $1
	@$(corpus_stats) key $2 --dir $(corpus_keys) $1
endef

# A rule set by its name stands beside this file, or is a path, or lives in corpus-quality itself.
corpus_rules_of = $(if $(filter undefined,$(origin RULES_$1)),$(RULES),$(RULES_$1))
corpus_rule_file = $(firstword $(wildcard $(corpus_home)/quality/$1.yaml $1))
corpus_rule_files = $(foreach r,$(subst $(corpus_comma), ,$(call corpus_rules_of,$1)),$(call corpus_rule_file,$r))

# ---- the files of the build ----------------------------------------------------------------------

$(foreach s,$(SOURCES),$(if $(strip $(INPUTS_$s)),,$(error INPUTS_$s is empty)))
$(foreach s,$(SOURCES),$(if $(filter-out $(words $(INPUTS_$s)),$(words $(sort $(notdir $(INPUTS_$s))))),\
	$(error INPUTS_$s: two files have the same name)))

# $1: stage, $2: source.
corpus_shards_of = $(foreach i,$(notdir $(INPUTS_$2)),$(BUILD)/$1/$2/$i.jsonl.zst)
# What corpus-dedup and corpus-mix read of source $1.
corpus_clean_of = $(call corpus_shards_of,$(if $(call corpus_rules_of,$1),quality,extract),$1)
corpus_final_of = $(BUILD)/$(if $(VOCAB),count,dedup)/$1.jsonl.zst
# The --stats and --rejects of the task that writes $1.
corpus_stats_of = $(patsubst $(BUILD)/%,$(BUILD)/log/%.stats.json,$1)
corpus_rejects_of = $(if $(REJECTS),$(patsubst $(BUILD)/%.jsonl.zst,$(BUILD)/log/%.rejects.jsonl.zst,$1))

corpus_ruled := $(foreach s,$(SOURCES),$(if $(call corpus_rules_of,$s),$s))
corpus_extracted := $(foreach s,$(SOURCES),$(call corpus_shards_of,extract,$s))
corpus_cleaned := $(foreach s,$(corpus_ruled),$(call corpus_shards_of,quality,$s))
corpus_deduped := $(SOURCES:%=$(BUILD)/dedup/%.jsonl.zst)
corpus_counted := $(if $(VOCAB),$(SOURCES:%=$(BUILD)/count/%.jsonl.zst))
corpus_names := $(shell i=0; while [ $$i -lt $(SHARDS) ]; do \
	printf 'train-%05d-of-%05d ' $$i $(SHARDS); i=$$((i + 1)); done)
corpus_mixed := $(corpus_names:%=$(BUILD)/mix/%.jsonl.zst)
corpus_manifest := $(BUILD)/mix/manifest.json
corpus_trained := $(if $(VOCAB),,$(BUILD)/tokenizer.json)
corpus_vocab := $(or $(VOCAB),$(corpus_trained))
corpus_tokens := $(corpus_names:%=$(BUILD)/tokens/%.bin)
corpus_manifests := $(corpus_manifest) $(corpus_names:%=$(BUILD)/tokens/%.json)
corpus_all_stats := $(call corpus_stats_of,$(corpus_extracted) $(corpus_cleaned) $(corpus_deduped) \
	$(corpus_counted) $(corpus_manifest) $(corpus_trained) $(corpus_tokens))

# ---- targets -------------------------------------------------------------------------------------

.PHONY: all extract quality dedup mix tokenize ledger tasks clean
all: tokenize ledger
extract: $(corpus_extracted)
quality: $(corpus_cleaned)
dedup: $(corpus_deduped)
mix: $(corpus_mixed) $(corpus_manifest)
tokenize: $(corpus_tokens)
ledger: $(BUILD)/ledger.txt $(BUILD)/ledger.json

# What is compared of the options. Those that change no byte of the output are not among them.
corpus_extract_opts = $(strip --source $1 $(EXTRACT_FLAGS) $(EXTRACT_FLAGS_$1))
corpus_quality_opts = $(strip --rules $(call corpus_rules_of,$1) $(QUALITY_FLAGS))
corpus_mix_opts = $(strip --recipe $(RECIPE) $(if $(SEED),--seed $(SEED)) --shards $(SHARDS) $(MIX_FLAGS))
corpus_train_opts = $(strip --vocab-size $(VOCAB_SIZE) $(TRAIN_FLAGS))
corpus_encode_opts = $(strip --vocab $(corpus_vocab) $(ENCODE_FLAGS))
corpus_memory = $(if $(MEMORY),--memory $(MEMORY))

# A task is a group of targets: all of them are there and newer than the keys, or the command runs.
# $1: its output; $2: others that it writes; $3: files it depends on; $4: name of its options;
# $5: the command. $$(cat LIST) keeps a command short that reads thousands of files.
define corpus_task
$1 $2 $(call corpus_stats_of,$1) &: $(call corpus_key,$3) $(call corpus_opts,$4)
	$$(strip $$(RUN) $5) -j $(JOBS) --stats $(call corpus_stats_of,$1)
endef
corpus_command = $(call corpus_program,$1)
corpus_task_of = $(eval $(call corpus_task,$1,$2,$3,$4,$5))
corpus_with_rejects = $(if $(REJECTS),--rejects $(call corpus_rejects_of,$1)) -o $1

$(foreach s,$(SOURCES),$(foreach i,$(INPUTS_$s),$(foreach o,$(BUILD)/extract/$s/$(notdir $i).jsonl.zst,\
	$(call corpus_task_of,$o,$(call corpus_rejects_of,$o),$i $(corpus_path_extract),extract-$s,\
	$(call corpus_program,extract) $(call corpus_extract_opts,$s) $i $(call corpus_with_rejects,$o)))))

$(foreach s,$(corpus_ruled),$(foreach i,$(notdir $(INPUTS_$s)),$(foreach o,$(BUILD)/quality/$s/$i.jsonl.zst,\
	$(call corpus_task_of,$o,$(call corpus_rejects_of,$o),\
	$(BUILD)/extract/$s/$i.jsonl.zst $(corpus_path_quality) $(call corpus_rule_files,$s),quality-$s,\
	$(call corpus_program,quality) $(call corpus_quality_opts,$s) $(BUILD)/extract/$s/$i.jsonl.zst \
	$(call corpus_with_rejects,$o)))))

$(foreach s,$(SOURCES),$(foreach o,$(BUILD)/dedup/$s.jsonl.zst,\
	$(call corpus_task_of,$o,$(call corpus_rejects_of,$o),\
	$(call corpus_clean_of,$s) $(corpus_path_dedup),dedup-$s,\
	$(call corpus_program,dedup) $(DEDUP) $(corpus_memory) $$$$(cat $(corpus_keys)/dedup-$s.list) \
	$(call corpus_with_rejects,$o))))

$(foreach s,$(if $(VOCAB),$(SOURCES)),$(foreach o,$(BUILD)/count/$s.jsonl.zst,\
	$(call corpus_task_of,$o,,$(BUILD)/dedup/$s.jsonl.zst $(corpus_vocab) $(corpus_path_tokenize),count,\
	$(call corpus_program,tokenize) count --vocab $(VOCAB) $(BUILD)/dedup/$s.jsonl.zst -o $o)))

# corpus-mix removes the shards of another number of shards from mix/; those of tokens/ go with them,
# so that tokens/*.bin is the corpus.
define corpus_prune
	@ls $(BUILD)/tokens/train-* 2>/dev/null | grep -v -e '-of-$(lastword $(subst -, ,$(firstword $(corpus_names))))\.' | xargs -r rm -f
endef
$(eval $(call corpus_task,$(corpus_manifest),$(corpus_mixed),\
	$(foreach s,$(SOURCES),$(call corpus_final_of,$s)) $(RECIPE) $(corpus_path_mix),mix,\
	$(call corpus_program,mix) $(corpus_mix_opts) $(corpus_memory) -o $(BUILD)/mix \
	$(foreach s,$(SOURCES),$s=$(call corpus_final_of,$s)))$(corpus_newline)$(corpus_prune))

ifeq ($(VOCAB),)
$(call corpus_task_of,$(corpus_trained),,$(corpus_mixed) $(corpus_path_tokenize),train,\
	$(call corpus_program,tokenize) train $(corpus_train_opts) $(corpus_memory) \
	$$$$(cat $(corpus_keys)/train.list) -o $(corpus_trained))
endif

$(foreach n,$(corpus_names),$(call corpus_task_of,$(BUILD)/tokens/$n.bin,\
	$(BUILD)/tokens/$n.docs.jsonl.zst $(BUILD)/tokens/$n.json,\
	$(BUILD)/mix/$n.jsonl.zst $(corpus_vocab) $(corpus_path_tokenize),encode,\
	$(call corpus_program,tokenize) encode $(corpus_encode_opts) $(BUILD)/mix/$n.jsonl.zst \
	-o $(BUILD)/tokens/$n.bin))

$(BUILD)/ledger.txt: $(corpus_all_stats) $(corpus_manifests) $(call corpus_key,$(corpus_path_stats))
	$(corpus_stats) ledger --files-from $(corpus_keys)/ledger.list -o $@
$(BUILD)/ledger.json: $(BUILD)/ledger.txt
	$(corpus_stats) ledger --json --files-from $(corpus_keys)/ledger.list -o $@

tasks:
	@$(MAKE) -n --no-print-directory $(if $(ALL),-B) -f $(firstword $(MAKEFILE_LIST)) $(or $(STAGE),all) | \
		grep -e ' --stats ' || true

clean:
	rm -rf $(BUILD)

# ---- when make starts ----------------------------------------------------------------------------

corpus_keyed := $(sort $(foreach p,$(corpus_programs),$(corpus_path_$p)) \
	$(foreach s,$(SOURCES),$(INPUTS_$s) $(call corpus_rule_files,$s)) $(RECIPE) $(VOCAB))
corpus_made := $(corpus_extracted) $(corpus_cleaned) $(corpus_deduped) $(corpus_counted) $(corpus_mixed) \
	$(corpus_trained)
$(foreach f,$(corpus_keyed),$(eval $(call corpus_keyed_rule,$f,$(KEY_FLAGS))))
$(foreach f,$(corpus_made),$(eval $(call corpus_keyed_rule,$f,--made)))

ifneq ($(filter-out clean,$(or $(MAKECMDGOALS),all)),)
corpus_check := $(shell mkdir -p $(corpus_keys) $(sort $(dir $(corpus_all_stats) \
	$(patsubst $(BUILD)/log/%,$(BUILD)/%,$(corpus_all_stats)))))
$(foreach s,$(SOURCES),\
	$(call corpus_write,$(call corpus_opts,extract-$s),$(call corpus_extract_opts,$s))\
	$(call corpus_write,$(call corpus_opts,quality-$s),$(call corpus_quality_opts,$s))\
	$(call corpus_write,$(corpus_keys)/dedup-$s.list,$(call corpus_lines,$(call corpus_clean_of,$s)))\
	$(call corpus_write,$(call corpus_opts,dedup-$s),$(DEDUP) $(call corpus_clean_of,$s)))
$(call corpus_write,$(call corpus_opts,count),$(VOCAB))
$(call corpus_write,$(call corpus_opts,mix),$(corpus_mix_opts) $(SOURCES) $(corpus_counted))
$(call corpus_write,$(corpus_keys)/train.list,$(call corpus_lines,$(corpus_mixed)))
$(call corpus_write,$(call corpus_opts,train),$(corpus_train_opts) $(corpus_mixed))
$(call corpus_write,$(call corpus_opts,encode),$(corpus_encode_opts))
$(call corpus_write,$(corpus_keys)/ledger.list,$(call corpus_lines,$(corpus_all_stats) $(corpus_manifests)))
$(file >$(corpus_keys)/inputs.list,$(call corpus_lines,$(corpus_keyed)))
$(file >$(corpus_keys)/made.list,$(call corpus_lines,$(corpus_made)))
corpus_check := $(shell $(corpus_stats) key $(KEY_FLAGS) --if-present --dir $(corpus_keys) \
	--files-from $(corpus_keys)/inputs.list && $(corpus_stats) key --made --if-present \
	--dir $(corpus_keys) --files-from $(corpus_keys)/made.list)
ifneq ($(.SHELLSTATUS),0)
$(error the keys of the inputs cannot be made)
endif
endif
