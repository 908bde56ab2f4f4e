#!/bin/sh
# rt-churn: small logs counted by hand.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/log.csv" <<'END'
customer_id,date,amount
ann,2024-01-05,10.00
bob,2024-01-20,5.5
ann,2024-01-20,20.00
bob,2024-01-20,4.50
cid,2024-02-02,7.00
ann,2024-02-10,30.00
ann,2024-02-10,-5.00
cid,2024-03-30,1.00
dan,2024-04-01,-3.00
dan,2024-04-02,9.00
END

# figures METRIC PERIOD [OPTION...]: value,num,den,complete of the first row of the metric.
figures() {
    metric=$1
    period=$2
    shift 2
    rt-churn --idle 30 "$@" "$tmp/log.csv" | grep "^$metric,.*,$period," | head -n 1 |
        awk -F, '{ print $4 "," $7 "," $8 "," $9 }'
}
# counts PERIOD [OPTION...]: start new returned lost end.
counts() {
    period=$1
    shift
    for metric in customers_start new returned lost customers_end; do
        figures $metric "$period" "$@" | cut -d, -f 1
    done | xargs
}
is 'January: two come' '0 2 0 0 2' "$(counts 2024-01)"
is 'February: bob goes, cid comes' '2 1 0 1 2' "$(counts 2024-02)"
is 'March: ann goes; cid is idle for a while, which no end of a month sees' '2 0 0 1 1' \
    "$(counts 2024-03)"
is 'April, up to the last date' '1 1 0 0 2' "$(counts 2024-04)"
is 'weeks: cid goes in March and returns' '0 0 1 0 1' "$(counts 2024-W13 --period week)"
is 'who comes and goes in one period is new and lost' '0 3 0 2 1' \
    "$(counts 2024-Q1 --period quarter --idle 20)"
is 'as-of ends the counting' '2 1 0 1 2' "$(counts 2024-02 --as-of 2024-02-28)"
is 'spans of ten days, one of which begins on 2024-01-12' '1 1 0 0 2' "$(counts 2024-01-12 --period 10d)"
is 'a week from Sunday is called by its first day' '0 1 0 0 1' \
    "$(counts 2023-12-31 --period week --week-start sunday)"

is 'churn of the set' 0.5,1,2,1 "$(figures churn_rate 2024-02)"
is 'churn as Stripe has it' '1,3' \
    "$(rt-churn --idle 30 "$tmp/log.csv" | awk -F, '/^churn_rate,stripe.*,2024-02,/ { print $7 "," $8 }')"
is 'retention of the set' 0.5,1,2,1 "$(figures retention_rate 2024-02)"
is 'nobody at the start: no rate, not 0/0' ',0,0,1' "$(figures churn_rate 2024-01)"
is 'a period without purchases has empty means' ',0.00,0,1' "$(figures aov 2024-W10 --period week)"
is 'orders are days with purchases' 3,,,1 "$(figures orders 2024-01)"
is 'repeat rate' 0.5,1,2,1 "$(figures repeat_rate 2024-01)"
is 'purchase frequency' 1.5,3,2,1 "$(figures purchase_frequency 2024-01)"
is 'revenue, refunds taken off' 32.00,,,1 "$(figures revenue 2024-02)"
is 'average order' 16,32.00,2,1 "$(figures aov 2024-02)"
is 'average order of new customers' 7,7.00,1,1 "$(figures aov_new 2024-02)"
is 'average order of the others' 25,25.00,1,1 "$(figures aov_returning 2024-02)"
is 'share of revenue of the others' 0.78125,25.00,32.00,1 \
    "$(figures share_of_revenue_returning 2024-02)"
is 'a refund before the first purchase of the same month is of a new customer' 6,6.00,1,0 \
    "$(figures aov_new 2024-04)"
is 'the last month is not complete' 0 "$(figures churn_rate 2024-04 | cut -d, -f 4)"
is 'but it is where its last day is the as-of date' 1 \
    "$(figures churn_rate 2024-04 --as-of 2024-04-30 | cut -d, -f 4)"
is 'the as-of date is a row' 'as_of,month; last date,2024-04-02,,,,,,1' \
    "$(rt-churn "$tmp/log.csv" | sed -n 2p)"

# Rescaled: 1 - (1 - 1/2)^(365/12/29), and over the year.
near() {
    ok "$1" awk -v a="$2" -v b="$3" 'BEGIN { exit !(a != "" && a - b < 1e-12 && b - a < 1e-12) }'
}
near 'churn of 29 days by the month' "$(figures churn_rate_month 2024-02 | cut -d, -f 1)" \
    "$(awk 'BEGIN { printf "%.15f", 1 - exp(log(0.5) * 365 / 12 / 29) }')"
near 'and by the year' "$(figures churn_rate_year 2024-02 | cut -d, -f 1)" \
    "$(awk 'BEGIN { printf "%.15f", 1 - exp(log(0.5) * 365 / 29) }')"
is 'the change from the month before' '0,,,1' "$(figures churn_rate_change 2024-03)"

is 'the list' 'customer_id,period,state
ann,2024-01,new
ann,2024-02,retained
ann,2024-03,lost
bob,2024-01,new
bob,2024-02,lost
cid,2024-02,new
cid,2024-03,retained
cid,2024-04,retained
dan,2024-04,new' "$(rt-churn --idle 30 --list "$tmp/log.csv")"
is 'new and lost in one period: two rows' 'bob,2024-Q1,new
bob,2024-Q1,lost' "$(rt-churn --idle 20 --period quarter --list "$tmp/log.csv" | grep bob)"

cat >"$tmp/groups.csv" <<'END'
customer_id,date,channel,event
ann,2024-01-05,web,purchase
ann,2024-01-05,app,purchase
ann,2024-02-05,web,purchase
bob,2024-01-06,web,visit
bob,2024-02-06,web,
END
is 'a customer is of the group of the first purchase, the least of several' 'app 2024-01 1
app 2024-02 0
web 2024-01 0
web 2024-02 1' "$(rt-churn --by channel "$tmp/groups.csv" |
    awk -F, '$1 == "new" { print $3, $4, $5 }')"
is 'without amounts there are no rows of money' '' "$(rt-churn "$tmp/groups.csv" | grep -E 'aov|revenue')"
is 'another event may be the purchase' '2024-01 1' "$(rt-churn --purchase visit "$tmp/groups.csv" |
    sed '/^new/!d; s/new,first purchase,\([^,]*\),\([0-9]*\).*/\1 \2/' | head -n 1)"
is 'the list has the group' 'ann,app,2024-02,retained' \
    "$(rt-churn --list --by channel "$tmp/groups.csv" | grep '^ann.*02,')"

printf 'customer_id,date\n' >"$tmp/none.csv"
is 'no rows: no periods' 'metric,method,period,value,lo,hi,num,den,complete
as_of,month; last date,,,,,,,1
idle_days,given,,90,,,,,1' "$(rt-churn "$tmp/none.csv")"

# Gaps of 1 to 10 days, nine of ten by the ninth; customers without a second purchase are open.
{ echo customer_id,date
    for i in 1 2 3 4 5 6 7 8 9 10; do
        printf 'c%d,2024-01-01\nc%d,2024-01-%02d\n' $i $i $((i + 1))
    done; } >"$tmp/gaps.csv"
is 'auto: ten closed, then ten open ones of their customers' \
    'idle_days,kaplan-meier 90% of gaps closed; log-log 95%,,10,9,,10,20,1' \
    "$(rt-churn --idle auto "$tmp/gaps.csv" | grep ^idle)"
like 'auto where customers leave for good says so' \
    '^idle_days,kaplan-meier 90% of gaps that ever close; log-log 95%,,[0-9]+,[0-9]+,[0-9]*,' \
    "$(rt-sim --customers 500 --seed 5 | rt-churn --idle auto | grep ^idle)"
is '-v tells the counts on stderr' \
    'rt-churn: 10 rows read, 2 after the as-of date left out, 3 customers, 1 groups' \
    "$(rt-churn -v --as-of 2024-03-31 "$tmp/log.csv" 2>&1 >/dev/null)"
finish
