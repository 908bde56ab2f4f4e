#!/bin/sh
# Of every command: the compiler's and linker's protections are in the binary.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/samples.sh"

if sanitized || wrapped; then
    skip 'protections of the binaries' 'the commands are built with a sanitizer or wrapped'
    finish
fi
for command in $commands; do
    binary=$rt/$command
    like "$command is position-independent" 'Type: *DYN' "$(readelf -h "$binary")"
    segments=$(readelf -lW "$binary")
    like "$command: relocations become read-only" GNU_RELRO "$segments"
    like "$command: its stack is not executable" 'GNU_STACK .* RW ' "$segments"
    like "$command: symbols are bound at the start" 'BIND_NOW|NOW' "$(readelf -dW "$binary")"
    symbols=$(nm -D "$binary")
    like "$command: the stack is protected" __stack_chk_fail "$symbols"
    like "$command: libc's checked functions are used" '__[a-z]+_chk' \
        "$(printf '%s\n' "$symbols" | grep -v __stack_chk_fail)"
done
finish
