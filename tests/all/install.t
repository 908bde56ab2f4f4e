#!/bin/sh
# make install and uninstall, and the library as another program uses it.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/samples.sh"

if sanitized || wrapped; then
    skip 'installation' 'the commands are built with a sanitizer or wrapped'
    finish
fi

unset MAKEFLAGS MFLAGS MAKELEVEL
install_with() {
    make -s -C "$top" BUILD="$rt" CC="${CC:-cc}" DESTDIR="$tmp/root" PREFIX=/opt/retain "$@"
}
ok 'make install' install_with install
root=$tmp/root/opt/retain

for command in $commands; do
    is "$command is there" yes "$([ -x "$root/bin/$command" ] && echo yes)"
    is "$command has its page" yes "$([ -f "$root/share/man/man1/$command.1" ] && echo yes)"
    is "$command has completion in bash" yes \
        "$([ -f "$root/share/bash-completion/completions/$command" ] && echo yes)"
done
is 'the other pages are there' "$(cd "$top/man" && echo ./*.5 ./*.7 | sed 's,\./,,g')" \
    "$(cd "$root/share/man" && echo man5/* man7/* | sed 's,man[57]/,,g')"
is 'the headers are there' "$(cd "$top/libretain" && ls ./*.h)" \
    "$(cd "$root/include/libretain" && ls ./*.h)"

library=$root/lib/libretain.so
like 'the shared library has a SONAME' 'SONAME.*\[libretain\.so\.[0-9]+\]' "$(readelf -dW "$library")"
is 'the SONAME is a file' yes "$([ -f "$root/lib/libretain.so.0" ] && echo yes)"
is 'the shared library shows rt_ names only' '' \
    "$(nm -D --defined-only "$library" | awk '{ print $3 }' | grep -v '^rt_')"
not_ok 'and some of them' [ -z "$(nm -D --defined-only "$library" | grep ' rt_day_read$')" ]
is 'so does the static one' '' \
    "$(nm -g --defined-only "$root/lib/libretain.a" | awk 'NF == 3 { print $3 }' | grep -v '^rt_')"

cat >"$tmp/user.c" <<'END'
#include <libretain/day.h>
#include <stdio.h>

int main(void)
{
    int32_t day;
    if (rt_day_read(rt_text("2024-02-29"), &day) != 0)
        return 1;
    char text[11];
    rt_day_write(day + 1, text);
    puts(text);
    return 0;
}
END
compile() {
    # shellcheck disable=SC2046 # words each
    ${CC:-cc} "$tmp/user.c" -o "$tmp/user" \
        $(PKG_CONFIG_PATH=$root/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$tmp/root \
            pkg-config --cflags --libs "$@" retain)
}
if command -v pkg-config >/dev/null; then
    is 'retain.pc knows the version' "$("$(echo "$root"/bin/rt-* | cut -d ' ' -f 1)" --version |
        sed 's/.* //')" "$(PKG_CONFIG_PATH=$root/lib/pkgconfig pkg-config --modversion retain)"
    ok 'a program compiles with pkg-config' compile
    is 'and runs on the shared library' 2024-03-01 "$(LD_LIBRARY_PATH=$root/lib "$tmp/user")"
    rm "$root"/lib/libretain.so*
    ok 'a program compiles with pkg-config --static' compile --static
    is 'and runs without the shared library' 2024-03-01 "$("$tmp/user")"
else
    skip 'a program compiles with pkg-config' 'no pkg-config'
fi

ok 'make uninstall' install_with uninstall
is 'nothing is left' '' "$(cd "$tmp/root" && find . -type f -o -type l)"
finish
