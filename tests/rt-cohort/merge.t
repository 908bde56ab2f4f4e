#!/bin/sh
# rt-cohort -m: shards in any order give the bytes of one run.
. "$(dirname "$0")/../lib.sh"

command=rt-cohort
. "$(dirname "$0")/../shards.sh"

cdnow=$shared/data/cdnow_elog.csv
if [ -f "$cdnow" ]; then
    merged 'CDNOW' "$cdnow" --map amount=sales
    merged 'CDNOW, sums, a date in mid-month' "$cdnow" --map amount=sales --sum amount --zero \
        --as-of 1998-03-10
else
    skip 'CDNOW' 'no ../shared'
fi

# Few customers, so that the shards end on different days.
rt-sim --customers 400 --seed 5 --channels web,shop --refunds 8 -o "$tmp/small.csv"
merged 'weeks, different ends' "$tmp/small.csv" --cohort week
merged 'rolling, cumulative sums, different ends' "$tmp/small.csv" --mode rolling --sum amount \
    --cumulative
merged 'groups, brackets with sums, 90%, different ends' "$tmp/small.csv" --by channel --age day \
    --mode bracket=31-90,0-7,0-400 --sum amount --conf 90%
merged 'recurring, different ends' "$tmp/small.csv" --recurring --zero --cohort quarter --age 30d
rt-cohort --cohort week "$tmp/small.csv" >"$tmp/one"
shard "$tmp/small.csv" 64
# shellcheck disable=SC2317 # called by ok
ends_differ() {
    for file in "$tmp"/shard.*; do tail -n +2 "$file" | cut -d , -f 2 | sort | tail -n 1; done |
        sort -u | awk 'END { exit NR < 10 }'
}
ok 'the ends do differ' ends_differ

# A shard with one customer who came long before the others, and never again.
printf 'customer_id,date,amount\na,2020-01-31,5\na,2020-03-01,7.5\n' >"$tmp/old.csv"
printf 'customer_id,date,amount\nb,2021-01-31,2.25\nb,2021-02-01,0.125\n' >"$tmp/new.csv"
{ cat "$tmp/old.csv"; tail -n +2 "$tmp/new.csv"; } >"$tmp/both.csv"
for options in '--sum amount --cumulative' '--mode rolling' '--recurring' '--sum amount'; do
    # shellcheck disable=SC2086 # options without spaces
    rt-cohort $options "$tmp/both.csv" >"$tmp/one"
    # shellcheck disable=SC2086
    rt-cohort $options "$tmp/old.csv" >"$tmp/old"
    # shellcheck disable=SC2086
    rt-cohort $options "$tmp/new.csv" >"$tmp/new"
    ok "an old shard and a new one: $options" same_as_one "$tmp/old" "$tmp/new"
    ok "a new shard and an old one: $options" same_as_one "$tmp/new" "$tmp/old"
done

part() {
    rt-cohort "$@" "$tmp/small.csv"
}
part >"$tmp/default"
# shellcheck disable=SC2317 # called by ok
merge_again() {
    part --digits 2 | rt-cohort -m | cmp - "$tmp/default"
}
ok 'rounding shards rounds nothing that is merged' merge_again
is 'options may be said again' "$(cat "$tmp/default")" \
    "$(rt-cohort -m --cohort month --age month --mode exact --conf 0.95 "$tmp/default")"

# Rows of different options are refused, and the option is named.
refused() {
    part "$@" >"$tmp/other"
    fails "different $1" "^rt-cohort: .*other:[0-9]+: $1: " rt-cohort -m "$tmp/default" "$tmp/other"
    fails "another $1 than asked for" "^rt-cohort: $1: " rt-cohort -m "$@" "$tmp/default"
}
refused --cohort week --age month
refused --age week
refused --mode rolling
refused --mode bracket=0-1
refused --recurring
refused --zero
refused --sum amount
refused --conf 99%
refused --as-of 2024-12-31
part --sum amount >"$tmp/sums"
part --sum amount --cumulative >"$tmp/other"
fails 'different --cumulative' 'other:2: --cumulative: ' rt-cohort -m "$tmp/sums" "$tmp/other"
part --cohort week >"$tmp/monday"
part --cohort week --week sunday >"$tmp/other"
fails 'different --week' 'other:2: --week: ' rt-cohort -m "$tmp/monday" "$tmp/other"
sed 's/^customer_id,/&event,/; 2,$s/,/,signup,/' "$tmp/small.csv" | sed '3~2s/signup/purchase/' \
    >"$tmp/events.csv"
rt-cohort --start signup "$tmp/events.csv" >"$tmp/other"
fails 'different --start' 'other:2: --start: ' rt-cohort -m "$tmp/default" "$tmp/other"
rt-cohort --return signup "$tmp/events.csv" >"$tmp/other"
fails 'different --return' 'other:2: --return: ' rt-cohort -m "$tmp/default" "$tmp/other"
part --by channel >"$tmp/other"
fails 'different --by' 'other:1: .*header' rt-cohort -m "$tmp/default" "$tmp/other"
fails 'another --by than asked for' '^rt-cohort: --by: ' rt-cohort -m --by customer_id "$tmp/other"
fails '--list' '^rt-cohort: --list: ' rt-cohort -m --list cohort=2023-01,age=1 "$tmp/default"

# What is not what this command wrote.
broken() {
    name=$1
    pattern=$2
    shift 2
    sed "$@" "$tmp/sums" >"$tmp/bad"
    fails "$name" "$pattern" rt-cohort -m "$tmp/bad"
}
broken 'no as_of row' 'bad:2: metric: .*as_of' -e 2d
broken 'a row left out' 'bad:[0-9]+: rows are missing' -e 5d
broken 'the last row of a cohort left out' 'rows are missing' -e '/^retention,.*,2024-10,2,/d'
broken 'a cohort twice' 'rows are missing' -e '/,2023-01,/p'
broken 'a bad count' 'bad:5: num: ' -e '5s/,[0-9]*,\([0-9]*\),1$/,many,\1,1/'
broken 'more active than there are' 'bad:[0-9]+: num: .*customers' \
    -e '/^retention,/s/,[0-9]*,\([0-9]*\),1$/,999,\1,1/'
broken 'a date that is none' 'bad:2: value: ' -e '2s/,2024-[0-9-]*,/,2024-13-01,/'
broken 'another metric' 'bad:4: metric: ' -e '4s/^sum/some/'
broken 'another method' 'bad:3: method: ' -e '3s/exact/inexact/'
broken 'a cohort that is none' 'bad:3: cohort: ' -e '3s/2023-01/2023-1/'
rt-sim --table answers --customers 10 >"$tmp/bad"
fails 'not metric rows' '^rt-cohort: .*bad:1: ' rt-cohort -m "$tmp/bad"
finish
