#!/bin/sh
# rt-cohort: bad options and bad input, named before any output.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/in.csv" <<'END'
customer_id,date,amount,event,channel
a,2024-01-05,1.50,purchase,web
b,2024-02-29,2,signup,shop
a,2024-03-01,x,visit,shop
END
sed 's/,x,/,3,/' "$tmp/in.csv" >"$tmp/good.csv"
# shellcheck disable=SC2317 # called by fails
run() {
    rt-cohort "$@" "$tmp/good.csv"
}
fails 'an amount that is none' '^rt-cohort: .*in.csv:4: amount: not a number$' \
    rt-cohort "$tmp/in.csv"
fails 'a period that is none' '^rt-cohort: --cohort: ' run --cohort months
fails 'no days' '^rt-cohort: --age: ' run --age 0d
fails 'a mode that is none' '^rt-cohort: --mode: ' run --mode unbounded
for mode in bracket= bracket=7-0 bracket=1,,2 bracket=1-x bracket=-1 bracket=1,1-1 bracket=12345678; do
    fails "--mode $mode" '^rt-cohort: --mode: ' run --mode "$mode"
done
fails 'weeks start on Mondays or Sundays' '^rt-cohort: --week: ' run --week tuesday
fails 'unknown column of --by' '^rt-cohort: .*chanel.*channel' run --by chanel
fails 'a column that metric rows have' '^rt-cohort: --by: age ' run --by age
fails 'unknown column of --sum' '^rt-cohort: .*amunt.*amount' run --sum amunt
fails 'a sum of texts' '^rt-cohort: .*good.csv:2: channel: not a number$' run --sum channel
fails 'sums of recurring cohorts' '^rt-cohort: --sum: .*--recurring' run --sum amount --recurring
fails 'cumulative what' '^rt-cohort: --cumulative: needs --sum' run --cumulative
fails 'cumulative brackets' '^rt-cohort: --cumulative: ' run --cumulative --sum amount --mode bracket=0-7
fails '--zero of brackets' '^rt-cohort: --zero: ' run --zero --mode bracket=0-7
fails 'a wrong event: those found are listed' \
    '^rt-cohort: --start: .*sign-up; found: purchase, signup, visit$' run --start sign-up
fails 'a wrong return: those found are listed' \
    '^rt-cohort: --return: .*order; found: purchase, signup, visit$' run --return order
fails 'no purchases at all' '^rt-cohort: --start: .*purchase; found: visit$' \
    sh -c "sed 's/purchase/visit/; s/signup/visit/' '$tmp/good.csv' | rt-cohort"
fails 'events without a column event' '^rt-cohort: .*event' \
    sh -c "cut -d , -f 1-3 '$tmp/good.csv' | rt-cohort --start signup"
for conf in 95 0% 100% x; do
    fails "--conf $conf" '^rt-cohort: --conf: ' run --conf "$conf"
done
for list in cohort=2024-13 cohort=2024-W01 cohort=2024-01,age=x age=1 cohort=2024-01,age=01 \
    cohort=2024-01,cohort=2024-02 cohort=all cohort=2024-01,ages=1; do
    fails "--list $list" '^rt-cohort: --list: ' run --list "$list"
done
fails 'a cell that is not reached' '^rt-cohort: --list: .*reached' run --list cohort=2024-01,age=2
fails 'a cohort without customers' '^rt-cohort: --list: .*no customers' run --list cohort=2023-12
printf 'customer_id,date,amount\n' >"$tmp/large.csv"
yes c,2024-01-01,9223372036854775807 | head -n 40 >>"$tmp/large.csv"
echo c,2024-01-01,0.000000000000000001 >>"$tmp/large.csv"
fails 'a sum that does not fit' '^rt-cohort: .*large.csv:42: amount: .*digits' \
    rt-cohort --sum amount "$tmp/large.csv"
fails 'the same from a pipe' '^rt-cohort: --sum: .*digits' \
    sh -c "cat '$tmp/large.csv' | rt-cohort --sum amount"
: >"$tmp/empty.csv"
fails 'an empty file' '^rt-cohort: .*empty.csv:1: ' rt-cohort "$tmp/empty.csv"
printf 'customer_id,date\na,2024-01-05\n' >"$tmp/early.csv"
fails 'an as-of date before all rows' '^rt-cohort: --as-of: all rows are of a later date$' \
    rt-cohort --as-of 2014-01-05 "$tmp/early.csv"
printf 'customer_id,date\n' >"$tmp/none.csv"
ok 'a table without rows is no trouble' rt-cohort --as-of 2014-01-05 "$tmp/none.csv"
finish
