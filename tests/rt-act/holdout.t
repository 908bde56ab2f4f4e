#!/bin/sh
# The control arm: the same customers in any order, in any split, in every run; nested; a share.
. "$(dirname "$0")/../lib.sh"

awk 'BEGIN { print "customer_id,orders"; for (i = 1; i <= 20000; i++) print "C" i "," i % 7 }' >"$tmp/rows.csv"
printf '%s\n' rule_id,when,then 'a,orders > 3,x' 'b,1,y' >"$tmp/rules.csv"
# arm SALT SHARE [ARG...]: the customers of the control arm, sorted
arm() {
    salt=$1
    share=$2
    shift 2
    [ $# -gt 0 ] || set -- "$tmp/rows.csv"
    rt-act --rules "$tmp/rules.csv" --as-of 2025-01-01 --holdout "$share" --salt "$salt" "$@" |
        awk -F , '$9 == "control" { print $2 }' | sort
}
arm spring 10% >"$tmp/tenth"
arm spring 20% >"$tmp/fifth"
arm autumn 10% >"$tmp/other"
size=$(wc -l <"$tmp/tenth")
# Four standard deviations of a binomial distribution are 170.
ok 'a tenth is about a tenth' [ "$size" -gt 1830 -a "$size" -lt 2170 ]
is '10% is a part of 20%' '' "$(comm -23 "$tmp/tenth" "$tmp/fifth")"
both=$(comm -12 "$tmp/tenth" "$tmp/other" | wc -l)
ok 'another salt chooses anew' [ "$both" -gt 140 -a "$both" -lt 260 ]

{ head -n 1 "$tmp/rows.csv" && tail -n +2 "$tmp/rows.csv" | sort -t , -k 2,2 -k 1,1r; } >"$tmp/shuffled.csv"
arm spring 10% "$tmp/shuffled.csv" >"$tmp/shuffled"
ok 'the same in another order' cmp "$tmp/tenth" "$tmp/shuffled"
for shard in 0 1 2; do
    awk -v shard=$shard 'NR == 1 || NR % 3 == shard' "$tmp/rows.csv" >"$tmp/shard.csv"
    arm spring 10% "$tmp/shard.csv"
done | sort >"$tmp/shards"
ok 'the same in shards' cmp "$tmp/tenth" "$tmp/shards"
arm spring 10% --all "$tmp/rows.csv" | sort -u >"$tmp/all"
ok 'the same for every rule' cmp "$tmp/tenth" "$tmp/all"
is 'nobody at 0%' '' "$(arm spring 0%)"
is 'everybody at 100%' 20000 "$(arm spring 100% | wc -l)"
is 'all others are treated' "control $size
treatment $((20000 - size))" "$(
    rt-act --rules "$tmp/rules.csv" --as-of 2025-01-01 --holdout 10% --salt spring "$tmp/rows.csv" |
        awk -F , 'NR > 1 { n[$9]++ } END { for (arm in n) print arm, n[arm] }' | sort)"
printf '%s\n' rule_id,when,then "a,\"bucket('spring', 10) = 0\",x" >"$tmp/bucket.csv"
rt-act --rules "$tmp/bucket.csv" --as-of 2025-01-01 "$tmp/rows.csv" | tail -n +2 | cut -d , -f 2 |
    sort >"$tmp/bucket"
ok 'the first of ten buckets is the control arm of 10%' cmp "$tmp/tenth" "$tmp/bucket"
# With the id of a customer, and nothing else, anybody can tell: python3
# xxhash.xxh3_64_intdigest(b'6:spring,2:C1,') / 2**64
is 'customers by a hash that is written down' 'control treatment treatment control control ' \
    "$(head -n 6 "$tmp/rows.csv" >"$tmp/five.csv" && rt-act --rules "$tmp/rules.csv" --as-of 2025-01-01 \
        --holdout 40% --salt spring "$tmp/five.csv" | tail -n +2 | cut -d , -f 9 | tr '\n' ' ')"
finish
