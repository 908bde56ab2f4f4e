#!/bin/sh
# Of every command: what is written is whole, or it does not look so.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/samples.sh"

# Runs with a stdout that nobody reads, SIGPIPE being `ignored` or `default`.
into_closed_pipe() {
    RUNNER="perl -e \$SIG{PIPE}=\"$1\";pipe(R,W);close(R);open(STDOUT,\">&W\");close(W);exec(@ARGV)" \
        run_case >"$tmp/out" 2>"$tmp/err"
}

# trouble NAME STATUS: after a run with stderr in $tmp/err.
trouble() {
    is "$command $case: $1: exit status" 2 "$2"
    is "$command $case: $1: one line on stderr" 1 "$(wc -l <"$tmp/err")"
    like "$command $case: $1: says who" "^$command: " "$(cat "$tmp/err")"
}

check_stdout() {
    run_case >/dev/full 2>"$tmp/err"
    trouble 'stdout is full' $?
    run_case >&- 2>"$tmp/err"
    trouble 'stdout is closed' $?
    into_closed_pipe IGNORE
    is "$command $case: closed pipe, SIGPIPE ignored: exit status" 2 $?
    is "$command $case: closed pipe, SIGPIPE ignored: silent" '' "$(cat "$tmp/err")"
    into_closed_pipe DEFAULT
    not_ok "$command $case: closed pipe: no success" [ $? -eq 0 ]
    is "$command $case: closed pipe: silent" '' "$(cat "$tmp/err")"
    run_case >"$tmp/out" 2>&-
    is "$command $case: stderr is closed: exit status" 0 $?
    ok "$command $case: stderr is closed: same bytes" cmp "$tmp/expected" "$tmp/out"
}

check_file() {
    mkdir "$tmp/new"
    run_case --output "$tmp/new/result" >"$tmp/out" 2>"$tmp/err"
    is "$command $case: -o: exit status" 0 $?
    is "$command $case: -o: nothing on stdout and stderr" '' "$(cat "$tmp/out" "$tmp/err")"
    ok "$command $case: -o: same bytes" cmp "$tmp/expected" "$tmp/new/result"
    is "$command $case: -o: the permissions of a new file" "$(umask 022 && touch "$tmp/new/plain" &&
        stat -c %a "$tmp/new/plain")" "$(umask 022 && rm "$tmp/new/result" &&
        run_case -o "$tmp/new/result" && stat -c %a "$tmp/new/result")"
    rm -f "$tmp/new/plain"

    echo before >"$tmp/new/result"
    (
        trap '' XFSZ
        ulimit -f 0
        run_case -o "$tmp/new/result" >/dev/null 2>&1
    )
    status=$?
    # Other programs around the command feel the limit as well.
    wrapped || is "$command $case: -o on a full disk: exit status" 2 "$status"
    is "$command $case: -o on a full disk: the old file stays" before "$(cat "$tmp/new/result")"
    is "$command $case: -o on a full disk: nothing else is left" result "$(ls "$tmp/new")"

    run_case -o "$tmp/absent/result" >"$tmp/out" 2>"$tmp/err"
    trouble '-o in a folder that is not there' $?
    run_case -o "$tmp/new" >"$tmp/out" 2>"$tmp/err"
    trouble '-o names a folder' $?
    rm -rf "$tmp/new"
}

# A command that is killed while it reads leaves the old file as it was.
check_killed() {
    mkdir "$tmp/new"
    echo before >"$tmp/new/result"
    # Open at both ends here, the pipe neither ends nor keeps anybody waiting, even where the command
    # is killed before it opens it. What is put in is less than what a pipe holds.
    mkfifo "$tmp/fifo"
    exec 3<>"$tmp/fifo"
    head -c 30000 "$input" >&3
    RUNNER='timeout 0.3' sample "$command" "$case" "$tmp/fifo" -o "$tmp/new/result" \
        >"$tmp/out" 2>&1 3>&-
    is "$command $case: killed" 124 $?
    exec 3>&-
    is "$command $case: killed: the old file stays" before "$(cat "$tmp/new/result")"
    rm -r "$tmp/new" "$tmp/fifo"
}

# An input so long that output has left before the last record, which is broken.
check_broken_end() {
    rows=$("$csv" rows <"$input")
    wanted=40000
    wrapped && wanted=500 # less, but not for hours
    "$csv" times $((wanted / (rows + 1) + 1)) <"$input" >"$tmp/long.csv"
    sample "$command" "$case" "$tmp/long.csv" >"$tmp/out" 2>"$tmp/err" || return
    lines=$(wc -l <"$tmp/long.csv")
    echo broken >>"$tmp/long.csv"
    fails "$command $case: a broken record far down" "long\\.csv:$((lines + 1)): " \
        sample "$command" "$case" "$tmp/long.csv"
    has "$command" output || return
    mkdir "$tmp/new"
    fails "$command $case: the same with -o" "long\\.csv:$((lines + 1)): " \
        sample "$command" "$case" "$tmp/long.csv" -o "$tmp/new/result"
    is "$command $case: the same with -o: no file" '' "$(ls "$tmp/new")"
    rm -r "$tmp/new"
}

for command in $commands; do
    for case in $(cases "$command"); do
        input=$(input_of "$command" "$case")
        run_case >"$tmp/expected" 2>"$tmp/err"
        is "$command $case: exit status" 0 $?
        is "$command $case: nothing on stderr" '' "$(cat "$tmp/err")"
        check_stdout
        has "$command" output && check_file
        [ -n "$input" ] || continue
        [ "$case" = sample ] && has "$command" output && check_killed
        check_broken_end
    done
done
finish
