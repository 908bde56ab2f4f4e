# retain: small Unix filters for customer retention.
#
#   make            the commands, in build/
#   make deps       what is missing for building and testing, by apt-get (Debian)
#   make demo       the main job on a simulated shop
#   make test       everything that is tested
#   make help       all targets
#
# Knobs: BUILD (folder), CC, CFLAGS, LDFLAGS, PREFIX, DESTDIR, WERROR= (packagers: warnings stay
# warnings).

BUILD   = build
PREFIX  = /usr/local
DESTDIR =
CC      = cc
AR      = ar
CFLAGS  = -O2 -g
WERROR  = -Werror

WARN    = -Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes -Wstrict-prototypes $(WERROR)
HARDEN  = -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2
STD     = -std=c11 -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64
FLAGS   = $(STD) $(WARN) $(HARDEN) -I. -pthread $(CFLAGS)
LINK    = -pie -Wl,-z,relro,-z,now -pthread $(LDFLAGS)
LIBS    = -lcsv -lm

commands = $(patsubst cmd/%.c,$(BUILD)/%,$(wildcard cmd/rt-*.c))
library  = $(patsubst libretain/%.c,$(BUILD)/libretain/%.o,$(wildcard libretain/*.c))
units    = $(patsubst tests/unit/%.c,$(BUILD)/unit/%.t,$(wildcard tests/unit/*.c))

all: $(commands)

$(BUILD)/libretain.a: $(library)
	rm -f $@
	$(AR) rcsD $@ $(library)

$(BUILD)/libretain/%.o: libretain/%.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/rt-%: cmd/rt-%.c $(BUILD)/libretain.a
	$(CC) $(FLAGS) -MMD -MP $(LINK) -o $@ $< $(BUILD)/libretain.a $(LIBS)

$(BUILD)/unit/%.t: tests/unit/%.c $(BUILD)/libretain.a
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -MMD -MP $(LINK) -o $@ $< $(BUILD)/libretain.a -lcheck -lsubunit -lrt $(LIBS)

test: all $(units)
	RT_BUILD=$(BUILD) prove -r tests $(BUILD)/unit

clean:
	rm -rf $(BUILD)

.PHONY: all test clean
.DELETE_ON_ERROR:

-include $(wildcard $(BUILD)/*.d $(BUILD)/libretain/*.d $(BUILD)/unit/*.d)
