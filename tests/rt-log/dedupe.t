#!/bin/sh
# --dedupe: an export that is read twice changes nothing.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/a.csv" <<'EOF'
customer_id,date,amount,order_id,item
b,2024-01-02,5,o2,tea
a,2024-01-01,1,o1,tea
a,2024-01-01,2,o1,milk
c,2024-01-03,9,"o,3","x
y"
EOF
cat >"$tmp/corrected.csv" <<'EOF'
customer_id,date,amount,order_id,item
a,2024-01-01,1.25,o1,tea
d,2024-01-04,1,o4,tea
EOF
for keep in first last; do
    is "a replayed export changes nothing, $keep wins" "$(cat "$tmp/a.csv")" \
        "$(rt-log --dedupe order_id,item --dedupe-keep $keep "$tmp/a.csv" "$tmp/a.csv" "$tmp/a.csv")"
done
is 'a replayed export changes nothing in a sorted log' "$(rt-log --sort "$tmp/a.csv")" \
    "$(rt-log --sort --dedupe order_id,item "$tmp/a.csv" "$tmp/a.csv")"
is 'a replayed export changes nothing in a netted log' "$(rt-log --refunds net "$tmp/a.csv")" \
    "$(rt-log --refunds net --dedupe order_id,item "$tmp/a.csv" "$tmp/a.csv")"
is 'the first wins' 'customer_id,date,amount,order_id,item
b,2024-01-02,5,o2,tea
a,2024-01-01,1,o1,tea
a,2024-01-01,2,o1,milk
c,2024-01-03,9,"o,3","x
y"
d,2024-01-04,1,o4,tea' "$(rt-log --dedupe order_id,item "$tmp/a.csv" "$tmp/corrected.csv")"
is 'the last wins, where the first one stood' 'customer_id,date,amount,order_id,item
b,2024-01-02,5,o2,tea
a,2024-01-01,1.25,o1,tea
a,2024-01-01,2,o1,milk
c,2024-01-03,9,"o,3","x
y"
d,2024-01-04,1,o4,tea' \
    "$(rt-log --dedupe order_id,item --dedupe-keep last "$tmp/a.csv" "$tmp/corrected.csv")"
is 'one column' 'customer_id,date,amount,order_id,item
a,2024-01-01,1.25,o1,tea
d,2024-01-04,1,o4,tea' "$(rt-log --dedupe order_id "$tmp/corrected.csv" "$tmp/corrected.csv")"
is 'merged rows are counted' 'rt-log: 6 rows read, 5 kept, 0 rejected, 1 merged' \
    "$(rt-log -v --dedupe order_id,item "$tmp/a.csv" "$tmp/corrected.csv" 2>&1 >"$tmp/out")"
is 'columns that are not kept are keys as well' 'customer_id,date
a,2024-01-01
b,2024-01-01' \
    "$(printf 'customer_id,date,line\na,2024-01-01,1\nb,2024-01-01,2\nc,2024-01-01,1\n' |
        rt-log --dedupe line)"
is 'cells of a key do not run together' 'customer_id,date
a,2024-01-01
b,2024-01-01' \
    "$(printf 'customer_id,date,x,y\na,2024-01-01,1,12\nb,2024-01-01,11,2\n' | rt-log --dedupe x,y)"
is 'a bad row does not take the place of a good one' 'customer_id,date,order_id
b,2024-01-01,o1' \
    "$(printf 'customer_id,date,order_id\na,2024-99-01,o1\nb,2024-01-01,o1\n' |
        rt-log --rejects "$tmp/bad.csv" --dedupe order_id)"
printf 'customer_id,date,x,y\na,2024-01-01,1,\nb,2024-01-01,,\n' >"$tmp/empty.csv"
fails 'rows without a key cannot be told apart' 'empty.csv:3: x: empty, and --dedupe needs it' \
    rt-log --dedupe x,y "$tmp/empty.csv"
fails 'an unknown column is named before any output' "a.csv.*oder_id" \
    rt-log --dedupe oder_id "$tmp/a.csv"

awk 'BEGIN { print "customer_id,date,amount,order_id"; for (i = 0; i < 50000; i++)
    print "c" i % 99 ",2024-01-01," i ",o" i }' >"$tmp/many.csv"
for keep in first last; do
    rt-log --dedupe order_id --dedupe-keep $keep "$tmp/many.csv" "$tmp/many.csv" >"$tmp/out"
    ok "a large export replayed, $keep wins" cmp "$tmp/many.csv" "$tmp/out"
done
finish
