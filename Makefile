# Sojourn. `make help` lists the targets; docs/development.md tells the rest.

VERSION := $(shell cat VERSION)
PREFIX ?= /usr/local
ifeq ($(origin CC),default)
CC := gcc
endif
MODE ?= release
CLANG ?= $(or $(shell command -v clang-14),$(shell command -v clang),clang)
CLANG_FORMAT ?= $(or $(shell command -v clang-format-14),clang-format)
FUZZ_SECONDS ?= 30

# ---- how to compile: one folder for each compiler and mode ----

OPT_release := -O2 -g
OPT_debug := -O0 -g
OPT_O3 := -O3 -g
OPT_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
OPT_tsan := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
OPT_fuzz := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
            -fno-sanitize-recover=all
OPT := $(OPT_$(MODE))
ifeq ($(OPT),)
$(error MODE is one of release, debug, O3, asan, tsan, fuzz, not "$(MODE)")
endif

empty :=
B := build/$(subst $(empty) $(empty),_,$(notdir $(CC)))-$(MODE)

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
        -Wwrite-strings -Wundef -Werror
# The same bytes from every compiler and level: no contraction to fused operations, and the
# library's own exp, log, pow, ... even where the compiler could fold the constant. Functions
# that IEEE 754 rounds correctly (sqrt, fabs, floor, ...) are the same either way.
LIBM := exp exp2 expm1 log log2 log10 log1p pow cbrt hypot sin cos tan asin acos atan atan2 \
        sinh cosh tanh asinh acosh atanh erf erfc lgamma tgamma
SAME := -ffp-contract=off $(addprefix -fno-builtin-,$(LIBM))

pkg = $(shell pkg-config $(1) $(2) 2>/dev/null || echo $(3))
USES_ZLIB := $(shell grep -ls '<zlib\.h>' src/*/*.[ch])
LIBS := $(call pkg,--libs,gsl,-lgsl -lgslcblas) $(call pkg,--libs,libcjson,-lcjson) \
        $(call pkg,--libs,libmd,-lmd) $(if $(USES_ZLIB),$(call pkg,--libs,zlib,-lz)) -pthread -lm
PKG_CFLAGS := $(call pkg,--cflags,gsl libcjson libmd)
CMOCKA := $(call pkg,--libs,cmocka,-lcmocka)

BASE_FLAGS := -std=c17 -D_POSIX_C_SOURCE=200809L -Isrc -Iinclude $(PKG_CFLAGS) $(SAME) -fPIC \
              -pthread -DSJ_VERSION='"$(VERSION)"'
SRC_FLAGS := $(BASE_FLAGS) $(WARN) -include src/base/banned.h
# Tests may count in whatever type reads best and leave cmocka's `state` unused.
TEST_FLAGS := $(BASE_FLAGS) -Itests $(filter-out -Wconversion,$(WARN)) -Wno-unused-parameter

# ---- what to compile ----

LIB_SRC := $(filter-out src/cli/% src/mpi/%,$(wildcard src/*/*.c))
CLI_SRC := $(wildcard src/cli/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o)
CLI_OBJ := $(CLI_SRC:%.c=$(B)/%.o)
names = $(basename $(notdir $(wildcard tests/$(1)/*.c)))
programs = $(addprefix $(B)/tests/,$(call names,$(1)))
C_FILES := $(wildcard src/*/*.[ch] include/sojourn/*.h tests/*/*.[ch])

.PHONY: all program test demo unit stat prop tests bench fuzz fuzzers format check-format install \
        clean help flags FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: program ## the program and both libraries; in release mode linked as build/sojourn, ...
ifeq ($(MODE),release)
	@for f in sojourn libsojourn.a libsojourn.so; do \
	    [ "$$(readlink build/$$f)" = "$(notdir $(B))/$$f" ] || \
	    ln -sf "$(notdir $(B))/$$f" "build/$$f" || exit 1; done
endif

program: $(B)/sojourn $(B)/libsojourn.a $(B)/libsojourn.so ## the same in build/$(CC)-$(MODE) only

# A short line for each step, the whole command with V=1.
Q := $(if $(V),,@)
silent := $(findstring s,$(firstword -$(MAKEFLAGS)))
say = $(if $(V)$(silent),,@echo "  $(1) $@")
quoted = '$(subst ','\'',$(1))'
# These two files change only when what they hold changes; what depends on them is then made anew.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo $(call quoted,$(CC) $(SRC_FLAGS) $(OPT) $(CFLAGS)) | cmp -s - $@ || \
	    echo $(call quoted,$(CC) $(SRC_FLAGS) $(OPT) $(CFLAGS)) > $@
$(B)/objects: FORCE
	@mkdir -p $(@D)
	@echo '$(LIB_OBJ) $(CLI_OBJ)' | cmp -s - $@ || echo '$(LIB_OBJ) $(CLI_OBJ)' > $@
FORCE:

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(SRC_FLAGS) $(OPT) $(CFLAGS) -MMD -MP -c -o $@ $<

$(B)/libsojourn.a: $(LIB_OBJ) $(B)/objects
	$(call say,AR)
	$(Q)rm -f $@.$$$$ && $(AR) rcs $@.$$$$ $(LIB_OBJ) && mv $@.$$$$ $@

$(B)/libsojourn.so: $(LIB_OBJ) $(B)/objects
	$(call say,LD)
	$(Q)$(CC) $(OPT) $(LDFLAGS) -shared -Wl,-soname,libsojourn.so.0 -o $@ $(LIB_OBJ) $(LIBS)

$(B)/sojourn: $(CLI_OBJ) $(B)/objects $(B)/libsojourn.a
	$(call say,LD)
	$(Q)$(CC) $(OPT) $(LDFLAGS) -o $@ $(CLI_OBJ) $(B)/libsojourn.a $(LIBS)

# ---- tests: every file is a program of its own ----

WRAP_nomem := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
define build_test
$(call say,CC)
$(Q)mkdir -p $(@D)
$(Q)$(CC) $(TEST_FLAGS) $(OPT) $(CFLAGS) -MMD -MP -MF $@.d $(LDFLAGS) -o $@ $< \
    $(if $(filter %_nomem,$*),$(WRAP_nomem)) $(B)/libsojourn.a $(1) $(LIBS)
endef

$(B)/tests/%: tests/unit/%.c $(B)/libsojourn.a
	$(call build_test,$(CMOCKA))

$(B)/tests/%: tests/stat/%.c $(B)/libsojourn.a
	$(call build_test,$(CMOCKA))

$(B)/tests/%: tests/prop/%.c $(B)/libsojourn.a
	$(call build_test,$(CMOCKA))

$(B)/bench/%: tests/bench/%.c $(B)/libsojourn.a
	$(call build_test)

$(B)/fuzz/%: tests/fuzz/%.c $(B)/libsojourn.a
	$(call build_test,-fsanitize=fuzzer)

tests: $(call programs,unit) $(call programs,stat) $(call programs,prop) ## build the test programs

unit stat prop: ## build and run tests/unit, tests/stat or tests/prop
	@$(MAKE) --no-print-directory $(call programs,$@)
	@scripts/run-tests $(call programs,$@)

test: ## everything: scripts/test
	scripts/test

demo: ## scripts/demo
	scripts/demo

bench: $(addprefix $(B)/bench/,$(call names,bench)) ## build and run tests/bench, one after the other
	@for b in $^; do echo "== $$b"; "$$b" || exit 1; done

fuzz: ## run every target of tests/fuzz for FUZZ_SECONDS (30)
	@$(MAKE) --no-print-directory CC=$(CLANG) MODE=fuzz fuzzers
	@FUZZ_SECONDS=$(FUZZ_SECONDS) scripts/run-fuzz build/$(notdir $(CLANG))-fuzz/fuzz

fuzzers: $(addprefix $(B)/fuzz/,$(call names,fuzz))

# ---- the rest ----

format: ## format every C file in place
	$(CLANG_FORMAT) -i $(C_FILES)

check-format: ## fail where a C file is not as `make format` would leave it
	$(CLANG_FORMAT) --dry-run -Werror $(C_FILES)

DEST := $(DESTDIR)$(PREFIX)
install: program ## program, libraries, headers, manual pages and sojourn.pc (PREFIX, DESTDIR)
	install -d $(DEST)/bin $(DEST)/lib/pkgconfig $(DEST)/include/sojourn $(DEST)/share/man/man1
	install -m 755 $(B)/sojourn $(DEST)/bin/sojourn
	install -m 644 $(B)/libsojourn.a $(DEST)/lib/libsojourn.a
	install -m 755 $(B)/libsojourn.so $(DEST)/lib/libsojourn.so.$(VERSION)
	ln -sf libsojourn.so.$(VERSION) $(DEST)/lib/libsojourn.so.0
	ln -sf libsojourn.so.0 $(DEST)/lib/libsojourn.so
	for f in $(wildcard include/sojourn/*.h); do \
	    install -m 644 $$f $(DEST)/include/sojourn/ || exit 1; done
	for f in $(wildcard docs/man/*.1); do \
	    install -m 644 $$f $(DEST)/share/man/man1/ || exit 1; done
	for f in $(wildcard scenarios/*/*.json scenarios/*/data/*.csv); do \
	    install -D -m 644 $$f $(DEST)/share/sojourn/$$f || exit 1; done
	printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' 'includedir=$${prefix}/include' '' \
	    'Name: sojourn' 'Description: Simulator of regional migration flows' \
	    'Version: $(VERSION)' 'Requires.private: gsl libcjson libmd$(if $(USES_ZLIB), zlib)' \
	    'Cflags: -I$${includedir}' 'Libs: -L$${libdir} -lsojourn' \
	    'Libs.private: -pthread -lm' > $(DEST)/lib/pkgconfig/sojourn.pc

flags: # for the checks: how a source file is compiled
	@echo $(call quoted,$(SRC_FLAGS))

clean: ## remove build/
	rm -rf build

help: ## this list
	@echo 'make [TARGET] [CC=gcc|clang] [MODE=release|debug|O3|asan|tsan]   (now: $(B))'
	@sed -n 's/^\([a-z][a-z -]*\):.*## \(.*\)/\1|\2/p' Makefile | \
	    awk -F'|' '{ printf "  %-16s %s\n", $$1, $$2 }'

-include $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d) $(wildcard $(B)/tests/*.d $(B)/bench/*.d $(B)/fuzz/*.d)
