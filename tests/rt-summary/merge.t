#!/bin/sh
# rt-summary -m: shards in any order give the bytes of one run.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/data.sh"

customers 3000 42 >"$tmp/all.csv"

command=rt-summary
. "$(dirname "$0")/../shards.sh"

merged 'default' "$tmp/all.csv" --by segment
merged 'no groups' "$tmp/all.csv" --stat mean:aov
merged 'two columns' "$tmp/all.csv" --by country,segment --stat mean:aov,sum:revenue,count:aov
merged 'extremes, 90%' "$tmp/all.csv" --by segment --stat min:aov,max:aov,mean:recency_days --conf 90%
merged 'medians with values' "$tmp/all.csv" --values --by segment --stat median:aov,p90:aov,mean:aov,p5:orders
merged 'movement' "$tmp/all.csv" --matrix prev_segment,segment
merged 'movement in groups' "$tmp/all.csv" --by country --matrix prev_segment,segment

# shellcheck disable=SC2317 # called by ok
merge_again() {
    rt-summary --by segment --stat mean:aov --digits 2 "$tmp/all.csv" >"$tmp/rounded"
    rt-summary --by segment --stat mean:aov "$tmp/all.csv" >"$tmp/exact"
    rt-summary -m "$tmp/rounded" | cmp - "$tmp/exact"
}
ok 'rounding shards rounds nothing that is merged' merge_again
is 'options may be said again' "$(cat "$tmp/exact")" \
    "$(rt-summary -m --by segment --stat mean:aov --conf 0.95 "$tmp/exact")"
is 'merging merged rows' "$(cat "$tmp/exact")" \
    "$(rt-summary -m "$tmp/exact" | rt-summary -m)"

# Rows of different options are refused, and the option is named.
part() {
    rt-summary "$@" "$tmp/shard.0"
}
shard "$tmp/all.csv" 2
part --by segment >"$tmp/default"
part --by segment --conf 99% >"$tmp/conf"
part --by segment --stat mean:aov >"$tmp/mean"
part --by segment --stat mean:aov,mean:orders >"$tmp/two"
part --by segment --stat mean:orders,mean:aov >"$tmp/swapped"
part --by segment --stat median:aov >"$tmp/median"
part --by country >"$tmp/country"
part --by country,segment >"$tmp/pair"
part --matrix country,segment >"$tmp/matrix"
part --by segment --map amount=revenue >"$tmp/poor"
fails 'different --conf' '^rt-summary: .*conf:[0-9]+: --conf: ' rt-summary -m "$tmp/default" "$tmp/conf"
fails 'another --conf than asked for' '^rt-summary: --conf: .*99%' rt-summary -m --conf 95% "$tmp/conf"
fails 'different --by' '^rt-summary: .*country:1: .*header' rt-summary -m "$tmp/default" "$tmp/country"
fails 'another --by than asked for' '^rt-summary: --by: ' rt-summary -m --by country "$tmp/default"
fails 'a statistic in some' '^rt-summary: --stat: .*mean:aov' rt-summary -m "$tmp/default" "$tmp/mean"
fails 'one more statistic in some' '^rt-summary: --stat: .*mean:orders' \
    rt-summary -m "$tmp/mean" "$tmp/two"
fails 'statistics in another order' '^rt-summary: .*--stat: .*order' \
    rt-summary -m "$tmp/two" "$tmp/swapped"
fails 'other statistics than asked for' '^rt-summary: --stat: ' \
    rt-summary -m --stat mean:orders "$tmp/mean"
fails '--matrix in some' '^rt-summary: .*--matrix: ' rt-summary -m "$tmp/pair" "$tmp/matrix"
fails '--matrix asked for in vain' '^rt-summary: --matrix: ' \
    rt-summary -m --matrix country,segment "$tmp/pair"
fails 'revenue in some' '^rt-summary: revenue: ' rt-summary -m "$tmp/default" "$tmp/poor"
fails 'a median cannot be merged' '^rt-summary: median:aov cannot be merged: .*--values' \
    rt-summary -m "$tmp/median"
grep -v ^squares "$tmp/mean" >"$tmp/bad"
fails 'rows left out' '^rt-summary: --stat: .*mean:aov' rt-summary -m "$tmp/bad"
fails 'not metric rows' '^rt-summary: .*metric' rt-summary -m "$tmp/all.csv"
sed 's/^customers,rows,\([^,]*\),,[0-9]*/customers,rows,\1,,many/' "$tmp/default" >"$tmp/bad"
fails 'a bad number, with its line' '^rt-summary: .*bad:2: value: ' rt-summary -m "$tmp/bad"
sed 's/^share,/shore,/' "$tmp/default" >"$tmp/bad"
fails 'a metric of another command' '^rt-summary: .*bad:3: metric: ' rt-summary -m "$tmp/bad"
finish
