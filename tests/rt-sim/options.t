#!/bin/sh
# Parameters: told by -v, checked, and refused with one line.
. "$(dirname "$0")/../lib.sh"

is '-v tells the true parameters' 'rt-sim: bgnbd r=0.243
rt-sim: bgnbd alpha=4.414
rt-sim: bgnbd a=0.793
rt-sim: bgnbd b=2.426
rt-sim: gg p=6.25
rt-sim: gg q=3
rt-sim: gg v=15.4
rt-sim: 10 customers' "$(rt-sim -v --model bgnbd --params r=0.243,alpha=4.414,a=0.793,b=2.426 \
    --spend q=3 --customers 10 2>&1 >/dev/null)"
is 'stderr is empty otherwise' '' "$(rt-sim 2>&1 >/dev/null)"

rt-sim -o "$tmp/file.csv"
ok '-o writes what stdout would get' sh -c 'rt-sim | cmp - "$1"' sh "$tmp/file.csv"

fails 'no customers' 'customers' rt-sim --customers 0
fails 'a parameter of another model' '^rt-sim: --params: s is not a parameter' \
    rt-sim --model bgnbd --params s=1
fails 'a parameter that is no number' '^rt-sim: --params: r is not a number' rt-sim --params r=x
fails 'a parameter of 0' '^rt-sim: --params: alpha is not a number' rt-sim --params alpha=0
fails 'a negative parameter' '^rt-sim: --spend: q is not a number' rt-sim --spend q=-1
fails 'an unknown parameter of the spend' '^rt-sim: --spend: r is not' rt-sim --spend r=1
fails 'days the wrong way round' '^rt-sim: --end: before' rt-sim --start 2024-01-02 --end 2024-01-01
fails 'too many days' '^rt-sim: --end: more than' rt-sim --start 0001-01-01 --end 9999-12-31
fails 'new customers before the shop opens' '^rt-sim: --new-until' rt-sim --new-until 2022-12-31
fails 'more than all refunded' '^rt-sim: --refunds: not between' rt-sim --refunds 101
fails 'fewer than no quotes' '^rt-sim: --quoted: not between' rt-sim --quoted -1
fails 'less than a line an order' '^rt-sim: --lines: not between' rt-sim --lines 0.5
fails 'fewer rows than customers' '^rt-sim: --rows: so many customers' \
    rt-sim --rows 999 --customers 1000
fails 'a channel that would break the table' '^rt-sim: --channels' rt-sim --channels 'a"b'
fails 'an operand' '^rt-sim: ' rt-sim log.csv

is 'one customer, one day, one row' 2 "$(rt-sim --customers 1 --start 2024-02-29 --end 2024-02-29 \
    --params alpha=1000000 | wc -l)"
finish
