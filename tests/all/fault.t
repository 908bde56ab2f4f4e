#!/bin/sh
# Of every command: each allocation, read, write, open and close fails in turn, once and for ever.
# What comes of it is the same result or a clear message: no crash, no hang, nothing half done.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/samples.sh"

# Runs the case at hand with one fault; prints what is wrong with what came of it.
try() {
    rm -rf "$tmp/new" "$tmp/mark"
    mkdir "$tmp/new"
    RUNNER="timeout 20 env FAULT=$1 FAULT_MARK=$tmp/mark LD_PRELOAD=$fault"
    shift
    run_case "$@" >"$tmp/out" 2>"$tmp/err"
    status=$?
    RUNNER=''
    result=$tmp/out
    [ $# -gt 0 ] && result=$tmp/new/result
    case $status in
    0)
        cmp -s "$tmp/expected" "$result" || echo 'success with another result'
        [ ! -s "$tmp/err" ] || echo 'success with a message'
        ;;
    2)
        [ "$(wc -l <"$tmp/err")" -eq 1 ] || echo 'not one line on stderr'
        grep -q "^$command: " "$tmp/err" || echo 'the message does not say who'
        [ ! -s "$tmp/out" ] || [ "$(tail -n 1 "$tmp/out" | cut -c 1)" = '"' ] || echo 'half a result'
        [ -z "$(ls "$tmp/new")" ] || echo 'a file is left'
        ;;
    *) echo "exit status $status" ;;
    esac
}

# Walks through the calls of one kind until a run makes no more of them. Far out the steps grow.
walk() {
    kind=$1
    ever=$2
    shift 2
    at=1
    wrong=
    while :; do
        found=$(try "$kind:$at$ever" "$@")
        [ -z "$found" ] || wrong="$wrong$kind:$at$ever: $found ($(head -n 1 "$tmp/err"))
"
        [ -e "$tmp/mark" ] || break
        at=$((at + 1 + at / 50))
    done
    is "$command $case: $kind fails${1:+ with $1}${ever:+ for ever}" '' "$wrong"
    not_ok "$command $case: $kind${1:+ with $1}: there is one to fail" [ "$at" -eq 1 -a "$kind" != open ]
}

if build_fault; then
    for command in $commands; do
        for case in $(cases "$command"); do
            input=$(input_of "$command" "$case")
            run_case >"$tmp/expected"
            is "$command $case: reads and writes of one byte" '' "$(try short:0)"
            is "$command $case: calls that are interrupted" '' "$(try interrupt:0)"
            for ever in '' :forever; do
                walk memory "$ever"
                [ -n "$input" ] && walk read "$ever"
                walk write "$ever"
                has "$command" output || continue
                walk open "$ever" -o "$tmp/new/result"
                walk write "$ever" -o "$tmp/new/result"
                walk close "$ever" -o "$tmp/new/result"
            done
        done
    done
else
    skip 'calls that fail' 'the commands are built with a sanitizer or wrapped'
fi
finish
