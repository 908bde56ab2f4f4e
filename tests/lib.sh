# shellcheck shell=sh
# Helpers for the shell tests, which speak TAP. Read with:  . "$(dirname "$0")/../lib.sh"
#
#   is NAME EXPECTED ACTUAL         the two texts are the same
#   ok NAME COMMAND [ARG...]        the command succeeds
#   not_ok NAME COMMAND [ARG...]    the command fails
#   like NAME PATTERN TEXT          the text matches the extended regular expression
#   fails NAME PATTERN COMMAND...   exit status 2, one line on stderr that matches, nothing finished
#   skip NAME REASON                a case that cannot run here, by name
#   finish                          the plan; the last line of every test
#
# $rt is the folder of the commands, $shared the reference data (may be absent), $tmp a folder of
# this test's own that goes away at its end.

set -u
LC_ALL=C
export LC_ALL
tests=$(cd "$(dirname "$0")/.." && pwd)
while [ ! -f "$tests/lib.sh" ]; do tests=$(dirname "$tests"); done
top=$(dirname "$tests")
rt=${RT_BUILD:-$top/build}
case $rt in /*) ;; *) rt=$top/$rt ;; esac
shared=$(dirname "$top")/shared
PATH=$rt:$PATH
export PATH
tmp=$(mktemp -d "${TMPDIR:-/tmp}/retain-test.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
count=0
failed=0

pass() {
    count=$((count + 1))
    printf 'ok %d - %s\n' "$count" "$1"
}

fail() {
    count=$((count + 1))
    failed=$((failed + 1))
    printf 'not ok %d - %s\n' "$count" "$1"
}

# What a failed case got, as TAP comments, cut so that a log stays readable.
explain() {
    printf '%s\n' "$1" | head -n 20 | cut -c 1-400 | sed 's/^/# /'
}

is() {
    if [ "$2" = "$3" ]; then
        pass "$1"
    else
        fail "$1"
        explain "expected: $2"
        explain "got:      $3"
    fi
}

ok() {
    name=$1
    shift
    if "$@" >"$tmp/.out" 2>&1; then
        pass "$name"
    else
        fail "$name"
        explain "command: $*"
        explain "$(cat "$tmp/.out")"
    fi
}

not_ok() {
    name=$1
    shift
    if "$@" >"$tmp/.out" 2>&1; then
        fail "$name"
        explain "command succeeded: $*"
    else
        pass "$name"
    fi
}

like() {
    if printf '%s\n' "$3" | grep -Eq -e "$2"; then
        pass "$1"
    else
        fail "$1"
        explain "pattern: $2"
        explain "got:     $3"
    fi
}

# A result on stdout is not finished where it is empty or ends in an open quote.
fails() {
    name=$1
    pattern=$2
    shift 2
    "$@" >"$tmp/.out" 2>"$tmp/.err" </dev/null
    status=$?
    if [ "$status" -eq 2 ] && [ "$(wc -l <"$tmp/.err")" -eq 1 ] &&
        grep -Eq -e "$pattern" "$tmp/.err" &&
        { [ ! -s "$tmp/.out" ] || [ "$(tail -n 1 "$tmp/.out" | cut -c 1)" = '"' ]; }; then
        pass "$name"
    else
        fail "$name"
        explain "command: $* (exit $status, wanted 2 and /$pattern/)"
        explain "$(cat "$tmp/.err")"
        explain "$(head -n 3 "$tmp/.out")"
    fi
}

skip() {
    count=$((count + 1))
    printf 'ok %d - %s # SKIP %s\n' "$count" "$1" "$2"
}

finish() {
    printf '1..%d\n' "$count"
    [ "$failed" -eq 0 ]
    exit
}
