# retain: small Unix filters for customer retention.
#
#   make            the commands, in build/
#   make deps       what is missing for building and testing, by apt-get (Debian)
#   make demo       the main job on a simulated shop
#   make pictures   the pictures of README.md, with Chromium
#   make test       everything that is tested
#   make bench      timings beside the peers that are installed
#   make install    commands, pages, completion and library, under DESTDIR and PREFIX
#   make uninstall  takes them away again
#   make deps-dev   what the following four need besides
#   make lint       form, warnings of two compilers, pages, shell files
#   make asan       the tests with the address and undefined-behaviour sanitizers
#   make valgrind   the contract tests under valgrind
#   make fuzz       the fuzz targets, FUZZ_SECONDS in all
#   make clean      removes build/
#
# Knobs: BUILD (folder), CC, CFLAGS, LDFLAGS, PREFIX, DESTDIR, JOBS (tests at a time), WERROR=
# (for packagers: warnings stay warnings).

BUILD   = build
PREFIX  = /usr/local
DESTDIR =
CC      = cc
AR      = ar
CFLAGS  = -O2 -g
WERROR  = -Werror
JOBS    = 2
FUZZ_SECONDS = 60

WARN    = -Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes -Wstrict-prototypes $(WERROR)
HARDEN  = -fstack-protector-strong -fstack-clash-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
STD     = -std=c11 -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64
FLAGS   = $(STD) $(WARN) $(HARDEN) -I. -ffile-prefix-map='$(CURDIR)'=. -pthread $(CFLAGS)
LINK    = -Wl,-z,relro,-z,now,--as-needed -pthread $(LDFLAGS)
LIBS    = -lcsv -lsqlite3 -lnlopt -lutf8proc -lm

commands = $(patsubst cmd/%.c,$(BUILD)/%,$(wildcard cmd/rt-*.c))
library  = $(patsubst libretain/%.c,$(BUILD)/libretain/%.o,$(wildcard libretain/*.c))
shared   = $(library:.o=.pic.o)
units    = $(patsubst tests/unit/%.c,$(BUILD)/unit/%.t,$(wildcard tests/unit/*.c))
fuzzers  = $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/*.c))
version  = $(shell sed -n 's/^#define RT_VERSION "\(.*\)"/\1/p' libretain/*.[ch])
soname   = libretain.so.$(firstword $(subst ., ,$(version)))

# Whatever is to be installed first is in place before anything is compiled, also under -j.
first    = $(filter deps deps-dev,$(MAKECMDGOALS))

all: $(commands)

# Compiled anew when the flags are others than last time.
$(BUILD)/flags: always | $(first)
	@mkdir -p $(@D)
	@printf '%s\n' '$(CC) $(subst ','\'',$(FLAGS) $(LINK) $(LIBS))' >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(BUILD)/libretain.a: $(library)
	rm -f $@
	$(AR) rcsD $@ $(library)

$(BUILD)/libretain/%.o: libretain/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -fPIE -MMD -MP -c -o $@ $<

$(BUILD)/libretain/%.pic.o: libretain/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -fPIC -MMD -MP -c -o $@ $<

$(BUILD)/rt-%: cmd/rt-%.c $(BUILD)/libretain.a
	$(CC) $(FLAGS) -fPIE -pie -MMD -MP -MF $@.d -MT $@ $(LINK) -o $@ $< $(BUILD)/libretain.a $(LIBS)

$(BUILD)/unit/%.t: tests/unit/%.c $(BUILD)/libretain.a
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -fPIE -pie -MMD -MP -MF $@.d -MT $@ $(LINK) -o $@ $< $(BUILD)/libretain.a \
		-lcheck -lsubunit -lrt $(LIBS)

$(BUILD)/bench/%: tests/bench/%.c $(BUILD)/libretain.a
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -fPIE -pie -MMD -MP -MF $@.d -MT $@ $(LINK) -o $@ $< $(BUILD)/libretain.a $(LIBS)

$(BUILD)/fuzz/%: tests/fuzz/%.c $(BUILD)/libretain.a
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -fsanitize=fuzzer -MMD -MP -MF $@.d -MT $@ $(LINK) -o $@ $< \
		$(BUILD)/libretain.a $(LIBS)

$(BUILD)/libretain.map:
	@mkdir -p $(@D)
	printf '{ global: rt_*; local: *; };\n' >$@

$(BUILD)/$(soname): $(shared) $(BUILD)/libretain.map
	$(CC) $(CFLAGS) -shared -Wl,-soname,$(soname) -Wl,--version-script=$(BUILD)/libretain.map \
		$(LINK) -o $@ $(shared) $(LIBS)

programs: $(commands) $(units)
every: programs $(shared)

test: all $(units)
	RT_BUILD='$(BUILD)' CC='$(CC)' prove -j $(JOBS) -r tests $(BUILD)/unit

# The peers are in tests/bench/run, with the knobs ROWS, CUSTOMERS, REPEAT and VARIANTS.
bench: all $(BUILD)/bench/fit
	RT_BUILD='$(BUILD)' tests/bench/run

demo: all
	@PATH='$(abspath $(BUILD)):'"$$PATH" tests/demo '$(BUILD)/demo'

pictures: all
	PATH='$(abspath $(BUILD)):'"$$PATH" man/pictures

lint: | $(first)
	CC='$(CC)' tests/lint

# Warnings are for the other builds: the code that sanitizers add confuses them.
SANITIZE = -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all -fsanitize=address,undefined
asan: | $(first)
	$(MAKE) BUILD='$(BUILD)/asan' HARDEN= WERROR=-w CFLAGS='$(SANITIZE)' test

valgrind: all
	RT_BUILD='$(BUILD)' JOBS=$(JOBS) tests/valgrind

fuzz: | $(first)
	$(MAKE) BUILD='$(BUILD)/fuzzing' CC=clang HARDEN= WERROR=-w \
		CFLAGS='$(SANITIZE) -fsanitize=fuzzer-no-link' fuzz-targets
	RT_BUILD='$(BUILD)/fuzzing' FUZZ_SECONDS=$(FUZZ_SECONDS) JOBS=$(JOBS) tests/fuzz/run

fuzz-targets: $(fuzzers)

# Packages, by Debian's names. Asks for root only where one is missing.
RUN_DEPS = gcc libc6-dev libcsv-dev libxxhash-dev libsqlite3-dev libnlopt-dev libutf8proc-dev perl sqlite3 check mandoc \
	pkg-config python3
DEV_DEPS = clang libclang-rt-14-dev clang-format clang-tidy shellcheck valgrind zsh jq libxml2-utils \
	chromium fonts-dejavu-core
deps:     ; @tests/deps $(RUN_DEPS)
deps-dev: ; @tests/deps $(RUN_DEPS) $(DEV_DEPS)

bin  = $(DESTDIR)$(PREFIX)/bin
lib  = $(DESTDIR)$(PREFIX)/lib
data = $(DESTDIR)$(PREFIX)/share
pages = $(wildcard man/*.[157])
bash_completion = $(patsubst $(BUILD)/%,$(data)/bash-completion/completions/%,$(commands))

install: all $(BUILD)/libretain.a $(BUILD)/$(soname)
	install -d $(bin) $(lib)/pkgconfig $(DESTDIR)$(PREFIX)/include/libretain \
		$(data)/bash-completion/completions $(data)/zsh/site-functions \
		$(addprefix $(data)/man/man,$(sort $(patsubst .%,%,$(suffix $(pages)))))
	install $(commands) $(bin)
	install -m 644 libretain/*.h $(DESTDIR)$(PREFIX)/include/libretain
	install -m 644 $(BUILD)/libretain.a $(lib)
	install -m 755 $(BUILD)/$(soname) $(lib)/libretain.so.$(version)
	ln -sf libretain.so.$(version) $(lib)/$(soname)
	ln -sf $(soname) $(lib)/libretain.so
	for page in $(pages); do install -m 644 $$page $(data)/man/man$${page##*.}; done
	for file in $(bash_completion); do install -m 644 libretain/completion.bash $$file; done
	install -m 644 libretain/completion.zsh $(data)/zsh/site-functions/_retain
	printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' 'includedir=$${prefix}/include' '' \
		'Name: libretain' 'Description: customer retention from CSV' 'Version: $(version)' \
		'Libs: -L$${libdir} -lretain' 'Libs.private: $(LIBS) -pthread' \
		'Cflags: -I$${includedir}' >$(lib)/pkgconfig/retain.pc

uninstall:
	rm -f $(patsubst $(BUILD)/%,$(bin)/%,$(commands)) $(bash_completion) \
		$(foreach page,$(pages),$(data)/man/man$(patsubst .%,%,$(suffix $(page)))/$(notdir $(page))) \
		$(data)/zsh/site-functions/_retain $(lib)/pkgconfig/retain.pc $(lib)/libretain.a \
		$(lib)/libretain.so $(lib)/$(soname) $(lib)/libretain.so.$(version)
	rm -rf $(DESTDIR)$(PREFIX)/include/libretain

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

clean:
	rm -rf $(BUILD)

.PHONY: all programs every test bench demo pictures lint asan valgrind fuzz fuzz-targets deps deps-dev install uninstall \
	help clean always
.DELETE_ON_ERROR:
.SECONDARY:

-include $(wildcard $(BUILD)/*.d $(BUILD)/*/*.d)
