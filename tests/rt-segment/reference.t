#!/bin/sh
# The RFM cases of the reference data: cut points, scores, cells and segments as R's rfm has them.
. "$(dirname "$0")/../lib.sh"

data=$shared/data
if [ ! -f "$data/expected.csv" ] || [ ! -f "$data/rfm_orders.csv" ]; then
    for case in rfm_orders rfm_orders_thresholds rfm_orders_scores rfm_orders_cell \
        rfm_orders_segments; do
        skip "$case" 'the reference data is not here'
    done
    finish
fi

cat >"$tmp/rules.csv" <<'END'
segment,when
Champions,r BETWEEN 4 AND 5 AND f BETWEEN 4 AND 5 AND m BETWEEN 4 AND 5
Loyal Customers,r BETWEEN 2 AND 5 AND f BETWEEN 3 AND 5 AND m BETWEEN 3 AND 5
Potential Loyalist,r BETWEEN 3 AND 5 AND f BETWEEN 1 AND 3 AND m BETWEEN 1 AND 3
New Customers,r BETWEEN 4 AND 5 AND f = 1 AND m = 1
Promising,r BETWEEN 3 AND 4 AND f = 1 AND m = 1
Need Attention,r BETWEEN 2 AND 3 AND f BETWEEN 2 AND 3 AND m BETWEEN 2 AND 3
About To Sleep,r BETWEEN 2 AND 3 AND f BETWEEN 1 AND 2 AND m BETWEEN 1 AND 2
At Risk,r BETWEEN 1 AND 2 AND f BETWEEN 2 AND 5 AND m BETWEEN 2 AND 5
Can't Lose Them,r = 1 AND f BETWEEN 4 AND 5 AND m BETWEEN 4 AND 5
Lost,r BETWEEN 1 AND 2 AND f BETWEEN 1 AND 2 AND m BETWEEN 1 AND 2
Others,1
END
rt-profile --map date=order_date,amount=revenue --as-of 2006-12-31 --occasion row \
    "$data/rfm_orders.csv" >"$tmp/profile.csv"
rt-segment --method rfm-r --bins 5 --rules "$tmp/rules.csv" --save-cuts "$tmp/cuts.csv" \
    "$tmp/profile.csv" >"$tmp/segmented.csv"

# What we have, as QUANTITY=VALUE, with the names of the reference.
awk -F, '
FNR == NR {
    if (FNR > 1)
        print ($3 == "recency_days" ? "recency" : $3 == "orders" ? "frequency" : "monetary") \
            " cut " $4 "=" $5
    next
}
FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
{
    s = $at["segment"]
    segment[s]++; orders[s] += $at["orders"]; revenue[s] += $at["revenue"]
    customers++; all_orders += $at["orders"]; all_revenue += $at["revenue"]
    score["recency " $at["r"]]++; score["frequency " $at["f"]]++; score["monetary " $at["m"]]++
    print "RFM score of " $at["customer_id"] "=" $at["r"] $at["f"] $at["m"]
}
END {
    print "customers=" customers; print "orders=" all_orders; print "revenue=" all_revenue
    for (s in segment) {
        print s " customers=" segment[s]; print s " orders=" orders[s]; print s " revenue=" revenue[s]
    }
    for (k in score) {
        split(k, part, " ")
        print "customers with " part[1] " score " part[2] "=" score[k]
    }
}' "$tmp/cuts.csv" "$tmp/segmented.csv" >"$tmp/have"

# The case texts hold commas, but no quotes.
sed -n 's/^\(rfm_orders[a-z_]*\),[^,]*,"[^"]*",\([^,]*\),\([^,]*\),\([^,]*\),.*/\1|\2|\3|\4/p' \
    "$data/expected.csv" >"$tmp/wanted"
[ -s "$tmp/wanted" ] || fail 'the reference has RFM cases'
while IFS='|' read -r case quantity expected tolerance; do
    value=$(awk -v q="$quantity=" 'index($0, q) == 1 { print substr($0, length(q) + 1) }' \
        "$tmp/have")
    if awk -v v="$value" -v e="$expected" -v t="$tolerance" \
        'BEGIN { d = v - e; exit !(v != "" && d <= t + 0 && d >= -t) }'; then
        pass "$case: $quantity"
    else
        fail "$case: $quantity"
        explain "expected $expected within $tolerance, got $value"
    fi
done <"$tmp/wanted"
finish
