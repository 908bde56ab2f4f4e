#!/bin/sh
# Streams of huge inputs, in bounded memory. Scaled down to seconds; HUGE=1 runs them at full size
# (hours, and 70 GB through a pipe).

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/samples.sh"

generator=$shared/torture/gen-huge.py
full=${HUGE:-}
if [ ! -f "$generator" ] || [ ! -x "$rt/rt-profile" ] || ! command -v python3 >/dev/null; then
    skip 'huge inputs' 'no generator beside the project, no python3, or no rt-profile'
    finish
fi

# read_huge CASE SCALE MEMORY: the profile of a case, with $options, MEMORY the KiB of address space
# that it may take.
options=
read_huge() {
    # shellcheck disable=SC3045 # every sh that matters has ulimit -v
    python3 "$generator" "$1" "${full:-$2}" | (
        sanitized || wrapped || ulimit -v "$3"
        # shellcheck disable=SC2086 # options are words
        exec rt-profile --occasion row --map date=order_date $options
    ) >"$tmp/out" 2>"$tmp/err"
    status=$?
}

# refuses CASE SCALE LINE
refuses() {
    read_huge "$1" "$2" 300000
    is "$1: exit status" 2 "$status"
    like "$1: names line $3" ":$3: " "$(cat "$tmp/err")"
    is "$1: nothing on stdout" '' "$(head -c 100 "$tmp/out")"
}

# counts CASE SCALE MEMORY ROWS SUM CUSTOMERS
counts() {
    read_huge "$1" "$2" "$3"
    is "$1: nothing on stderr" '' "$(cat "$tmp/err")"
    is "$1: exit status" 0 "$status"
    is "$1: rows, sum, customers" "$4 $5 $6" "$("$csv" profile <"$tmp/out")"
}

now() {
    date +%s%N
}

refuses field-1g 0.02 2
refuses unterminated-1g 0.02 2
refuses quotes-1g 0.02 2
refuses cols-2m 1 1
refuses cr-1g 0.02 1
refuses nul-1g 0.02 3
refuses digits-16m 1 2
counts blank-1g 0.05 300000 0 0 0
if [ -n "$full" ]; then
    counts rows-100m 1 300000 100000000 1000000 1000
    counts rows-2p32 1 300000 4294967297 4294967297 1
    counts alternate-10m 1 300000 10000000 10000000 2
    refuses late-bad-5g 1 282563639
    read_huge ids-20m 1 1048576
    like 'ids-20m: the right answer or a clear error' '^(0|2 .*memory.*)$' "$status$(sed 's/^/ /' "$tmp/err")"
else
    counts rows-100m 0.01 300000 1000000 10000 1000
    options='--scanner off --threads 2'
    counts rows-100m 0.01 150000 1000000 10000 1000
    options=
    counts alternate-10m 0.05 300000 500000 500000 2
    counts ids-20m 0.005 300000 100000 100000 100000
    read_huge late-bad-5g 0.002 300000
    like 'late-bad-5g: names the last line' ':[0-9]{6}: amount: ' "$(cat "$tmp/err")"
    is 'late-bad-5g: nothing on stdout' '' "$(head -c 100 "$tmp/out")"
    if sanitized || wrapped; then
        skip 'ids-20m in too little memory: a clear error' 'no limit is set on these commands'
    else
        read_huge ids-20m 0.1 80000
        like 'ids-20m in too little memory: a clear error' '^2 .*memory' "$status$(sed 's/^/ /' "$tmp/err")"
    fi
fi

# Ids that collide under well-known hashes cost no more than others.
start=$(now)
counts ids-rand-131k 1 300000 131072 1310.72 131072
usual=$(($(now) - start))
for case in collide31-131k collide33-131k; do
    start=$(now)
    counts "$case" 1 300000 131072 1310.72 131072
    ok "$case: at most three times the time of other ids" \
        [ $(($(now) - start)) -le $((3 * usual + 200000000)) ]
done
finish
