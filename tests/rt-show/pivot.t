#!/bin/sh
# rt-show --pivot: period tables, triangles, and tables that are no metric rows.

. "$(dirname "$0")/../lib.sh"

cat >"$tmp/cohort.csv" <<'END'
metric,method,cohort,age,value,lo,hi,num,den,complete
as_of,last date,,,2024-03-31,,,,,1
customers,c,2024-01,,20,,,,,1
retention,wilson 95%,2024-01,1,0.5,0.3,0.7,10,20,1
retention,wilson 95%,2024-01,2,0.25,0.1,0.5,5,20,1
retention,wilson 95%,2024-01,10,0.0049,0.1,0.5,5,20,1
customers,c,2024-02,,8,,,,,1
retention,wilson 95%,2024-02,1,1,0.6,1,8,8,0
retention_so_far,wilson 95%,2024-02,2,,,,1,8,0
END
is 'a triangle: ages by number, shares in percent, customers in front, what is not complete' \
    'value by cohort and age
as_of 2024-03-31 (last date)

retention (wilson 95%)
cohort   customers        1      2    10
2024-01         20   50.0%   25.0%  0.5%
2024-02          8  100.0%*

* not complete

(not shown: retention_so_far)' "$(rt-show --pivot age "$tmp/cohort.csv")"
is '--plain-shares' '2024-01  20  0.5  0.25  0.00' \
    "$(rt-show --pivot age --plain-shares --digits 2 "$tmp/cohort.csv" | grep '^2024-01' |
        tr -s ' ' | sed 's/ /  /g')"
is '--value shows another column' '2024-01  20  10  5  5' \
    "$(rt-show --pivot age --value num "$tmp/cohort.csv" | grep '^2024-01' | tr -s ' ' |
        sed 's/ /  /g; s/2024-01/2024-01  20/')"
is 'a table that is too wide goes on below, with its headings' 3 \
    "$(rt-show --pivot age --width 30 "$tmp/cohort.csv" | grep -c '^cohort')"

cat >"$tmp/periods.csv" <<'END'
metric,method,period,value,lo,hi,num,den,complete
as_of,month; last date,2024-02-20,,,,,,1
idle_days,given,,90,,,,,1
churn_rate,set; wilson 95%,2024-01,0.5,,,,,1
churn_rate,set; wilson 95%,2024-02,0.25,,,,,0
churn_rate,stripe; wilson 95%,2024-01,0.4,,,,,1
last_purchase,new,2024-02-19,4,,,,,1
new,first purchase,2024-01,7,,,,,1
END
is 'a period table: a row for each metric, the method where one has two' \
    'value by metric, method and period
as_of 2024-02-20 (month; last date)
idle_days 90 (given)

metric      method              2024-01  2024-02
churn_rate  set; wilson 95%       50.0%   25.0%*
churn_rate  stripe; wilson 95%    40.0%
new         first purchase         7

* not complete

(not shown: last_purchase)' "$(rt-show --pivot period "$tmp/periods.csv")"

heat=$(rt-show --pivot period --color always "$tmp/periods.csv" | grep '^churn.*set')
like 'the greatest of a row is dark' '\[48;5;17;38;5;231m *50\.0%' "$heat"
like 'the least is pale' '\[48;5;231;38;5;16m *25\.0%' "$heat"

cat >"$tmp/plain.csv" <<'END'
shop,month,value
a,2,10
b,1,20
a,1,x
END
is 'any table' 'value by shop and month

shop  1    2
a     x   10
b     20' "$(rt-show --pivot month "$tmp/plain.csv")"
printf 'b,1,30\n' >>"$tmp/plain.csv"
fails 'two values for one place' 'row 4 ' rt-show --pivot month "$tmp/plain.csv"
fails 'an unknown column' "no column 'months'.*month" rt-show --pivot months "$tmp/plain.csv"
finish
