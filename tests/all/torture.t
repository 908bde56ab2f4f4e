#!/bin/sh
# The corpus of files that must pass and files that must be refused, each by name, on stdin,
# through a pipe and in reads of one byte, with every scanner, on one thread and two.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/samples.sh"

corpus=$shared/torture
build_fault || fault=

# read_file WAY [OPTION...]: the file at hand read by the command at hand.
read_file() {
    way=$1
    shift
    # shellcheck disable=SC2086 # options are words
    case $way in
    name) "$command" $options "$@" "$path" ;;
    stdin) "$command" $options "$@" <"$path" ;;
    pipe) "$command" $options "$@" <"$tmp/fifo" ;;
    bytes) env FAULT=short:0 ${fault:+LD_PRELOAD="$fault"} "$command" $options "$@" "$path" ;;
    esac >"$tmp/out" 2>"$tmp/err"
    status=$?
}

# What is wrong with a run on a file that must pass.
check_accepted() {
    [ "$status" -eq 0 ] || echo "exit status $status: $(cat "$tmp/err")"
    [ ! -s "$tmp/err" ] || echo 'something on stderr'
    cmp -s "$tmp/expected" "$tmp/out" || echo 'not the bytes of the first run'
}

# And on one that must be refused.
check_refused() {
    [ "$status" -eq 2 ] || echo "exit status $status"
    [ "$(wc -l <"$tmp/err")" -eq 1 ] || echo 'not one line on stderr'
    grep -q ":$line: " "$tmp/err" || echo "line $line is not named: $(cat "$tmp/err")"
    [ -z "$(tr -d '\n' <"$tmp/err" | tr -d '\040-\176\200-\377')" ] || echo 'control bytes on stderr'
    [ ! -s "$tmp/out" ] || [ "$(tail -n 1 "$tmp/out" | cut -c 1)" = '"' ] || echo 'a result on stdout'
}

try_all_ways() {
    for setting in '--scanner auto' '--scanner portable' '--scanner off' '--threads 1' '--threads 2'; do
        has_setting "$setting" || continue
        for way in $ways; do
            [ "$way" = pipe ] && { cat "$path" >"$tmp/fifo" & } 2>/dev/null
            # shellcheck disable=SC2086 # an option and its value
            read_file "$way" $setting
            "$1" | sed "s/^/$way $setting: /"
        done
    done
    wait
}

has_setting() {
    case " $settings " in *" ${1% *} "*) ;; *) return 1 ;; esac
}

passes() {
    read_file name
    cp "$tmp/out" "$tmp/expected"
    if [ "$also" = error ] && [ "$status" -eq 2 ]; then
        line='[0-9]*'
        is "$file: refused in every way" '' "$(try_all_ways check_refused)"
        return
    fi
    is "$file: accepted in every way" '' "$(try_all_ways check_accepted)"
    sum=$(printf 'x\n%s\n' "$sum" | "$csv" sum x)
    # shellcheck disable=SC2086 # options are words
    counted=$("$command" -v $options "$path" 2>&1 >/dev/null | sed -n 's/.*: \([0-9]*\) rows read.*/\1/p')
    is "$file: rows, sum, customers" "$rows $sum $customers" \
        "$counted $("$csv" sum revenue <"$tmp/expected") $("$csv" rows <"$tmp/expected")"
}

# Scores are judged by the command for surveys, everything else by the profile.
set_command() {
    command=rt-profile
    options='--occasion row --map date=order_date'
    [ "$kind" = survey ] || return
    options='--occasion row --map amount=score'
    [ "$expected" = error ] && [ "$basis" = H10 ] || return
    command=rt-nps
    options=
}

if [ ! -d "$corpus" ] || [ ! -x "$rt/rt-profile" ]; then
    skip 'the torture corpus' "no corpus beside the project, or no rt-profile"
    finish
fi
mkfifo "$tmp/fifo"
# With a sanitizer, which takes its time, those that differ most.
ways='name stdin pipe bytes'
sanitized && ways='name bytes'
settings=$(rt-profile --complete | awk '{ printf "%s ", $1 }')
"$csv" fields <"$corpus/manifest.csv" | tail -n +2 | tr '\t' '|' >"$tmp/manifest"
exec 3<"$tmp/manifest"
while IFS='|' read -r file kind _ basis expected rows sum customers line also _ <&3; do
    path=$corpus/$file
    set_command
    if [ ! -x "$rt/$command" ]; then
        skip "$file" "no $command"
    elif [ "$expected" = ok ]; then
        passes
    else
        is "$file: refused in every way" '' "$(try_all_ways check_refused)"
    fi
done
rt-profile --map date=order_date "$corpus/j07-error-leaks-id.csv" 2>"$tmp/err"
is 'a message tells no id' '' "$(grep @ "$tmp/err")"
finish
