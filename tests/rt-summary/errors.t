#!/bin/sh
# rt-summary: bad options and bad input, named before any output.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/in.csv" <<'END'
customer_id,segment,revenue,aov
1,a,1.50,1.5
2,"b
c",2.00,x
END
# shellcheck disable=SC2317 # called by fails
run() {
    rt-summary "$@" "$tmp/in.csv"
}
fails 'unknown column of --by' '^rt-summary: .*segmnt.*segment' run --by segmnt
fails 'unknown column of --stat' '^rt-summary: .*avo' run --stat mean:avo
fails 'unknown column of --matrix' '^rt-summary: .*prev_segment' run --matrix prev_segment,segment
fails 'unknown statistic' '^rt-summary: --stat: .*median' run --stat mode:aov
fails 'no column' '^rt-summary: --stat: .*FUNCTION:COLUMN' run --stat mean
fails 'p100' '^rt-summary: --stat: ' run --stat p100:aov
fails 'a statistic twice' '^rt-summary: --stat: .*twice' run --stat mean:aov,mean:aov
fails 'a column twice in --by' '^rt-summary: --by: segment .*twice' run --by segment,segment
fails '--by and --matrix overlap' '^rt-summary: --matrix: segment ' run --by segment --matrix aov,segment
fails 'a column that metric rows have' '^rt-summary: --by: value ' run --by value
fails 'three columns of movement' '^rt-summary: --matrix: ' run --matrix a,b,c
fails 'statistics of movement' '^rt-summary: --matrix: ' run --matrix a,b --stat mean:aov
for conf in 95 1 0% 100% x 95%%; do
    fails "--conf $conf" '^rt-summary: --conf: ' run --conf "$conf"
done
for digits in -2 18 x 1.5; do
    fails "--digits $digits" '^rt-summary: --digits: ' run "--digits=$digits"
done
fails 'a cell that is no number: file, line and column, not the value' \
    '^rt-summary: .*in.csv:3: aov: not a number$' run --stat mean:aov
printf 'revenue\n1\n1.5.2\n' >"$tmp/revenue.csv"
fails 'revenue that is no number' '^rt-summary: .*revenue.csv:3: revenue: not a number$' \
    rt-summary "$tmp/revenue.csv"
printf 'revenue\n1.0000000000000000001\n' >"$tmp/long.csv"
fails 'revenue is never rounded' '^rt-summary: .*long.csv:2: revenue: .*digits' \
    rt-summary "$tmp/long.csv"
is 'a real with more places than fit is rounded' 1 \
    "$(printf 'p\n1.0000000000000000001\n' | rt-summary --stat mean:p --digits 0 |
        grep '^mean' | cut -d, -f 4)"
printf 'revenue\n' >"$tmp/large.csv"
yes 9223372036854775807 | head -n 40 >>"$tmp/large.csv"
echo 0.000000000000000001 >>"$tmp/large.csv"
fails 'a sum that does not fit' '^rt-summary: .*large.csv:42: revenue: .*large' \
    rt-summary "$tmp/large.csv"
: >"$tmp/empty.csv"
fails 'an empty file' '^rt-summary: .*empty.csv:1: ' rt-summary "$tmp/empty.csv"
finish
