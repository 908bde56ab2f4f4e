#!/bin/sh
# Two threads take every other block: nothing shows it, in many small blocks.
. "$(dirname "$0")/../lib.sh"
command=rt-nps
. "$tests/threads.sh"

rt-sim --table answers --customers 900 --seed 13 |
    awk -F , -v OFS=, 'NR == 1 { print $0, "channel"; next }
        { print $0, NR % 7 ? "c" NR % 3 : "a channel with a long name" }' >"$tmp/answers.csv"
sed 's/$/\r/' "$tmp/answers.csv" >"$tmp/returns.csv"
sed 's/,c1$/,"c,1"/' "$tmp/answers.csv" >"$tmp/quoted.csv"

for table in answers returns quoted; do
    same "$table" $table --by channel -v
    same "$table, all in one" $table --histogram
    same "$table, periods" $table --by channel --period month --compare
    same "$table, weeded out" $table --by channel --dedupe last -v
    same "$table, two columns" $table --by channel,customer_id --min-n 2
done
lines=$(wc -l <"$tmp/answers.csv")
for line in 2 40 $((lines / 2)); do
    awk -F , -v OFS=, -v line="$line" 'NR == line || NR == line + 30 { $3 = 11 } { print }' "$tmp/answers.csv" >"$tmp/bad.csv"
    fails "the first bad score, line $line" "bad.csv:$line: score: " rt-nps --block 400 "$tmp/bad.csv"
done
finish
