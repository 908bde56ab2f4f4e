#!/bin/sh
# Two threads have half of the customers each: nothing shows it, in many small blocks.
. "$(dirname "$0")/../lib.sh"
command=rt-cohort
. "$tests/threads.sh"

rt-sim --customers 700 --seed 12 --refunds 5 --channels web,shop >"$tmp/dated.csv"
rt-sim --customers 700 --seed 12 --refunds 5 --channels web,shop --order shuffled --quoted 30 >"$tmp/shuffled.csv"

for log in dated shuffled; do
    same "$log" $log
    same "$log, weeks and days" $log --cohort week --age day -v
    same "$log, rolling" $log --mode rolling
    same "$log, brackets" $log --mode bracket=0-1,2-5
    same "$log, recurring" $log --recurring
    same "$log, as-of" $log --as-of 2023-09-30 -v
    same "$log, sums" $log --sum amount
    same "$log, groups" $log --by channel
done
line=$(($(wc -l <"$tmp/dated.csv") / 2))
sed "${line}s/,20/,x20/; $((line + 7))s/,20/,x20/" "$tmp/dated.csv" >"$tmp/bad.csv"
fails 'the first date that is none' "bad.csv:$line: date: " rt-cohort --block 500 "$tmp/bad.csv"
finish
