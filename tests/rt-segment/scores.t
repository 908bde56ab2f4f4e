#!/bin/sh
# Scores: bins, ties, saved cuts, methods, customers without values, what passes through.
. "$(dirname "$0")/../lib.sh"

# profile DAYS ORDERS REVENUE...: a table of these customers, three words each
profile() {
    echo customer_id,recency_days,orders,revenue
    n=0
    while [ $# -gt 0 ]; do
        n=$((n + 1))
        echo "c$n,$1,$2,$3"
        shift 3
    done
}

profile 5 1 10.00 4 2 20.50 3 3 30 2 4 40.25 1 5 50 >"$tmp/five.csv"
is 'five customers fill five bins' 'customer_id,recency_days,orders,revenue,r,f,m,segment
c1,5,1,10.00,1,1,1,lost
c2,4,2,20.50,2,2,2,hibernating
c3,3,3,30,3,3,3,need attention
c4,2,4,40.25,4,4,4,champions
c5,1,5,50,5,5,5,champions' "$(rt-segment "$tmp/five.csv")"
is 'three bins' '1 1 2 3 3' "$(rt-segment --bins 3 "$tmp/five.csv" |
    awk -F, 'NR > 1 { printf "%s%s", s, $6; s = " " }')"
is '3x3 has three bins of its own' '1 1 lost,1 1 lost,2 2 need attention,3 3 champions,3 3 champions' \
    "$(rt-segment --preset 3x3 "$tmp/five.csv" |
        awk -F, 'NR > 1 { printf "%s%s %s %s", s, $5, $6, $8; s = "," }')"

# Ties: equal values have equal scores, and -v counts the bins that are left.
profile 1 1 5 2 1 5 3 1 5 4 2 5 5 9 5 >"$tmp/tied.csv"
is 'equal values have equal scores' '1 1 1 4 5' "$(rt-segment "$tmp/tied.csv" |
    awk -F, 'NR > 1 { printf "%s%s", s, $6; s = " " }')"
is 'the bins in use are told' 'rt-segment: r: 5 of 5 bins in use
rt-segment: f: 3 of 5 bins in use
rt-segment: m: 1 of 5 bins in use
rt-segment: 5 rows, 0 without scores' "$(rt-segment -v "$tmp/tied.csv" 2>&1 >/dev/null)"
is 'nothing is told without -v' '' "$(rt-segment "$tmp/tied.csv" 2>&1 >/dev/null)"

# Many customers: about a fifth each where values differ, the same scores in any order of rows.
awk 'BEGIN {
    print "customer_id,recency_days,orders,revenue"
    for (i = 0; i < 1000; i++)
        printf "c%d,%d,%d,%d.%02d\n", i, i * 7919 % 1009, i * 31 % 1013, i * 577 % 1019, i % 100
}' >"$tmp/many.csv"
rt-segment --save-cuts "$tmp/cuts.csv" "$tmp/many.csv" >"$tmp/many.out"
is 'each score has a fifth of the customers' '200 200 200 200 200' "$(
    awk -F, 'NR > 1 { n[$7]++ } END { print n[1], n[2], n[3], n[4], n[5] }' "$tmp/many.out")"
{
    head -n 1 "$tmp/many.csv"
    tail -n +2 "$tmp/many.csv" | sort -t, -k4
} | rt-segment | tail -n +2 | sort >"$tmp/shuffled"
ok 'the order of rows does not show' sh -c "tail -n +2 '$tmp/many.out' | sort | cmp - '$tmp/shuffled'"
{
    head -n 1 "$tmp/many.csv"
    tail -n +2 "$tmp/many.csv" | awk -F, '{ printf "%s,%s,%s,%.2f\n", $1, $2, $3, $4 * 2 }'
} | rt-segment | cut -d, -f5- >"$tmp/doubled"
ok 'twice the revenue gives the same scores' \
    sh -c "cut -d, -f5- '$tmp/many.out' | cmp - '$tmp/doubled'"

# Cuts.
is 'cuts are a table' 'method,bins,column,cut,value
type7,5,recency_days,1,1.8
type7,5,recency_days,2,2.6
type7,5,recency_days,3,3.4
type7,5,recency_days,4,4.2
type7,5,orders,1,1.8
type7,5,orders,2,2.6
type7,5,orders,3,3.4
type7,5,orders,4,4.2
type7,5,revenue,1,18.4
type7,5,revenue,2,26.2
type7,5,revenue,3,34.1
type7,5,revenue,4,42.2' "$(rt-segment --save-cuts /dev/stdout -o /dev/null "$tmp/five.csv")"
is 'a quantile without an end is rounded down' '2.333333' "$(profile 1 1 1 2 2 2 5 5 3 |
    rt-segment --bins 9 --save-cuts /dev/stdout -o /dev/null |
    awk -F, '$3 == "orders" && $4 == 5 { print $5 }')"
for method in type7 rfm-r; do
    for bins in 2 3 5 7 10 100; do
        rt-segment --method $method --bins $bins --save-cuts "$tmp/cuts.csv" "$tmp/many.csv" \
            >"$tmp/held"
        rt-segment --cuts "$tmp/cuts.csv" --save-cuts "$tmp/again.csv" "$tmp/many.csv" >"$tmp/read"
        ok "$method, $bins bins: saved cuts give the same scores" cmp "$tmp/held" "$tmp/read"
        ok "$method, $bins bins: and are saved as they are" cmp "$tmp/cuts.csv" "$tmp/again.csv"
    done
done
rt-segment --save-cuts "$tmp/cuts.csv" "$tmp/five.csv" >/dev/null
is "another month by this month's ruler" n,0,5,42.21,5,5,5,champions "$(
    printf 'customer_id,recency_days,orders,revenue\nn,0,5,42.21\n' |
        rt-segment --cuts "$tmp/cuts.csv" | tail -n 1)"
is 'a value equal to a cut is below it' 4 "$(printf 'customer_id,recency_days,orders,revenue\nn,0,5,42.200\n' |
    rt-segment --cuts "$tmp/cuts.csv" | awk -F, 'NR == 2 { print $7 }')"
is 'rfm-r: a value equal to a cut is above it' '1 2 2 5' "$(profile 1 1 1 1 2 2 1 2 2 1 5 5 |
    rt-segment --method rfm-r --bins 5 --save-cuts "$tmp/r.csv" >/dev/null
    profile 0 1 2.59 0 2 2.6 0 2 2.61 0 2 99 | rt-segment --cuts "$tmp/r.csv" |
        awk -F, 'NR > 1 { printf "%s%s", s, $7; s = " " }')"

# Customers with refunds alone have no recency; they have no scores and do not move the cuts.
{
    cat "$tmp/five.csv"
    echo 'refund,,0,-20'
} >"$tmp/refund.csv"
is 'no scores without a purchase' 'refund,,0,-20,,,,unscored' \
    "$(rt-segment "$tmp/refund.csv" | tail -n 1)"
is 'nor do such customers move the cuts' "$(rt-segment "$tmp/five.csv")" \
    "$(rt-segment "$tmp/refund.csv" | sed '$d')"
is 'they are counted' 'rt-segment: 6 rows, 1 without scores' \
    "$(rt-segment -v "$tmp/refund.csv" 2>&1 >/dev/null | tail -n 1)"

# A log without amounts has a profile without revenue: m is empty, and f stands for it.
profile 5 1 '' 4 2 '' 3 3 '' 2 4 '' 1 5 '' >"$tmp/visits.csv"
rt-segment --save-cuts "$tmp/visit-cuts.csv" "$tmp/visits.csv" >"$tmp/visits.out"
is 'segments without money' '1 1  lost,2 2  hibernating,3 3  need attention,4 4  champions,5 5  champions' \
    "$(awk -F, 'NR > 1 { printf "%s%s %s %s %s", s, $5, $6, $7, $8; s = "," }' "$tmp/visits.out")"
is 'their cuts have no values of revenue' 'type7,5,revenue,1,' "$(sed -n 10p "$tmp/visit-cuts.csv")"
rt-segment --cuts "$tmp/visit-cuts.csv" "$tmp/visits.csv" >"$tmp/visits.again"
ok 'and are read again' cmp "$tmp/visits.out" "$tmp/visits.again"
is 'money that the cuts do not know has no score' '5,5,,champions' \
    "$(profile 0 9 9 | rt-segment --cuts "$tmp/visit-cuts.csv" | tail -n 1 | cut -d, -f5-)"
sed '11s/$/3/' "$tmp/visit-cuts.csv" >"$tmp/broken.csv"
fails 'cuts of revenue in part' 'broken.csv:11: value: not a number' \
    rt-segment --cuts "$tmp/broken.csv" "$tmp/visits.csv"

# What nobody computed on leaves as it came.
printf 'note;revenue;id;recency_days;orders\r\n"a;""b""\nc";1.50;x; 1;2\r\n' >"$tmp/odd.csv"
fails 'nothing is trimmed' 'odd.csv:2: recency_days: not a whole number' rt-segment -d ';' "$tmp/odd.csv"
sed 's/; 1;/;1;/' "$tmp/odd.csv" >"$tmp/odd2.csv"
is 'quotes, delimiters and line ends in cells' 'note;revenue;customer_id;recency_days;orders;r;f;m;segment
"a;""b""
c";1.50;x;1;2;5;1;1;new' "$(rt-segment -d ';' --map customer_id=id "$tmp/odd2.csv")"
is 'a header alone' 'customer_id,recency_days,orders,revenue,r,f,m,segment' \
    "$(head -n 1 "$tmp/five.csv" | rt-segment)"
is 'one customer' 'c1,3,1,5,5,1,1,new' "$(profile 3 1 5 | rt-segment | tail -n 1)"
is 'read byte by byte' "$(rt-segment "$tmp/many.csv" | cksum)" \
    "$(rt-segment --block 1 "$tmp/many.csv" | cksum)"
is 'money of different places' '1 2 3 4 5' "$(profile 1 1 1 1 1 1.5 1 1 1.55 1 1 1.555 1 1 1.5555 |
    rt-segment | awk -F, 'NR > 1 { printf "%s%s", s, $7; s = " " }')"
is 'money to the last digit that fits' '1 5' "$(
    profile 1 1 9223372036854775806 1 1 9223372036854775807 |
        rt-segment | awk -F, 'NR > 1 { printf "%s%s", s, $7; s = " " }')"

# Failures.
profile 1 1 9223372036854775807 1 1 0.5 >"$tmp/far.csv"
fails 'money that cannot be put on one scale' 'far.csv:3: a number of too many digits' \
    rt-segment "$tmp/far.csv"
profile 1 1 9223372036854775807 >"$tmp/top.csv"
fails 'a cut that does not fit' 'a cut has too many digits' rt-segment --method rfm-r "$tmp/top.csv"
profile 1 1.5 1 >"$tmp/bad.csv"
fails 'half an order' 'bad.csv:2: orders: not a whole number' rt-segment "$tmp/bad.csv"
profile 1 1 x >"$tmp/bad.csv"
fails 'no money' 'bad.csv:2: revenue: not a number' rt-segment "$tmp/bad.csv"
printf 'customer_id,orders,revenue\n' >"$tmp/bad.csv"
fails 'a missing column' "no column 'recency_days'" rt-segment "$tmp/bad.csv"
rt-segment "$tmp/five.csv" >"$tmp/done.csv"
fails 'scores that are there already' 'a column r already; --map old_r=r' rt-segment "$tmp/done.csv"
ok 'which --map can rename' rt-segment --map a=r,b=f,c=m,d=segment "$tmp/done.csv"
fails 'no cuts to save' 'no cuts to save' sh -c "head -n 1 '$tmp/five.csv' | rt-segment --save-cuts '$tmp/none.csv'"
not_ok 'and no file of them' test -e "$tmp/none.csv"
fails 'other bins than the cuts have' 'cuts.csv: the cuts are for 5 bins' \
    rt-segment --bins 4 --cuts "$tmp/cuts.csv" "$tmp/five.csv"
for edit in 13d 's/4.2$/1/' 's/orders,3/orders,4/' 's/orders/order/' 's/type7/type8/' \
    's/,5,/,1,/' 's/3.4$/x/' '3s/type7/rfm-r/' '4s/,5,/,6,/'; do
    sed "$edit" "$tmp/cuts.csv" >"$tmp/broken.csv"
    fails "a broken file of cuts: $edit" 'broken.csv:' \
        rt-segment --cuts "$tmp/broken.csv" "$tmp/five.csv"
done
sed '$p' "$tmp/cuts.csv" >"$tmp/broken.csv"
fails 'too many cuts' 'broken.csv:14: more cuts' rt-segment --cuts "$tmp/broken.csv" "$tmp/five.csv"
finish
