#!/bin/sh
# rt-backtest: bad options and bad input, named before any output.
. "$(dirname "$0")/../lib.sh"
sample=$tests/rt-backtest/sample.csv
for conf in 95 1 0% 100% x; do
    fails "--conf $conf" '^rt-backtest: --conf: ' rt-backtest --conf "$conf" "$sample"
done
fails 'unknown column of --by' "no column 'chanel'.*channel" rt-backtest --by chanel "$sample"
fails 'a column that metric rows have' '^rt-backtest: --by: ' rt-backtest --by value "$sample"
# without COLUMNS...: the sample without these.
without() {
    list=$(printf '%s|' "$@")
    awk -F, -v OFS=, -v gone="|$list" '
        NR == 1 { for (i = 1; i <= NF; i++) if (index(gone, "|" $i "|") > 0) $i = "no_" $i }
        { print }' "$sample" >"$tmp/in.csv"
}
without x_star
fails 'no holdout' "in.csv:1: no column 'x_star'" rt-backtest "$tmp/in.csv"
without recency_days
fails 'no recency' "in.csv:1: no column 'recency_days'" rt-backtest "$tmp/in.csv"
without p_alive expected_orders expected_spend
fails 'no predictions' "in.csv:1: no column 'p_alive'" rt-backtest "$tmp/in.csv"
without expected_orders
fails 'spend without orders' "in.csv:1: no column 'expected_orders'" rt-backtest "$tmp/in.csv"
without revenue_star
fails 'spend without what was spent' "in.csv:1: no column 'revenue_star'" rt-backtest "$tmp/in.csv"
# cell NAME PATTERN OLD NEW: the second line of the sample with another cell.
cell() {
    sed "2s/$3/$4/" "$sample" >"$tmp/in.csv"
    fails "$1" "$2" rt-backtest "$tmp/in.csv"
}
cell 'a count below 0' 'in.csv:2: x_star: not a whole number' ',2,41' ',-2,41'
cell 'no count' 'in.csv:2: x_star: not a whole number' ',2,41' ',,41'
cell 'recency that is none' 'in.csv:2: recency_days: not a whole number' ',3,2' ',x,2'
cell 'a probability above 1' 'in.csv:2: p_alive: not a probability' 0.91 1.01
cell 'orders below 0' 'in.csv:2: expected_orders: not a number from 0' 1.75 -1
cell 'spend that is none' 'in.csv:2: expected_spend: not a number from 0' 20.5 nan
cell 'revenue that is none' 'in.csv:2: revenue_star: not a number' 41.00 41x
finish
