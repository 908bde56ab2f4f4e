#!/bin/sh
# rt-summary: every number of a small table, worked out by hand.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/in.csv" <<'END'
customer_id,segment,revenue,aov,recency_days
1,champions,100.50,50.25,3
2,champions,200.00,66.666666666666671,5
3,lost,10.00,10,300
4,lost,,,400
5,"at, risk",-5.25,1.1,200
6,lost,12.10,12.1,310
END

is 'customers, share and revenue of each group, sorted by bytes' \
'metric,method,segment,period,value,lo,hi,num,den,complete
customers,rows,"at, risk",,1,,,,,1
share,wilson 95%,"at, risk",,0.1667,0.0301,0.5635,1,6,1
revenue,exact sum,"at, risk",,-5.25,,,,,1
share_of_revenue,ratio of sums,"at, risk",,-0.0165,,,-5.25,317.35,1
customers,rows,champions,,2,,,,,1
share,wilson 95%,champions,,0.3333,0.0968,0.7000,2,6,1
revenue,exact sum,champions,,300.50,,,,,1
share_of_revenue,ratio of sums,champions,,0.9469,,,300.50,317.35,1
customers,rows,lost,,3,,,,,1
share,wilson 95%,lost,,0.5000,0.1876,0.8124,3,6,1
revenue,exact sum,lost,,22.10,,,,,1
share_of_revenue,ratio of sums,lost,,0.0696,,,22.10,317.35,1' \
    "$(rt-summary --by segment --digits 4 "$tmp/in.csv")"

is 'no --by is one group; the table may have no revenue' \
'metric,method,period,value,lo,hi,num,den,complete
customers,rows,,6,,,,,1
share,wilson 90%,,1.0000,0.6892,1.0000,6,6,1' \
    "$(rt-summary --conf 90% --digits 4 --map amount=revenue "$tmp/in.csv")"

stats() {
    rt-summary --by segment --stat "$1" --digits 3 "$tmp/in.csv" |
        grep -v '^customers,\|^share\|^revenue\|^metric'
}
# t(0.975, 1) = 12.706, s = 11.608 and 1.485 (of 66.667, 50.25 and of 10, 12.1).
is 'mean, with its sum and sum of squares' \
'mean:aov,t 95%,"at, risk",,1.100,,,1.1,1,1
squares:aov,exact sum,"at, risk",,1.21,,,,1,1
mean:aov,t 95%,champions,,58.458,-45.838,162.755,116.916666666666671,2,1
squares:aov,exact sum,champions,,6969.506944444445022222222222222241,,,,2,1
mean:aov,t 95%,lost,,11.050,-2.292,24.392,22.1,2,1
squares:aov,exact sum,lost,,246.41,,,,2,1' \
    "$(stats mean:aov)"
is 'median and quantiles, empty cells left out' \
'median:recency_days,type 7; order statistics 95%,"at, risk",,200.000,,,,1,1
p90:recency_days,type 7; order statistics 95%,"at, risk",,200.000,,,,1,1
median:recency_days,type 7; order statistics 95%,champions,,4.000,,,,2,1
p90:recency_days,type 7; order statistics 95%,champions,,4.800,3.000,,,2,1
median:recency_days,type 7; order statistics 95%,lost,,310.000,,,,3,1
p90:recency_days,type 7; order statistics 95%,lost,,382.000,300.000,,,3,1' \
    "$(stats median:recency_days,p90:recency_days)"
is 'count, sum, least and greatest' \
'count:aov,cells not empty,"at, risk",,1,,,,1,1
sum:revenue,exact sum,"at, risk",,-5.25,,,-5.25,1,1
min:aov,exact,"at, risk",,1.1,,,,1,1
max:aov,exact,"at, risk",,1.1,,,,1,1
count:aov,cells not empty,champions,,2,,,,2,1
sum:revenue,exact sum,champions,,300.50,,,300.50,2,1
min:aov,exact,champions,,50.25,,,,2,1
max:aov,exact,champions,,66.666666666666671,,,,2,1
count:aov,cells not empty,lost,,2,,,,2,1
sum:revenue,exact sum,lost,,22.10,,,22.10,2,1
min:aov,exact,lost,,10,,,,2,1
max:aov,exact,lost,,12.1,,,,2,1' \
    "$(stats count:aov,sum:revenue,min:aov,max:aov)"

is 'values counted, each once, not rounded' \
'values:recency_days,count,lost,,300,,,1,3,1
values:recency_days,count,lost,,310,,,1,3,1
values:recency_days,count,lost,,400,,,1,3,1' \
    "$(rt-summary --by segment --stat median:recency_days --values --digits 1 "$tmp/in.csv" |
        grep '^values.*lost')"

# The certified interval of a median of ten values is that of the ranks 2 and 9.
is 'the interval of a median' \
    'median:v,type 7; order statistics 95%,,55,20,90,,10,1' \
    "$(printf 'v\n100\n10\n20\n90\n80\n30\n40\n70\n60\n50\n' | rt-summary --stat median:v |
        grep ^median)"

is 'movement between two columns, a row sums to one' \
'metric,method,from,to,period,value,lo,hi,num,den,complete
movement,wilson 95%,,a,,1.000,0.207,1.000,1,1,1
movement,wilson 95%,a,a,,0.333,0.061,0.792,1,3,1
movement,wilson 95%,a,b,,0.667,0.208,0.939,2,3,1
movement,wilson 95%,b,b,,1.000,0.207,1.000,1,1,1' \
    "$(printf 'from,to\na,b\na,a\nb,b\na,b\n,a\n' | rt-summary --matrix from,to --digits 3)"
is 'movement within groups: --by stands before the two' \
'metric,method,shop,from,to,period,value,lo,hi,num,den,complete
movement,wilson 95%,x,a,a,,0.500,0.095,0.905,1,2,1
movement,wilson 95%,x,a,b,,0.500,0.095,0.905,1,2,1
movement,wilson 95%,y,a,a,,1.000,0.207,1.000,1,1,1' \
    "$(printf 'to,from,shop\na,a,x\nb,a,x\na,a,y\n' |
        rt-summary --by shop --matrix from,to --digits 3)"

is 'a header alone: no groups' 'metric,method,segment,period,value,lo,hi,num,den,complete' \
    "$(head -n 1 "$tmp/in.csv" | rt-summary --by segment --stat mean:aov)"
is 'a header alone: the one group of no --by is empty, not 0/0' \
'metric,method,period,value,lo,hi,num,den,complete
customers,rows,,0,,,,,1
share,wilson 95%,,,,,0,0,1
revenue,exact sum,,0,,,,,1
share_of_revenue,ratio of sums,,,,,0,0,1
mean:aov,t 95%,,,,,0,0,1
squares:aov,exact sum,,0,,,,0,1
median:aov,type 7; order statistics 95%,,,,,,0,1
max:aov,exact,,,,,,0,1' \
    "$(head -n 1 "$tmp/in.csv" | rt-summary --stat mean:aov,median:aov,max:aov)"
is 'no share of a revenue that is not above 0' \
'share_of_revenue,ratio of sums,a,,,,,-5,-2,1
share_of_revenue,ratio of sums,b,,,,,3,-2,1' \
    "$(printf 'g,revenue\na,-5\nb,3\n' | rt-summary --by g | grep ^share_of)"
is 'equal values claim no interval of the mean' 'mean:v,t 95%,,2,,,4,2,1' \
    "$(printf 'v\n2\n2.0\n' | rt-summary --stat mean:v | grep ^mean | sed 's/4\.0/4/')"

is '-v tells the counts on stderr' 'rt-summary: 6 rows, 3 groups, 1 empty cells left out' \
    "$(rt-summary -v --by segment --stat mean:aov "$tmp/in.csv" 2>&1 >/dev/null)"
is 'stderr is empty otherwise' '' "$(rt-summary --by segment "$tmp/in.csv" 2>&1 >/dev/null)"
finish
