#!/bin/sh
# Two threads have a part of the customers each: nothing shows it, in many small blocks.
. "$(dirname "$0")/../lib.sh"
command=rt-churn
. "$tests/threads.sh"

rt-sim --customers 700 --seed 14 --refunds 5 --channels web,shop >"$tmp/dated.csv"
rt-sim --customers 700 --seed 14 --refunds 5 --channels web,shop --order shuffled --quoted 30 >"$tmp/shuffled.csv"

for log in dated shuffled; do
    same "$log" $log -v
    same "$log, auto" $log --idle auto -v
    same "$log, weeks" $log --period week --idle 30
    same "$log, as-of" $log --as-of 2023-09-30 -v
    same "$log, groups" $log --by channel
    same "$log, list" $log --list --period quarter
    same "$log, nothing up to then" $log --as-of 1999-01-01
done
head -1 "$tmp/dated.csv" >"$tmp/empty.csv"
same 'no rows' empty

# A sum that does not fit is told of the row with which it does not, in any thread; and where
# it fits, as refunds come in between, it does also where the purchases of a part alone would not.
awk 'BEGIN { print "customer_id,date,amount"
    for (i = 1; i <= 40; i++) print "C" i ",2024-01-01," (i == 3 ? "1.123456789012345678" : "9000000000000000000") }' \
    >"$tmp/large.csv"
same 'sums that are too large' large
like 'a row is named' 'large.csv:[0-9]+: amount: more digits' "$(rt-churn --block 64 "$tmp/large.csv" 2>&1)"
awk 'BEGIN { print "customer_id,date,amount"
    for (i = 0; i < 30; i++) print "C" i ",2024-01-01," (i == 0 ? "1.123456789012345678" : "1.00")
    for (i = 0; i < 300; i++) print "C" i * 7 % 30 ",2024-01-02," (i % 2 ? "-" : "") "9000000000000000000" }' \
    >"$tmp/cancel.csv"
ok 'sums that refunds cancel fit' rt-churn --threads 1 "$tmp/cancel.csv"
is 'in two threads too' "$(rt-churn --threads 1 "$tmp/cancel.csv")" "$(rt-churn --block 200 "$tmp/cancel.csv")"
finish
