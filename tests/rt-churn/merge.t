#!/bin/sh
# rt-churn -m: shards in any order give the bytes of one run.
. "$(dirname "$0")/../lib.sh"

command=rt-churn
. "$(dirname "$0")/../shards.sh"

rt-sim --customers 700 --seed 8 --refunds 5 --channels web,shop,app --items 3 >"$tmp/shop.csv"
merged 'default' "$tmp/shop.csv"
merged 'weeks, few idle days' "$tmp/shop.csv" --period week --idle 5
merged 'days' "$tmp/shop.csv" --period day --idle 40 --as-of 2023-04-15
merged 'years, groups of two columns' "$tmp/shop.csv" --period year --by channel,item --conf 90%
merged 'as-of behind the data' "$tmp/shop.csv" --as-of 2025-03-03 --period 45d --by channel
# Few customers, who all left long before the last date, or are the only ones at it.
rt-sim --customers 70 --seed 9 --end 2023-06-30 >"$tmp/few.csv"
merged 'shards that end apart' "$tmp/few.csv" --period month --idle 20
merged 'shards that end apart, weeks' "$tmp/few.csv" --period week --idle 10
if [ -f "$shared/data/cdnow_elog.csv" ]; then
    merged 'CDNOW' "$shared/data/cdnow_elog.csv" --map amount=sales
    merged 'CDNOW, weeks' "$shared/data/cdnow_elog.csv" --map amount=sales --period week --idle 30
else
    skip 'CDNOW' 'no ../shared'
fi

# Each customer of the same habits, so that every shard finds the same days.
awk 'BEGIN { print "customer_id,date"
    for (i = 0; i < 640; i++) for (month = 1; month <= 6; month++)
        printf "c%d,2024-%02d-%02d\n", i, month, 1 + (i % 64 == 0 ? 0 : month % 3) }' >"$tmp/auto.csv"
rt-churn --idle auto "$tmp/auto.csv" >"$tmp/one"
for shards in 1 2 7; do
    awk -F, -v count=$shards -v base="$tmp/shard." 'NR == 1 { for (i = 0; i < count; i++) print > (base i); next }
        { print > (base (substr($1, 2) % count)) }' "$tmp/auto.csv"
    parts=
    i=0
    while [ $i -lt $shards ]; do
        rt-churn --idle auto "$tmp/shard.$i" >"$tmp/part.$i"
        parts="$parts $tmp/part.$i"
        i=$((i + 1))
    done
    # shellcheck disable=SC2086
    ok "--idle auto: $shards shards" same_as_one $parts
    rm -f "$tmp"/shard.*
done
rt-sim --customers 100 --seed 1 | rt-churn --idle auto >"$tmp/a"
rt-sim --customers 100 --seed 2 | rt-churn --idle auto >"$tmp/b"
fails '--idle auto: shards that took other days, and what to do' \
    '^rt-churn: --idle: auto takes [0-9]+ days for all .*--idle=[0-9]+$' rt-churn -m "$tmp/a" "$tmp/b"

# shellcheck disable=SC2317 # called by ok
merge_again() {
    rt-churn --digits 2 "$tmp/shop.csv" >"$tmp/rounded"
    rt-churn "$tmp/shop.csv" >"$tmp/exact"
    rt-churn -m "$tmp/rounded" | cmp - "$tmp/exact"
}
ok 'rounding shards rounds nothing that is merged' merge_again
is 'options may be said again' "$(cat "$tmp/exact")" \
    "$(rt-churn -m --period month --idle 90 --conf 0.95 "$tmp/exact")"
is 'merging merged rows' "$(cat "$tmp/exact")" "$(rt-churn -m "$tmp/exact" | rt-churn -m)"

# Rows of different options are refused, and the option is named.
shard "$tmp/shop.csv" 2
part() {
    rt-churn "$@" "$tmp/shard.0"
}
part >"$tmp/default"
part --period week >"$tmp/week"
part --period week --week-start sunday >"$tmp/sunday"
part --idle 60 >"$tmp/idle"
part --conf 99% >"$tmp/conf"
part --as-of 2024-06-30 >"$tmp/june"
part --as-of 2024-07-31 >"$tmp/july"
part --by channel >"$tmp/channel"
cut -d, -f 1,2 "$tmp/shard.0" | rt-churn >"$tmp/poor"
rt-churn --idle auto "$tmp/shard.0" >"$tmp/auto"
for other in 'week --period' 'idle --idle' 'conf --conf' 'june --as-of' 'auto --idle' 'poor amount'; do
    fails "different ${other#* }" "^rt-churn: .*${other% *}:[0-9]+: ${other#* }: " \
        rt-churn -m "$tmp/default" "$tmp/${other% *}"
done
fails 'weeks from another day' '^rt-churn: .*sunday:2: --period: ' rt-churn -m "$tmp/week" "$tmp/sunday"
fails 'other dates' '^rt-churn: .*july:2: --as-of: ' rt-churn -m "$tmp/june" "$tmp/july"
fails 'different --by' '^rt-churn: .*channel:1: .*header' rt-churn -m "$tmp/default" "$tmp/channel"
for option in --period=day --idle=1 --idle=auto --conf=90% --as-of=2024-01-01 --by=channel; do
    fails "another ${option%=*} than asked for" "^rt-churn: ${option%=*}: " \
        rt-churn -m $option "$tmp/default"
done
fails 'metric rows hold no customers' '^rt-churn: --list: ' rt-churn -m --list "$tmp/default"

# Rows that are missing, out of order or changed.
for metric in as_of customers_start lost churn_rate orders revenue last_purchase; do
    grep -v "^$metric," "$tmp/default" >"$tmp/bad"
    fails "rows of $metric left out" '^rt-churn: ' rt-churn -m "$tmp/bad"
done
head -n 100 "$tmp/default" >"$tmp/bad"
fails 'a file cut off' '^rt-churn: ' rt-churn -m "$tmp/bad"
sort "$tmp/default" | sed '/^metric,/d; 1{h;s/.*/metric,method,period,value,lo,hi,num,den,complete/p;g}' >"$tmp/bad"
fails 'rows that were sorted' '^rt-churn: ' rt-churn -m "$tmp/bad"
sed 's/^new,first purchase,2023-02,[0-9]*/new,first purchase,2023-02,1/' "$tmp/default" >"$tmp/bad"
fails 'numbers that do not add up' '^rt-churn: changed rows: .*2023-02 do not add up$' rt-churn -m "$tmp/bad"
sed 's/^new,first purchase,2023-02,[0-9]*/new,first purchase,2023-02,x/' "$tmp/default" >"$tmp/bad"
fails 'a bad number, with its line' '^rt-churn: .*bad:25: value: not a count$' rt-churn -m "$tmp/bad"
printf 'metric,method,period,value,lo,hi,num,den,complete\n' >"$tmp/none"
is 'no rows give no rows' "$(cat "$tmp/none")" "$(rt-churn -m "$tmp/none")"
finish
