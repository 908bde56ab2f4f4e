#!/bin/sh
# What is refused, and in which words.
. "$(dirname "$0")/../lib.sh"
sample=$(dirname "$0")/sample.csv
survivors=$(dirname "$0")/sample-survivors.csv

fails 'no model' '^rt-fit: which model\?.*mbgnbd' rt-fit
fails 'not a model' '^rt-fit: the first operand is not the name of a model: bgnbd' rt-fit "$sample"
fails 'a unit that is none' 'unit' rt-fit mbgnbd --unit year "$sample"
fails '--by of an own column' '^rt-fit: --by: the output has a column value' \
    rt-fit mbgnbd --by value "$sample"
fails 'a weight that is not there' "no column 'people'" rt-fit mbgnbd --weight people "$sample"

# cell NAME PATTERN MODEL TEXT: a profile of one row is refused.
cell() {
    printf 'x,t_x,T,m_x,last_date,recency_days\n%s\n' "$4" >"$tmp/row.csv"
    fails "$1" "^rt-fit: $tmp/row.csv:2: $2\$" rt-fit "$3" "$tmp/row.csv"
}
cell 'x is not whole' 'x: not a whole number' mbgnbd 1.5,3,9,,,
cell 'x is no number' 'x: not a number' mbgnbd many,3,9,,,
cell 'x below 0' 'x: below 0' mbgnbd -1,3,9,,,
cell 'T below t_x' 'T: below t_x' mbgnbd 1,3,2,,,
cell 'T is 0' 'T: 0, though x is not' mbgnbd 1,0,0,,,
cell 'half a row' 'some of the columns that the model needs are empty' mbgnbd 1,3,,,,
cell 'a date that is none' 'last_date: not a date of the form YYYY-MM-DD' mbgnbd 1,3,9,,2024-02-30,5
cell 'days that are none' 'recency_days: not a number of days' mbgnbd 1,3,9,,2024-02-20,-5
cell 'spend that is no number' 'm_x: not a number' gg 1,3,9,much,,
{ cat "$sample"; sed -n '2s/^[^,]*/late/; 2s/2023-\(..\)-../2023-\1-28/2p' "$sample"; } >"$tmp/mixed.csv"
fails 'profiles of different as-of dates' ':62: recency_days: not counted to the same day' \
    rt-fit mbgnbd "$tmp/mixed.csv"
{ head -n 1 "$sample"; tail -n +2 "$sample"; } | sed 's/^\([^,]*,.*\)$/\1,-1/; 1s/,-1$/,people/' >"$tmp/weight.csv"
fails 'a weight below 0' ':2: people: below 0' rt-fit mbgnbd --weight people "$tmp/weight.csv"

printf 'period,survivors\n0,100\n2,80\n' >"$tmp/gap.csv"
fails 'a period is missing' ':3: period: not the next period' rt-fit sbg "$tmp/gap.csv"
printf 'period,survivors\n0,100\n1,80\n2,81\n' >"$tmp/more.csv"
fails 'more survivors than before' ':4: survivors: more than in the period before' \
    rt-fit sbg "$tmp/more.csv"
fails 'a profile is not survivors' "no column 'period'" rt-fit sbg "$sample"
ok 'survivors' rt-fit bdw --map period=year "$survivors"

printf ',\n' >"$tmp/nameless.csv"
fails 'a header of empty names' ":1: no column 'x'" rt-fit mbgnbd --scanner off "$tmp/nameless.csv"

# Too little, and data that belong to another model.
head -n 1 "$sample" >"$tmp/header.csv"
is 'a table without rows' 'model,param,value,se' "$(rt-fit mbgnbd "$tmp/header.csv")"
{ cat "$tmp/header.csv"; echo 'refunded,,,0,-5,,,,,,,'; } >"$tmp/none.csv"
fails 'no customer' '^rt-fit: mbgnbd: there are no customers' rt-fit mbgnbd "$tmp/none.csv"
head -n 2 "$sample" >"$tmp/one.csv"
fails 'one customer' '^rt-fit: bgnbd: fewer than 10 customers' rt-fit bgnbd "$tmp/one.csv"
awk 'BEGIN { print "x,t_x,T"; for (i = 0; i < 500; i++) print "0,0," i }' >"$tmp/never.csv"
for model in bgnbd mbgnbd pnbd; do
    fails "$model: nobody came back" 'no customer has bought twice' rt-fit "$model" "$tmp/never.csv"
done
awk 'BEGIN { print "x,t_x,T"; for (i = 0; i < 300; i++) print 5 + i % 13 "," 200 + i "," 200 + i }' \
    >"$tmp/always.csv"
for model in bgnbd mbgnbd pnbd; do
    fails "$model: nobody left" 'nobody seems to drop out.*use' timeout 20 rt-fit "$model" "$tmp/always.csv"
done
awk 'BEGIN { print "x,m_x"; for (i = 0; i < 60; i++) printf "%d,%.2f\n", 1 + i % 4, 10^(i / 8) }' \
    >"$tmp/wild.csv"
fails 'spend without a mean' 'gg: q is 1 or less' rt-fit gg "$tmp/wild.csv"
awk 'BEGIN { print "x,m_x"; for (i = 0; i < 60; i++) print 1 + i % 4 ",10" }' >"$tmp/same.csv"
fails 'all spend the same' 'gg: all customers spend the same' rt-fit gg "$tmp/same.csv"
finish
