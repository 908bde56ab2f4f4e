# shellcheck shell=sh
# The commands and their samples, for the tests that ask the same of every command. Read with
# . "$(dirname "$0")/samples.sh"  behind lib.sh.
#
# A command shows the contract tests how it is used by files in tests/rt-x/:
#
#   sample.csv         an input that it accepts; absent where it reads none
#   sample.args        the arguments that this takes besides, one a line; absent where none
#   sample-NAME.args   further cases of the same input, or of sample-NAME.csv where that is there
#   needs-rows         is there where a header without a row is an error: the reason, in words
#
# Cases run in tests/rt-x/, so that arguments may name files there.

commands=
for path in "$rt"/rt-*; do
    case ${path##*/} in
    *.* | 'rt-*') ;;
    *) commands="$commands ${path##*/}" ;;
    esac
done

# cases COMMAND: the names of its cases, or only $RT_CASE.
cases() {
    [ -z "${RT_CASE:-}" ] || { echo "$RT_CASE" && return; }
    for file in "$tests/$1"/sample.args "$tests/$1"/sample-*.args "$tests/$1"/sample*.csv; do
        [ -f "$file" ] && basename "${file%.*}"
    done | sort -u
}

# input_of COMMAND CASE: the input of a case, or nothing.
input_of() {
    for file in "$tests/$1/$2.csv" "$tests/$1/sample.csv"; do
        [ -f "$file" ] && echo "$file" && return
    done
}

# sample COMMAND CASE [ARG...]: runs a case, with the further arguments behind its own, through
# $RUNNER if that is set.
sample() (
    cd "$tests/$1" || exit 99
    command=$1
    arguments=$tests/$1/$2.args
    shift 2
    further=$#
    if [ -f "$arguments" ]; then
        while IFS= read -r argument; do
            set -- "$@" "$argument"
        done <"$arguments"
    fi
    while [ "$further" -gt 0 ]; do
        argument=$1
        shift
        set -- "$@" "$argument"
        further=$((further - 1))
    done
    # shellcheck disable=SC2086 # a command of several words, or none
    exec ${RUNNER:-} "$rt/$command" "$@"
)

# run_case [ARG...]: the case at hand, $command and $case, on its input, $input, if it has one.
run_case() {
    if [ -n "$input" ]; then
        sample "$command" "$case" "$@" "$input"
    else
        sample "$command" "$case" "$@" </dev/null
    fi
}

# has COMMAND OPTION: whether the command has that long option.
has() {
    "$1" --complete | cut -f 1 | grep -qx -e "--$2"
}

# sanitized: whether the commands were built with a sanitizer, which minds LD_PRELOAD and ulimit -v.
sanitized() {
    for binary in $commands; do
        nm "$rt/$binary" 2>/dev/null | grep -q __asan_init && return
    done
    return 1
}

# wrapped: whether the commands are run through another program, such as valgrind.
wrapped() {
    for binary in $commands; do
        [ "$(head -c 2 "$rt/$binary")" = '#!' ] && return
    done
    return 1
}

csv=$tests/all/csv

# build_fault: the library that makes calls fail, as $fault; 1 where it cannot be used here.
build_fault() {
    ! sanitized && ! wrapped && fault=$tmp/fault.so &&
        ${CC:-cc} -shared -fPIC -O1 -o "$fault" "$tests/all/fault.c"
}

[ -n "$commands" ] || fail "there are commands in $rt"
