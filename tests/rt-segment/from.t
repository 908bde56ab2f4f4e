#!/bin/sh
# --from: the segment that each customer had in an earlier output.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/old.csv" <<'END'
customer_id,r,segment
b,5,"champions, and more"
c,1,
a,3,lost
gone,3,lost
END
printf 'segment,when\nall,1\n' >"$tmp/rules.csv"
cat >"$tmp/new.csv" <<'END'
id,recency_days,orders,revenue
a,1,1,1
"b",2,2,2
new,3,3,3
c,4,4,4
END
segment() {
    rt-segment --map customer_id=id --from "$tmp/old.csv" "$@" "$tmp/new.csv"
}
is 'prev_segment comes last' 'customer_id,recency_days,orders,revenue,r,f,m,segment,prev_segment
a,1,1,1,5,1,1,new,lost
b,2,2,2,4,2,2,potential loyalists,"champions, and more"
new,3,3,3,2,4,4,at risk,
c,4,4,4,1,5,5,cannot lose,' "$(segment)"
is 'with rules alone' 'customer_id,recency_days,orders,revenue,r,f,m,segment,prev_segment
a,1,1,1,5,1,1,all,lost' "$(segment --rules "$tmp/rules.csv" | head -n 2)"
is 'of a table without a profile' 'customer_id,segment,prev_segment
gone,all,lost
x,all,' "$(printf 'customer_id\ngone\nx\n' | rt-segment --rules "$tmp/rules.csv" --from "$tmp/old.csv")"
segment >"$tmp/next.csv"
is 'an output with prev_segment is an OLD too' 'new potential loyalists at risk cannot lose' "$(
    rt-segment --map customer_id=id --from "$tmp/next.csv" "$tmp/new.csv" |
        awk -F, 'NR > 1 { printf "%s%s", s, $9; s = " " }')"
segment --save-cuts "$tmp/cuts.csv" >"$tmp/held"
segment --cuts "$tmp/cuts.csv" >"$tmp/read"
ok 'the same with cuts' cmp "$tmp/held" "$tmp/read"

printf 'customer_id,segment\na,x\nb,y\na,z\n' >"$tmp/twice.csv"
fails 'a customer twice' 'twice.csv:4: customer_id: a customer for the second time' \
    rt-segment --map customer_id=id --from "$tmp/twice.csv" "$tmp/new.csv"
printf 'customer_id\na\n' >"$tmp/plain.csv"
fails 'no segments' "no column 'segment'" \
    rt-segment --map customer_id=id --from "$tmp/plain.csv" "$tmp/new.csv"
fails 'no customers' "no column 'customer_id'" rt-segment --from "$tmp/old.csv" "$tmp/new.csv"
fails 'no file' 'none.csv: ' rt-segment --map customer_id=id --from "$tmp/none.csv" "$tmp/new.csv"
finish
