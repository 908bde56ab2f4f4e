#!/bin/sh
# Two threads have half of the customers each: nothing shows it, in many small blocks.
. "$(dirname "$0")/../lib.sh"
command=rt-profile
. "$tests/threads.sh"

rt-sim --customers 700 --seed 11 --refunds 5 --quoted 20 --lines 2 >"$tmp/dated.csv"
rt-sim --customers 700 --seed 11 --refunds 5 --order shuffled >"$tmp/shuffled.csv"
sed 's/$/\r/' "$tmp/shuffled.csv" >"$tmp/returns.csv"

for log in dated shuffled returns; do
    same "$log" $log
    same "$log, rows" $log --occasion row -v
    same "$log, holdout" $log --split 2023-12-31 -v
    same "$log, as-of" $log --as-of 2023-06-30 -v
done
same 'orders' dated --occasion order
is 'lines come in order of first appearance' "$(tail -n +2 "$tmp/shuffled.csv" | cut -d , -f 1 | awk '!seen[$0]++')" \
    "$(rt-profile --block 500 "$tmp/shuffled.csv" | tail -n +2 | cut -d , -f 1)"

# Of two rows that are wrong, the first is told, whichever thread finds which: sums that do not fit
# are found while counting, one per half at least, a date while parsing, a quote while splitting.
awk -F , -v OFS=, 'NR > 1 { $3 = "9000000000000000000" } { print }' "$tmp/shuffled.csv" >"$tmp/sums.csv"
first=$(tail -n +2 "$tmp/sums.csv" | awk -F , 'seen[$1]++ { print NR + 1; exit }')
fails 'the first sum that does not fit' "sums.csv:$first: amount: more digits" rt-profile --block 500 "$tmp/sums.csv"
for line in 2 300 $((first - 1)) $((first + 1)) $((first + 40)); do
    named=$((line < first ? line : first))
    sed "${line}s/,20/,x20/" "$tmp/sums.csv" >"$tmp/date.csv"
    fails "a date on line $line" "date.csv:$named: " rt-profile --block 500 "$tmp/date.csv"
    sed "${line}s/^/x\"/" "$tmp/sums.csv" >"$tmp/quote.csv"
    fails "a quote on line $line" "quote.csv:$named: " rt-profile --block 500 "$tmp/quote.csv"
done
finish
