#!/bin/sh
# The same sources give the same bytes, in whatever folder they lie.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/samples.sh"

if sanitized || wrapped; then
    skip 'reproducible build' 'the commands are built with a sanitizer or wrapped'
    finish
fi
unset MAKEFLAGS MFLAGS MAKELEVEL
# One command and the libraries stand for all: they share the rules.
command=${commands# }
command=${command%% *}
for folder in a another/and/deeper; do
    mkdir -p "$tmp/$folder"
    (cd "$top" && cp -R Makefile cmd libretain tests "$tmp/$folder")
    ok "it builds in $folder" make -s -j 2 -C "$tmp/$folder" BUILD=build CC="${CC:-cc}" \
        "build/$command" build/libretain.so.0 HARDEN= CFLAGS='-O0 -g'
    touch "$tmp/$folder/cmd" # other times on the files
done
for file in "$command" libretain.a libretain.so.0; do
    ok "$file is the same" cmp "$tmp/a/build/$file" "$tmp/another/and/deeper/build/$file"
    is "$file tells no folder" '' "$(grep -l -a -F "$tmp" "$tmp/a/build/$file")"
done
finish
