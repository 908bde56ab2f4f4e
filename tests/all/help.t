#!/bin/sh
# Of every command: help, version, mistakes on the command line, and that it is complete.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/samples.sh"

for command in $commands; do
    is "$command has a folder of tests" yes "$([ -d "$tests/$command" ] && echo yes)"
    is "$command has a page" yes "$([ -f "$top/man/$command.1" ] && echo yes)"
    is "$command has a sample" yes "$([ -n "$(cases "$command")" ] && echo yes)"

    "$command" --help >"$tmp/help" 2>"$tmp/err"
    is "$command --help succeeds" 0 $?
    is "$command --help: nothing on stderr" '' "$(cat "$tmp/err")"
    like "$command --help: first line" "^Usage: $command \\[OPTION\\]" "$(head -n 1 "$tmp/help")"
    is "$command -h is --help" "$(cat "$tmp/help")" "$("$command" -h)"
    missing=
    "$command" --complete >"$tmp/options" || missing='(--complete failed)'
    # shellcheck disable=SC2013 # words are lines here
    for option in $(cut -f 1 "$tmp/options"); do
        grep -Eq -e "(^|[ ,])$option( |\$)" "$tmp/help" || missing="$missing $option"
    done
    is "$command --help names every option" '' "$missing"
    not_ok "$command --help: a full disk is trouble" sh -c "$command --help >/dev/full 2>&1"
    not_ok "$command --help: so is a closed stdout" sh -c "$command --help >&- 2>&1"

    like "$command --version" "^$command \\(retain\\) [0-9]+\\.[0-9]+\\.[0-9]+\$" \
        "$("$command" --version 2>&1)"
    is "$command -V is --version" "$("$command" --version)" "$("$command" -V)"

    fails "$command: unknown option" "^$command: .*no-such-option" "$command" --no-such-option
    fails "$command: unknown letter" "^$command: .*~" "$command" -~
    option=$(awk -F '\t' '$3 != "" { last = $1 } END { print last }' "$tmp/options")
    fails "$command: $option without its value" "^$command: .*$option" "$command" "$option"
    fails "$command: a value for a flag" "^$command: .*--help" "$command" --help=yes
done
finish
