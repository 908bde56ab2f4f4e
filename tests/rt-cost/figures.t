#!/bin/sh
# rt-cost: the figures, by hand, and what must not change them.
. "$(dirname "$0")/../lib.sh"
here=$tests/rt-cost
cost() {
    rt-cost --costs "$here/costs.csv" "$@" "$here/sample.csv"
}
# row METRIC KEYS [ARG...]: what comes behind the keys of that row.
row() {
    metric=$1
    keys=$2
    shift 2
    cost "$@" | sed -n "s/^$metric,[^,]*,$keys,//p"
}
ads='"ads, paid",2024-01'
is 'cac: costs of one group and period add up, exactly' '20.05,,,160.40,8,1' "$(row cac "$ads")"
is 'crc: by those of the start who stayed, not by the start less the lost' \
    '1.5,,,12.00,8,1' "$(row crc "$ads")"
is 'cac_crc' '13.366667,,,20.050000,1.500000,1' "$(row cac_crc "$ads" --digits 6)"
is 'ltv_cac: the interval of the mean, and its method' \
    'ltv_cac,ltv by cac; t 90%,"ads, paid",2024-01,3,2,4,60.15,20.05,1' \
    "$(cost --ltv "$here/ltv.csv" | grep "^ltv_cac.*$ads")"
is 'a worth of all groups, of one period' \
    '2.9169,,,25.5000,8.7422,1' "$(
        printf '%s\n' metric,method,period,value,lo,hi,num,den,complete \
            mean:ltv,t,2024-01,25.5,,,,,1 >"$tmp/ltv.csv"
        sed 's/20.00,5.50/0,0/; s/^shop,2024-01,,/shop,2024-01,34.9688,/' "$here/costs.csv" >"$tmp/c.csv"
        rt-cost --costs "$tmp/c.csv" --ltv "$tmp/ltv.csv" --digits 4 "$here/sample.csv" |
            sed -n 's/^ltv_cac,[^,]*,shop,2024-01,//p'
    )"
# 0.3 * 500.50 / 12.5 customers / (31 days of 365.25 / 12)
is 'monthly_margin: a share of the revenue by who was there, by months' \
    '11.794040,,,500.50,,1' "$(row monthly_margin "$ads" --margin 0.3 --digits 6)"
# 0.3 * 120 / 13.5 / (20 / 30.4375): up to the as-of date
is 'monthly_margin: of an incomplete period up to the as-of date' \
    '4.058333,,,120.00,,0' "$(row monthly_margin '"ads, paid",2024-02' --margin 30% --digits 6)"
is 'payback_months' '1.700011,,,20.050000,11.794040,1' \
    "$(row payback_months "$ads" --margin 0.3 --digits 6)"
is 'payback_months: of a margin that is given' '8.02,,,20.05,2.50,1' \
    "$(row payback_months "$ads" --monthly-margin 2.50 --digits 2)"
is 'no new customers: no cost of one' ',,,55.00,0,0' "$(row cac '"ads, paid",2024-02')"
is 'an empty cell is no cost of 0' ',,,,4,1' "$(row cac shop,2024-01)"
is 'a cost of 0 is one' ',,,0,0,1' "$(row crc shop,2024-01)"
is 'costs without customers are named' '25.50,,,,,1' "$(row unmatched_costs shop,2024-03)"
is 'customers without costs are named' '5,,,,,0' "$(row unmatched_customers shop,2024-02)"
cost -v 2>"$tmp/said" >"$tmp/out"
is '-v counts them' \
    'rt-cost: 3 periods and groups with customers and costs, 1 with costs alone, 1 with customers alone' \
    "$(cat "$tmp/said")"

cost --margin 1 >"$tmp/all"
{ head -n 1 "$here/sample.csv" && tail -n +2 "$here/sample.csv" | sort -r; } >"$tmp/mixed.csv"
{ head -n 1 "$here/costs.csv" && tail -n +2 "$here/costs.csv" | sort -r; } >"$tmp/mixed-costs.csv"
rt-cost --costs "$tmp/mixed-costs.csv" --margin 1 "$tmp/mixed.csv" >"$tmp/other"
ok 'the order of the rows does not show' cmp "$tmp/all" "$tmp/other"
sed 's/100.10,12.00/200.20,24.00/; s/60.30/120.60/' "$here/costs.csv" >"$tmp/twice.csv"
is 'costs times two are twice the cost' '40.1,,,320.80,8,1
3,,,24.00,8,1' "$(rt-cost --costs "$tmp/twice.csv" "$here/sample.csv" |
    sed -n "s/^c[ar]c,[^,]*,$ads,//p")"
is 'a table of one of the two costs alone' '1.5,,,12.00,8,1' "$(
    printf 'channel,period,retention_cost\n%s,12.00\n' "$ads" >"$tmp/one.csv"
    rt-cost --costs "$tmp/one.csv" "$here/sample.csv" | sed -n "s/^crc,[^,]*,$ads,//p"
)"

# The whole way, from a shop to its costs.
rt-sim --customers 400 --seed 3 | sed '1s/$/,channel/; 2,$s/$/,web/' >"$tmp/log.csv"
rt-churn --by channel "$tmp/log.csv" >"$tmp/churn.csv"
printf 'period,channel,acquisition_cost,retention_cost\n2023-05,web,300.00,80.00\n' >"$tmp/costs.csv"
new=$(sed -n 's/^new,first purchase,web,2023-05,\([0-9]*\),.*/\1/p' "$tmp/churn.csv")
kept=$(sed -n 's/^retention_rate,set[^,]*,web,2023-05,.*,\([0-9]*\),[0-9]*,1$/\1/p' "$tmp/churn.csv")
is 'from rt-churn: new and retained customers' "300.00,$new
80.00,$kept" "$(rt-cost --costs "$tmp/costs.csv" --margin 0.5 "$tmp/churn.csv" |
    sed -n 's/^c[ar]c,.*,web,2023-05,[^,]*,,,\(.*\),1$/\1/p')"
finish
