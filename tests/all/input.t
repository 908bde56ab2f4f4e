#!/bin/sh
# Of every command that reads tables: what is accepted gives the same result however it comes, and
# what is refused is named.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/samples.sh"

# Writes its input byte by byte.
byte_by_byte() {
    perl -e '$| = 1; while (read(STDIN, $byte, 1)) { print $byte }'
}

# same NAME [ARG...]: the case at hand prints the expected bytes, and nothing on stderr; stdin is
# what it is.
same() {
    what=$1
    shift
    sample "$command" "$case" "$@" >"$tmp/out" 2>"$tmp/err"
    status=$?
    is "$command $case: $what: exit status" 0 "$status"
    is "$command $case: $what: nothing on stderr" '' "$(cat "$tmp/err")"
    ok "$command $case: $what: same bytes" cmp "$tmp/expected" "$tmp/out"
}

# refused NAME PATTERN [ARG...]: as fails of lib.sh, of the case at hand.
refused() {
    what=$1
    pattern=$2
    shift 2
    fails "$command $case: $what" "$pattern" sample "$command" "$case" "$@"
}

closed() {
    "$@" <&-
}

# Each column in turn gets a name that nobody knows. Those that the command needs are missed by
# name, with the columns that are there, and the nearest one.
check_misspelt() {
    missed=0
    number=0
    for column in $("$csv" names <"$input"); do
        number=$((number + 1))
        "$csv" misspell "$number" <"$input" >"$tmp/misspelt.csv"
        sample "$command" "$case" "$tmp/misspelt.csv" >"$tmp/.out" 2>"$tmp/.err" && continue
        missed=$((missed + 1))
        refused "without $column" "${column}x" "$tmp/misspelt.csv"
        like "$command $case: without $column: says so" "(^|[^a-z_])$column([^a-z_]|\$)" \
            "$(cat "$tmp/.err")"
        is "$command $case: without $column: nothing on stdout" '' "$(cat "$tmp/.out")"
    done
    not_ok "$command $case: some column is needed" [ "$missed" -eq 0 ]
}

# Ways of the same bytes.
check_ways() {
    same 'on stdin' <"$input"
    same 'on stdin, by its name' - <"$input"
    same 'with stdin closed' "$input" <&-
    head -n 2 "$input" >"$tmp/first.csv"
    { head -n 1 "$input" && tail -n +3 "$input"; } >"$tmp/second.csv"
    same 'a file and stdin as one table' "$tmp/first.csv" - <"$tmp/second.csv"
}

check_forms() {
    byte_by_byte <"$input" >"$tmp/fifo" &
    same 'a byte at a time' "$tmp/fifo"
    # A command that never opened it would have the writer wait for ever.
    kill "$!" 2>"$tmp/.err"
    wait
    sed 's/$/\r/' "$input" >"$tmp/crlf.csv"
    same 'CRLF' "$tmp/crlf.csv"
    { printf '\357\273\277' && cat "$input"; } >"$tmp/bom.csv"
    same 'a byte order mark' "$tmp/bom.csv"
    printf '%s' "$(cat "$input")" >"$tmp/cut.csv"
    same 'no line end at the end' "$tmp/cut.csv"
    sed 's/$/\n/' "$input" >"$tmp/blank.csv"
    same 'empty lines' "$tmp/blank.csv"

    header=$(head -n 1 "$input")
    lines=$(wc -l <"$input")
    head -n $((lines / 2)) "$input" >"$tmp/first.csv"
    { echo "$header" && tail -n +$((lines / 2 + 1)) "$input"; } >"$tmp/second.csv"
    same 'two files as one table' "$tmp/first.csv" "$tmp/second.csv"
    "$csv" reverse <"$tmp/second.csv" >"$tmp/other.csv"
    refused 'headers that disagree' "other\\.csv:1: " "$tmp/first.csv" "$tmp/other.csv"
}

check_order_of_columns() {
    "$csv" reverse <"$input" >"$tmp/reversed.csv"
    sample "$command" "$case" "$tmp/reversed.csv" >"$tmp/out" 2>"$tmp/err"
    is "$command $case: reversed columns: nothing on stderr" '' "$(cat "$tmp/err")"
    is "$command $case: reversed columns: same result" "$("$csv" sorted <"$tmp/expected")" \
        "$("$csv" sorted <"$tmp/out")"
}

# Cells keep the form in which they came, so that here only what they mean is the same.
check_other_forms() {
    "$csv" quote <"$input" >"$tmp/quoted.csv"
    sample "$command" "$case" "$tmp/quoted.csv" >"$tmp/out" 2>"$tmp/err"
    is "$command $case: every field quoted: nothing on stderr" '' "$(cat "$tmp/err")"
    is "$command $case: every field quoted: same result" "$("$csv" fields <"$tmp/expected")" \
        "$("$csv" fields <"$tmp/out")"
    # -d is for every table that a command reads: a case with further tables says nothing here.
    grep -q '\.csv$' "$tests/$command/$case.args" 2>/dev/null && return
    "$csv" delimit ';' <"$input" >"$tmp/semicolon.csv"
    # -d is the delimiter of all tables, so those that the arguments name have it too.
    rm -rf "$tmp/semicolons"
    mkdir -p "$tmp/semicolons/$command"
    cp "$tests/$command"/*.args "$tmp/semicolons/$command/" 2>/dev/null
    for file in "$tests/$command"/*.csv; do
        "$csv" delimit ';' <"$file" >"$tmp/semicolons/$command/${file##*/}"
    done
    (
        tests=$tmp/semicolons
        sample "$command" "$case" -d ';' "$tmp/semicolon.csv"
    ) >"$tmp/out" 2>"$tmp/err"
    is "$command $case: -d: nothing on stderr" '' "$(cat "$tmp/err")"
    is "$command $case: -d: same result" "$("$csv" fields <"$tmp/expected")" \
        "$("$csv" fields ';' <"$tmp/out")"
}

# What cannot be read at all.
check_unreadable() {
    refused 'a missing file' 'absent\.csv: ' "$tmp/absent.csv"
    refused 'a missing second file' 'absent\.csv: ' "$input" "$tmp/absent.csv"
    refused 'a folder' 'folder: ' "$tmp/folder"
    fails "$command $case: stdin closed" "^$command: stdin" closed sample "$command" "$case"
}

# What only the last record tells.
refused_at_the_end() {
    lines=$(wc -l <"$input")
    { cat "$input" && echo x; } >"$tmp/narrow.csv"
    refused 'a short record at the end' "narrow\\.csv:$((lines + 1)): " "$tmp/narrow.csv"
}

check_refused() {
    : >"$tmp/empty.csv"
    refused 'empty input' "empty\\.csv:1: " "$tmp/empty.csv"
    header=$(head -n 1 "$input")
    lines=$(wc -l <"$input")
    { cat "$input" && printf '"%s\n' "$header"; } >"$tmp/open.csv"
    refused 'an open quote at the end' "open\\.csv:$((lines + 1)): " "$tmp/open.csv"
    { cat "$input" && printf '%s\000\n' "$(tail -n 1 "$input")"; } >"$tmp/nul.csv"
    refused 'NUL' "nul\\.csv:$((lines + 1)): " "$tmp/nul.csv"
    { cat "$input" && printf '%s\303\n' "$(tail -n 1 "$input")"; } >"$tmp/latin.csv"
    refused 'not UTF-8' "latin\\.csv:$((lines + 1)): " "$tmp/latin.csv"
    { cat "$input" && echo "$header,$header"; } >"$tmp/wide.csv"
    refused 'a wide record at the end' "wide\\.csv:$((lines + 1)): " "$tmp/wide.csv"
}

# Under valgrind and sanitizers each run takes its time: one command stands for what all share.
slow=
if wrapped || sanitized; then
    slow=yes
fi
mkdir "$tmp/folder"
mkfifo "$tmp/fifo"
for command in $commands; do
    for case in $(cases "$command"); do
        input=$(input_of "$command" "$case")
        [ -n "$input" ] || continue
        sample "$command" "$case" "$input" >"$tmp/expected" 2>"$tmp/err"
        is "$command $case: the sample: exit status" 0 $?
        is "$command $case: the sample: nothing on stderr" '' "$(cat "$tmp/err")"
        not_ok "$command $case: the sample: a result" [ ! -s "$tmp/expected" ]
        if [ -z "$slow" ] || [ "$command" = rt-profile ]; then
            check_ways
            check_forms
            check_misspelt
            check_unreadable
            check_refused
        fi
        check_order_of_columns
        check_other_forms
        refused_at_the_end
        head -n 1 "$input" >"$tmp/header.csv"
        if [ -f "$tests/$command/needs-rows" ]; then
            refused 'a header alone' . "$tmp/header.csv"
            continue
        fi
        sample "$command" "$case" "$tmp/header.csv" >"$tmp/out" 2>"$tmp/err"
        is "$command $case: a header alone: exit status" 0 $?
        is "$command $case: a header alone: nothing on stderr" '' "$(cat "$tmp/err")"
        is "$command $case: a header alone: a header" "$(head -n 1 "$tmp/expected")" \
            "$(head -n 1 "$tmp/out")"
    done
done
finish
