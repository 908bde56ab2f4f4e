#!/bin/sh
# rt-backtest: the figures by hand and by another way, and what must not change them.
. "$(dirname "$0")/../lib.sh"
sample=$tests/rt-backtest/sample.csv
# row METRIC METHOD [ARG...]: what comes behind the period of that row, to six digits.
row() {
    metric=$1
    method=$2
    shift 2
    rt-backtest --digits 6 "$@" | sed -n "s/^$metric,$method,,//p"
}
is 'who came back' '0.444444,0.188779,0.733349,4,9,1' "$(row came_back '[^,]*' "$sample")"
# Of 4 who came and 5 who did not, 18 pairs of 20 in order: 0.83 and 0.83 is half of one, 0.83 and
# 0.7 and 0.625 are not.
is 'auc: pairs in order, ties half' 0.875000 "$(row auc 'p_alive[^,]*' "$sample" | cut -d, -f1)"
is 'brier' 0.136658 "$(row brier 'p_alive[^,]*' "$sample" | cut -d, -f1)"
is 'mae of orders' 0.390000 "$(row mae_orders 'expected_orders[^,]*' "$sample" | cut -d, -f1)"
# |1.75 * 20.5 - 41|, |0.5 * 10|, ...
is 'mae of spend: orders times spend of one' 8.446993 \
    "$(row mae_spend 'expected_spend[^,]*' "$sample" | cut -d, -f1)"
is 'totals' '0.772857,,,5.410000,7.000000,1' "$(row total_orders 'expected by actual' "$sample")"
is 'who has no prediction is left out, and counted' \
    'rt-backtest: 10 rows, 1 without predictions left out' \
    "$(rt-backtest -v "$sample" 2>&1 >/dev/null)"

# A larger shop, and each figure once more by awk.
shop() {
    awk -v seed="$1" -v count="$2" 'BEGIN {
        srand(seed)
        print "customer_id,recency_days,x_star,revenue_star,p_alive,expected_orders,expected_spend"
        for (i = 1; i <= count; i++) {
            p = int(rand() * 50) / 50
            recency = int((1 - p) * 200 * (0.5 + rand()))
            x = rand() < p ? 1 + int(3 * rand()) : 0
            printf "%d,%d,%d,%d.25,%.2f,%.2f,%d\n", i, recency, x, 10 * x, p, 1.9 * p, 5 + 9 * rand()
        }
    }'
}
shop 1 600 >"$tmp/shop.csv"
pairs() {
    awk -F, -v column="$1" -v sign="$2" 'NR > 1 { score[NR] = sign * $column; came[NR] = $3 > 0 }
        END { for (i in score) if (came[i]) for (k in score) if (!came[k]) {
                n++; won += score[i] > score[k] ? 1 : score[i] == score[k] ? 0.5 : 0 }
            printf "%.6f\n", won / n }' "$tmp/shop.csv"
}
is 'auc of p_alive by all pairs' "$(pairs 5 1)" \
    "$(row auc 'p_alive[^,]*' "$tmp/shop.csv" | cut -d, -f1)"
is 'auc of recency by all pairs' "$(pairs 2 -1)" \
    "$(row auc 'recency[^,]*' "$tmp/shop.csv" | cut -d, -f1)"
is 'the gain is the difference' "$(pairs 5 1 | tr '\n' ' ' &&
    pairs 2 -1)" "$(rt-backtest "$tmp/shop.csv" | awk -F, '
        $1 == "auc" && /p_alive/ { model = $4 } $1 == "auc_gain" { gain = $4 }
        END { printf "%.6f %.6f\n", model, model - gain }')"
is 'brier, once more' "$(awk -F, 'NR > 1 { d = $5 - ($3 > 0); s += d * d; n++ }
    END { printf "%.6f\n", s / n }' "$tmp/shop.csv")" \
    "$(row brier 'p_alive[^,]*' "$tmp/shop.csv" | cut -d, -f1)"
deciles() {
    rt-backtest "$tmp/shop.csv" | awk -F, "\$1 ~ /decile_/ && $1"
}
is 'the deciles hold everybody once' "$(row came_back '[^,]*' "$tmp/shop.csv" | cut -d, -f4,5)" \
    "$(deciles '/observed/' | awk -F, '{ came += $7; n += $8 } END { print came "," n }')"
is 'ten deciles of fifty values' 10 "$(deciles '/observed/' | wc -l)"
is 'the deciles of recency hold everybody once' "$(row came_back '[^,]*' "$tmp/shop.csv" | cut -d, -f4,5)" \
    "$(deciles '/recency alone/' | awk -F, '{ came += $7; n += $8 } END { print came "," n }')"
awk 'BEGIN { print "recency_days,x_star,p_alive"
    for (i = 1; i <= 100; i++) print i "," (i <= 10 ? i % 2 : i == 95) "," 1 / (i + 1) }' >"$tmp/ranks.csv"
is 'from the longest silent to the most recent' \
    'came_back_decile_1 1 10 came_back_decile_10 5 10' \
    "$(rt-backtest "$tmp/ranks.csv" | awk -F, '/decile_(1|10),recency alone/ { print $1, $7, $8 }' | xargs)"
is 'what was said grows from decile to decile' '' \
    "$(deciles '/mean/' | awk -F, '$4 <= last && NR > 1 { print } { last = $4 }')"

# Perfect, useless and worst scores.
scored() {
    awk -F, -v OFS=, "NR > 1 { \$5 = $1 } { print }" "$tmp/shop.csv" >"$tmp/scored.csv"
    rt-backtest --digits 6 "$tmp/scored.csv" | sed -n 's/^auc,p_alive[^,]*,,\([^,]*\),.*/\1/p'
}
is 'a score that knows all' 1.000000 "$(scored '$3 > 0')"
is 'a score that knows nothing' 0.500000 "$(scored 0.5)"
is 'a score that is always wrong' 0.000000 "$(scored '$3 == 0')"
is 'a model that is recency alone gains nothing by rank' 0 \
    "$(awk -F, -v OFS=, 'NR > 1 { $5 = 1 - $2 / 1000 } { print }' "$tmp/shop.csv" |
        rt-backtest | sed -n 's/^auc_gain,[^,]*,,\([^,]*\),.*/\1/p')"

rt-backtest "$tmp/shop.csv" >"$tmp/all"
{ head -n 1 "$tmp/shop.csv" && tail -n +2 "$tmp/shop.csv" | sort -t, -k 5,5 -k 3,3r; } >"$tmp/mixed.csv"
ok 'the order of the rows does not show' sh -c "rt-backtest '$tmp/mixed.csv' | cmp - '$tmp/all'"
{ head -n 1 "$tmp/shop.csv" && tail -n +300 "$tmp/shop.csv"; } >"$tmp/second.csv"
head -n 299 "$tmp/shop.csv" >"$tmp/first.csv"
ok 'shards are one table' sh -c \
    "rt-backtest '$tmp/second.csv' '$tmp/first.csv' | cmp - '$tmp/all'"
awk -F, -v OFS=, 'NR > 1 { $4 *= 2; $7 *= 2 } { print }' "$tmp/shop.csv" >"$tmp/double.csv"
is 'amounts times two: errors times two' \
    "$(awk -F, '$1 == "mae_spend" { printf "%.9f\n", 2 * $4 }' "$tmp/all")" \
    "$(rt-backtest "$tmp/double.csv" | awk -F, '$1 == "mae_spend" { printf "%.9f\n", $4 }')"
is 'each group as if it were alone' "$(rt-backtest "$tmp/shop.csv" | sed 's/,,/,a,,/')" \
    "$(sed '1s/$/,g/; 2,$s/$/,a/' "$tmp/shop.csv" |
        { cat && shop 2 50 | sed '1d; s/$/,b/'; } | rt-backtest --by g | grep -v ',b,' |
        sed '1s/method,g,period/method,a,,period/; 1s/a,,period/period/')"
is 'predictions of orders alone' 'came_back
customers
mae_orders
mae_orders_gain
total_orders' "$(cut -d, -f1-3,6 "$tmp/shop.csv" | rt-backtest | sed 1d | cut -d, -f1 | sort -u)"
is 'nobody came back: no area, no lift' ',
,' "$(awk -F, -v OFS=, 'NR > 1 { $3 = 0 } { print }' "$tmp/shop.csv" | rt-backtest |
    sed -n 's/^\(auc\|lift_top_decile\),p_alive[^,]*,,\([^,]*,\).*/\2/p')"
finish
