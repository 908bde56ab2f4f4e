#!/bin/sh
# rt-cohort: every number of small tables, worked out by hand.
. "$(dirname "$0")/../lib.sh"

# Ann starts on January 31 and comes back in February and April; Ben starts on January 2 and never
# comes back; Cid starts in March, Dan on the last day.
cat >"$tmp/in.csv" <<'END'
customer_id,date,amount,event,channel
ann,2024-01-31,10.00,purchase,web
ben,2024-01-02,4.50,,shop
ann,2024-02-01,5,purchase,shop
ann,2024-02-02,-2.50,purchase,shop
cid,2024-03-05,7.125,purchase,web
cid,2024-03-06,1,purchase,web
ann,2024-04-10,1.00,purchase,web
ann,2024-04-11,,visit,web
dan,2024-04-30,3,purchase,web
eve,2024-02-01,-9,purchase,web
END

is 'the triangle: only ages that are reached, and the weighted means' \
'metric,method,cohort,age,value,lo,hi,num,den,complete
as_of,last date; first-time month cohorts; exact month ages; wilson 95%,,,2024-04-30,,,,,1
customers,first-time month cohorts; exact month ages,2024-01,,2,,,,,1
retention,first-time month cohorts; exact month ages; wilson 95%,2024-01,1,0.5000,0.0945,0.9055,1,2,1
retention,first-time month cohorts; exact month ages; wilson 95%,2024-01,2,0.0000,0.0000,0.6576,0,2,1
retention,first-time month cohorts; exact month ages; wilson 95%,2024-01,3,0.5000,0.0945,0.9055,1,2,1
customers,first-time month cohorts; exact month ages,2024-03,,1,,,,,1
retention,first-time month cohorts; exact month ages; wilson 95%,2024-03,1,0.0000,0.0000,0.7935,0,1,1
customers,first-time month cohorts; exact month ages,2024-04,,1,,,,,1
retention,first-time month cohorts; exact month ages; wilson 95%,all,1,0.3333,0.0615,0.7923,1,3,1
retention,first-time month cohorts; exact month ages; wilson 95%,all,2,0.0000,0.0000,0.6576,0,2,1
retention,first-time month cohorts; exact month ages; wilson 95%,all,3,0.5000,0.0945,0.9055,1,2,1' \
    "$(rt-cohort --digits 4 "$tmp/in.csv")"

# rows METRIC OPTION...: cohort, age, num, den and complete of one metric.
rows() {
    metric=$1
    shift
    rt-cohort "$@" "$tmp/in.csv" | awk -F, -v metric="$metric" \
        '$1 == metric { print $(NF - 7), $(NF - 6), $(NF - 2), $(NF - 1), $NF }'
}
is 'one day less: the last month goes on, and what is known of it is kept apart' \
'2024-01 1 1 2 1
2024-01 2 0 2 1
2024-03 0 1 1 1
all 0 3 3 1
all 1 1 2 1
all 2 0 2 1' "$(rows retention --zero --as-of 2024-04-29 | sed '/2024-01 0/d')"
is 'cells that are not reached' '2024-01 3 1 2 0' \
    "$(rows retention_so_far --zero --as-of 2024-04-29)"
is 'a cohort that goes on' '2024-04   1 0' "$(rows customers --as-of 2024-04-30 --cohort 30d | tail -n 1 | sed 's/2024-04-[0-9]*/2024-04/; s/   *\([01]\)$/   1 \1/')"
is 'rolling: then or later' \
'2024-01 1 1 2 1
2024-01 2 1 2 1
2024-01 3 1 2 1
2024-03 1 0 1 1' "$(rows retention --mode rolling | grep -v all)"
is 'brackets; Ann has 1, 70; Cid 1; the youngest of a cohort counts' \
'2024-01 0-7 2 2 1
2024-01 1 1 2 1
2024-01 2-69 0 2 1
2024-01 70-90 1 2 1
2024-03 0-7 1 1 1
2024-03 1 1 1 1' "$(rows retention --age day --mode bracket=0-7,1,2-69,70-90 | grep -v all)"
is 'refunds are no activity, but count in sums; Eve never started' \
'2024-01 0 14.50 2 1
2024-01 1 2.50 2 1
2024-01 2 0 2 1
2024-01 3 1.00 2 1
2024-03 0 8.125 1 1
2024-03 1 0 1 1
2024-04 0 3 1 1
all 0 25.625 4 1
all 1 2.50 3 1
all 2 0 2 1
all 3 1.00 2 1' "$(rows sum:amount --sum amount)"
is 'cumulative sums' \
'2024-01 0 14.50 2 1
2024-01 1 17.00 2 1
2024-01 2 17.00 2 1
2024-01 3 18.00 2 1' "$(rows sum:amount --sum amount --cumulative | grep ^2024-01)"
is 'per acquired customer' 1.25 \
    "$(rt-cohort --sum amount "$tmp/in.csv" | awk -F, '/^sum:.*2024-01,1,/ { print $5 }')"
is 'groups: that of the first start' \
'shop 2024-01 1
web 2024-01 1
web 2024-03 1
web 2024-04 1' "$(rt-cohort --by channel "$tmp/in.csv" | awk -F, '/^customers/ { print $3, $4, $6 }')"
is 'recurring: Ann is in three cohorts, and all claims no interval' \
'2024-01 1 1 2 1
2024-01 2 0 2 1
2024-01 3 1 2 1
2024-02 1 0 1 1
2024-02 2 1 1 1
2024-03 1 0 1 1
all 1 1 4 1
all 2 1 3 1
all 3 1 2 1' "$(rows retention --recurring)"
is 'no interval' ',,' "$(rt-cohort --recurring "$tmp/in.csv" | grep ,all,1, | cut -d , -f 6-8 | sed 's/1$//')"
is 'a visit, then a purchase' '2024-04 0 0 1 1' \
    "$(rows retention --start visit --zero | grep -v all)"
is 'a purchase, then a visit' '2024-01 3 1 2 1' \
    "$(rows retention --return visit | grep 2024-01 | tail -n 1)"
is 'what is before the start is no return' '2024-02 0 0 1 1' \
    "$(printf 'customer_id,date,event\na,2024-02-03,purchase\na,2024-02-04,signup\na,2024-02-29,visit\n' |
        rt-cohort --start signup --zero | awk -F, '/^retention.*2024/ { print $3, $4, $8, $9, $10 }')"
is 'the same, the signup first in the file' '2024-02 0 1 1 1' \
    "$(printf 'customer_id,date,event\na,2024-02-04,signup\na,2024-02-04,purchase\na,2024-02-29,visit\n' |
        rt-cohort --start signup --zero | awk -F, '/^retention.*2024/ { print $3, $4, $8, $9, $10 }')"
is 'another column is summed' 2 "$(printf 'customer_id,date,qty\na,2024-01-31,2\nb,2024-01-31,\n' |
    rt-cohort --sum qty | awk -F, '/^sum:qty.*2024/ { print $8 }')"
is 'no cap on periods: 200 years of months' 2400 \
    "$(printf 'customer_id,date\na,1800-01-01\na,1999-12-31\nb,2000-01-31\n' | rt-cohort |
        grep -c '^retention.*,1800-01,')"
is 'the whole calendar' 1 "$(printf 'customer_id,date\na,0001-01-01\na,9999-12-31\n' |
    rt-cohort --cohort day --mode bracket=3652058 | awk -F, '/^retention.*0001/ { print $8 }')"
is 'a header alone: no rows' 'metric,method,cohort,age,value,lo,hi,num,den,complete' \
    "$(head -n 1 "$tmp/in.csv" | rt-cohort)"
is '-v tells the counts on stderr' \
    'rt-cohort: 10 rows read, 1 after the as-of date left out, 3 customers, 2 cohorts' \
    "$(rt-cohort -v --as-of 2024-04-29 "$tmp/in.csv" 2>&1 >/dev/null)"
is 'stderr is empty otherwise' '' "$(rt-cohort "$tmp/in.csv" 2>&1 >/dev/null)"

# Lists.
is 'who is in a cell' 'customer_id,channel,cohort,age
ann,web,2024-01,1' "$(rt-cohort --by channel --list cohort=2024-01,age=1 "$tmp/in.csv")"
is 'who is in a cohort' 'customer_id,cohort,age
ann,2024-01,
ben,2024-01,' "$(rt-cohort --list cohort=2024-01 "$tmp/in.csv")"
is 'who is in a mean' 'customer_id,cohort,age
ann,2024-01,0-7
ben,2024-01,0-7
cid,2024-03,0-7' "$(rt-cohort --age day --mode bracket=0-7 --list cohort=all,age=0-7 "$tmp/in.csv")"
finish
