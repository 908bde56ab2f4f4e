#!/bin/sh
# rt-churn: bad options and bad input, named before any output.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/in.csv" <<'END'
customer_id,date,amount,channel
1,2024-01-01,1.50,a
2,2024-02-30,2.00,b
END
# shellcheck disable=SC2317 # called by fails
run() {
    rt-churn "$@" "$tmp/in.csv"
}
fails 'unknown column of --by' '^rt-churn: .*chanel.*channel' run --by chanel
fails 'a column twice in --by' '^rt-churn: --by: channel .*twice' run --by channel,channel
fails 'a column that metric rows have' '^rt-churn: --by: period ' run --by period
for period in '' fortnight 0d 030d d 100000d Month; do
    fails "--period '$period'" '^rt-churn: --period: ' run "--period=$period"
done
for idle in -1 1.5 x 100000 ''; do
    fails "--idle '$idle'" '^rt-churn: --idle: ' run "--idle=$idle"
done
fails '--conf' '^rt-churn: --conf: ' run --conf 95
fails 'a day that is none: file, line and column, not the value' '^rt-churn: .*in.csv:3: date: [^0-9]*$' run
printf 'customer_id,date\n1,2024-01-01\n2,2024-01-01\n' >"$tmp/once.csv"
fails 'auto without a gap' '^rt-churn: --idle: auto needs ' rt-churn --idle auto "$tmp/once.csv"
{ echo customer_id,date,amount; echo 1,2024-01-01,0.000000000000000001
    yes 1,2024-01-01,9223372036854775807 | head -n 10; } >"$tmp/large.csv"
fails 'sums that do not fit' '^rt-churn: .*large.csv:[0-9]+: amount: .*digits' rt-churn "$tmp/large.csv"
printf 'customer_id,date\na,2024-01-05\n' >"$tmp/early.csv"
fails 'an as-of date before all rows' '^rt-churn: --as-of: all rows are of a later date$' \
    rt-churn --as-of 2014-01-05 "$tmp/early.csv"
printf 'customer_id,date\n' >"$tmp/none.csv"
ok 'a table without rows is no trouble' rt-churn --as-of 2014-01-05 "$tmp/none.csv"
finish
