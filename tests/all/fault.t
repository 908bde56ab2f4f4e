#!/bin/sh
# Of every command: each allocation, read, write, open, close, sync and rename fails in turn, once
# and for ever.
# What comes of it is the same result or a clear message: no crash, no hang, nothing half done.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/samples.sh"

# One line, which says who.
check_message() {
    {
        IFS= read -r message || message=
        ! IFS= read -r _ || echo 'more than one line on stderr'
    } <"$tmp/err"
    case $message in
    "$command: "*) ;;
    *) echo "the message does not say who: $message" ;;
    esac
}

# Runs the case at hand with one fault; prints what is wrong with what came of it. This is done
# thousands of times: the fewer processes, the better.
try() {
    [ ! -e "$tmp/mark" ] || rm "$tmp/mark"
    RUNNER="env FAULT=$1 FAULT_MARK=$tmp/mark LD_PRELOAD=$fault"
    shift
    run_case "$@" >"$tmp/out" 2>"$tmp/err"
    status=$?
    RUNNER=''
    result=$tmp/out
    [ $# -eq 0 ] || result=$tmp/new/result
    case $status in
    0)
        cmp -s "$tmp/expected" "$result" || echo 'success with another result'
        [ ! -s "$tmp/err" ] || echo 'success with a message'
        ;;
    2)
        check_message
        [ ! -s "$tmp/out" ] || [ "$(tail -n 1 "$tmp/out" | cut -c 1)" = '"' ] || echo 'half a result'
        [ $# -eq 0 ] || [ -z "$(ls "$tmp/new")" ] || echo 'a file is left'
        ;;
    *) echo "exit status $status" ;;
    esac
    [ $# -eq 0 ] || rm -f "$tmp"/new/*
}

# Walks through the calls of one kind until a run makes no more of them.
walk() {
    kind=$1
    ever=$2
    shift 2
    at=1
    wrong=
    while :; do
        try "$kind:$at$ever" "$@" >"$tmp/found"
        [ ! -s "$tmp/found" ] || wrong="$wrong$kind:$at$ever: $(cat "$tmp/found")
"
        [ -e "$tmp/mark" ] || break
        at=$((at + 1))
    done
    is "$command $case: $kind fails${1:+ with $1}${ever:+ for ever}" '' "$wrong"
    not_ok "$command $case: $kind${1:+ with $1}: there is one to fail" [ "$at" -eq 1 -a "$kind" != open ]
}

mkdir "$tmp/new"
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
                walk sync "$ever" -o "$tmp/new/result"
                walk rename "$ever" -o "$tmp/new/result"
            done
        done
    done
else
    skip 'calls that fail' 'the commands are built with a sanitizer or wrapped'
fi
finish
