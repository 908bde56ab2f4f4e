#!/bin/sh
# --refunds: what was given back.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/in.csv" <<'EOF'
customer_id,date,amount,order_id,item,ref
a,2024-01-01,10.00,o1,tea,
a,2024-01-01,5,o1,milk,
a,2024-02-01,-4.5,r1,,o1
b,2024-01-05,7,o2,,
b,2024-01-09,-7,r2,,o2
c,2024-01-01,3,o3,,
c,2024-01-01,-1,,,
c,2024-01-01,-2,,,
d,2024-01-01,6,o4,,
d,2024-01-02,-6,,,
e,2024-01-01,-1,,,o9
f,2024-01-01,0,o5,,
g,2024-01-01,2,o6,,
g,2024-03-01,-5,r6,,o6
EOF
is 'keep is the default' "$(cat "$tmp/in.csv")" "$(rt-log "$tmp/in.csv")"
is 'keep passes all' "$(cat "$tmp/in.csv")" "$(rt-log --refunds keep "$tmp/in.csv")"
is 'drop leaves out negative amounts' "$(grep -v -e ',-' "$tmp/in.csv")" \
    "$(rt-log --refunds drop "$tmp/in.csv")"
is 'net: linked by ref, or on the same day, and nothing else' \
'customer_id,date,amount,order_id,item,ref
a,2024-01-01,5.50,o1,tea,
a,2024-01-01,5,o1,milk,
d,2024-01-01,6,o4,,
d,2024-01-02,-6,,,
e,2024-01-01,-1,,,o9
f,2024-01-01,0,o5,,
g,2024-03-01,-3,r6,,o6' "$(rt-log --refunds net "$tmp/in.csv")"
is 'net counts' 'rt-log: 14 rows read, 7 kept, 0 rejected, 0 merged
rt-log: refunds: 4 netted, 3 left, 0 dropped; 3 purchases came to zero' \
    "$(rt-log --refunds net -v "$tmp/in.csv" 2>&1 >"$tmp/out")"
is 'drop counts' 'rt-log: refunds: 0 netted, 0 left, 7 dropped; 0 purchases came to zero' \
    "$(rt-log --refunds drop -v "$tmp/in.csv" 2>&1 >"$tmp/out" | tail -n 1)"

net() { { echo customer_id,date,amount,order_id,item,ref; cat; } | rt-log --refunds net | tail -n +2; }
is 'a net-zero day is no purchase' '' "$(printf 'a,2024-01-01,9.90,,,\na,2024-01-01,-9.9,,,\n' | net)"
is 'a refund may come before its purchase' 'a,2024-01-01,1,o1,,' \
    "$(printf 'a,2024-03-01,-2,,,o1\na,2024-01-01,3,o1,,\n' | net)"
is 'the item that came back is the one that goes' 'a,2024-01-01,2,o1,tea,' \
    "$(printf 'a,2024-01-01,2,o1,tea,\na,2024-01-01,2,o1,milk,\na,2024-02-01,-2,,milk,o1\n' | net)"
is 'the item that came back on the same day' 'a,2024-01-01,2,o1,tea,' \
    "$(printf 'a,2024-01-01,2,o1,tea,\na,2024-01-01,2,o2,milk,\na,2024-01-01,-2,,milk,\n' | net)"
is 'more than the item cost is taken off the rest of the order' 'a,2024-01-01,1,o1,tea,' \
    "$(printf 'a,2024-01-01,2,o1,tea,\na,2024-01-01,2,o1,milk,\na,2024-02-01,-3,,milk,o1\n' | net)"
is 'places are kept' 'a,2024-01-01,2.75,o1,,' \
    "$(printf 'a,2024-01-01,3,o1,,\na,2024-01-01,-0.25,,,\n' | net)"
is 'customers do not share a day' 'a,2024-01-01,3,,,
b,2024-01-01,-3,,,' "$(printf 'a,2024-01-01,3,,,\nb,2024-01-01,-3,,,\n' | net)"
is 'a ref that is not there is not netted on the day' 'a,2024-01-01,3,o1,,
a,2024-01-01,-3,,,o9' "$(printf 'a,2024-01-01,3,o1,,\na,2024-01-01,-3,,,o9\n' | net)"
is 'an event without an amount stays' 'customer_id,date,amount,event
a,2024-01-01,,visit' "$(printf 'customer_id,date,amount,event\na,2024-01-01,,visit
a,2024-01-01,1,purchase\na,2024-01-01,-1,refund\n' | rt-log --refunds net)"
is 'without ref and order_id the day links' 'customer_id,date,amount
a,2024-01-01,1' "$(printf 'customer_id,date,amount\na,2024-01-01,3\na,2024-01-01,-2\n' |
    rt-log --refunds net)"
is 'the last of equal rows is what is netted' 'customer_id,date,amount,order_id
a,2024-01-01,4,o1' "$(printf 'customer_id,date,amount,order_id
a,2024-01-01,3,o1\na,2024-01-01,-1,o2\na,2024-01-01,5,o1\n' |
    rt-log --refunds net --dedupe order_id --dedupe-keep last)"
printf 'customer_id,date\na,2024-01-01\n' >"$tmp/none.csv"
for refunds in net drop; do
    fails "--refunds $refunds needs the amount" 'none.csv.*amount' rt-log --refunds $refunds "$tmp/none.csv"
done

# Many rows of one order and one day: the sum stays, and the time does not grow with its square.
awk 'function abs(x) { return x < 0 ? -x : x }
    BEGIN { srand(3); print "customer_id,date,amount,order_id,ref"; for (i = 0; i < 60000; i++) {
    cents = int(rand() * 1000) - 480
    printf "c%d,2024-01-01,%s%d.%02d,%s,%s\n", i % 2, cents < 0 ? "-" : "", abs(cents) / 100,
        abs(cents) % 100, (cents > 0 ? "o" (i % 5) : ""), (cents < 0 && i % 3 ? "o" (i % 6) : "") } }' >"$tmp/many.csv"
sum() { awk -F , 'NR > 1 { cents = $3; sub("\\.", "", cents); sum += cents } END { print sum }'; }
rt-log --refunds net "$tmp/many.csv" >"$tmp/out"
is 'the sum of all amounts stays' "$(sum <"$tmp/many.csv")" "$(sum <"$tmp/out")"
is 'netting again changes nothing' "$(cksum <"$tmp/out")" "$(rt-log --refunds net "$tmp/out" | cksum)"
finish
