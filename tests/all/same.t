#!/bin/sh
# Of every command: same bytes in, same bytes out, whatever the surroundings, scanner and threads.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/samples.sh"

same() {
    what=$1
    shift
    "$@" >"$tmp/out" 2>"$tmp/err"
    is "$command $case: $what: nothing on stderr" '' "$(cat "$tmp/err")"
    ok "$command $case: $what: same bytes" cmp "$tmp/expected" "$tmp/out"
}

check_surroundings() {
    same 'a second time' run_case
    RUNNER='env -i' same 'an empty environment' run_case
    RUNNER='env LC_ALL=de_DE.UTF-8 LANG=tr_TR.UTF-8 LANGUAGE=tr TZ=Pacific/Apia POSIXLY_CORRECT=1' \
        same 'another locale and time zone' run_case
}

for command in $commands; do
    for case in $(cases "$command"); do
        input=$(input_of "$command" "$case")
        run_case >"$tmp/expected" 2>/dev/null
        wrapped || check_surroundings
        if [ -n "$input" ] && has "$command" scanner; then
            for scanner in auto portable off; do
                same "scanner $scanner" run_case --scanner "$scanner"
            done
        fi
        if has "$command" threads; then
            for threads in 1 2; do
                same "threads $threads" run_case --threads "$threads"
            done
            same 'threads 2, scanner off' run_case --threads 2 --scanner off
        fi
    done
    # What draws on terminals has one question to the environment: NO_COLOR.
    asks='|getenv'
    has "$command" color && asks=
    if wrapped; then
        skip "$command asks for no locale, clock or environment" 'the commands are wrapped'
    else
        is "$command asks for no locale, clock or environment" '' "$(nm -D "$rt/$command" |
            grep -Ew "(setlocale$asks|time|gettimeofday|localtime|mktime|strptime|strcoll|rand)" |
            grep -v __interceptor)"
    fi
done
finish
