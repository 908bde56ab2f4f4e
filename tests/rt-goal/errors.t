#!/bin/sh
# What is no pass: goals that cannot be judged, and files that are wrong.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/rows.csv" <<'END'
metric,method,channel,period,value,lo,hi,num,den,complete
churn,set; wilson 95%,shop,2024-01,0.2,0.1,0.3,2,10,1
churn,set; wilson 95%,web,2024-01,0.3,0.2,0.4,3,10,1
churn,stripe; wilson 95%,shop,2024-01,0.4,0.3,0.5,4,10,1
lost,x,shop,2024-01,,,,,,1
late,x,shop,2024-01,5,,,,,0
gap,x,shop,2024-01,5,,,,,1
gap,x,shop,2024-03,5,,,,,1
odd,x,shop,soon,5,,,,,1
mix,x,shop,2024-01,5,,,,,1
mix,x,shop,2024-Q1,5,,,,,1
twice,x,shop,2024-01,5,,,,,1
twice,x,shop,2024-01,6,,,,,1
END
# refuse NAME PATTERN COLUMNS CELLS
refuse() {
    printf '%s\n%s\n' "$3" "$4" >"$tmp/goals.csv"
    fails "$1" "$2" rt-goal --goals "$tmp/goals.csv" "$tmp/rows.csv"
}
columns=goal,metric,op,target,due,channel,method
at='goals.csv:2: metric: '
refuse "a metric that is absent" "${at}not in the input" $columns g,nps,'>=',1,,shop,
refuse "another group" "${at}not in the input" $columns g,churn,'>=',1,,post,set
refuse "another method" "${at}not in the input" $columns g,churn,'>=',1,,shop,se
refuse "several methods" "${at}several rows" $columns g,churn,'>=',1,,shop,
refuse "several groups" "${at}several rows" goal,metric,op,target,due,method g,churn,'>=',1,,set
refuse "no value" "${at}not in the input" $columns g,lost,'>=',1,,shop,
refuse "nothing complete" "${at}no complete period" $columns g,late,'>=',1,,shop,
refuse "due in a period that is missing" "${at}no complete row .* of the period in which it is due" \
    $columns g,gap,'>=',1,2024-02-10,shop,
refuse "due before all periods" "${at}no complete row" $columns g,gap,'>=',1,2023-02-10,shop,
refuse "a label that is no period" "${at}a label that is no period" $columns g,odd,'>=',1,,shop,
refuse "periods of two kinds" "${at}periods of several kinds" $columns g,mix,'>=',1,,shop,
refuse "a period twice" "${at}a period twice" $columns g,twice,'>=',1,,shop,

refuse "op" 'goals.csv:2: op: not one of < <= > >=' $columns g,gap,'=',1,,shop,
refuse "an op too long" 'goals.csv:2: op: not one of' $columns g,gap,'>==',1,,shop,
refuse "target" 'goals.csv:2: target: not a number' $columns g,gap,'>=',5%,,shop,
refuse "an empty target" 'goals.csv:2: target: not a number' $columns g,gap,'>=',,,shop,
refuse "due" 'goals.csv:2: due: neither empty nor a date' $columns g,gap,'>=',5,2024-02-30,shop,
refuse "goal" 'goals.csv:2: goal: empty' $columns ,gap,'>=',5,,shop,
refuse "metric" 'goals.csv:2: metric: empty' $columns g,,'>=',5,,shop,
for column in goal metric op target due; do
    refuse "no $column" "goals.csv:1: .*$column" "$(echo $columns | sed "s/$column/y/")" g,gap,'>=',5,,shop,
done
refuse "owner twice" 'goals.csv:1: .*owner' $columns,owner,owner g,gap,'>=',5,,shop,,a,b
fails "no goals file" 'absent.csv' rt-goal --goals "$tmp/absent.csv" "$tmp/rows.csv"

# A value that is no number, also in a series that nobody asks for.
printf 'goal,metric,op,target,due\n' >"$tmp/goals.csv"
for column in 5 6 7; do
    awk -F, -v OFS=, -v column=$column 'NR == 2 { $column = "x" } 1' "$tmp/rows.csv" >"$tmp/bad.csv"
    fails "column $column" "bad.csv:2: .*: not a number" rt-goal --goals "$tmp/goals.csv" "$tmp/bad.csv"
done

printf 'goal,metric,op,target,due,channel\ng,gap,>=,5,,shop\n' >"$tmp/goals.csv"
printf 'metric,value\ngap,5\ngap,6\n' >"$tmp/trade.csv"
fails "two figures for one goal" 'trade.csv:3: metric: a second figure' \
    rt-goal --goals "$tmp/goals.csv" --benchmark "$tmp/trade.csv" "$tmp/rows.csv"
printf 'metric,value\ngap,\n' >"$tmp/trade.csv"
fails "a figure that is no number" 'trade.csv:2: value: not a number' \
    rt-goal --goals "$tmp/goals.csv" --benchmark "$tmp/trade.csv" "$tmp/rows.csv"

# A group's column that is called as one of ours would be there twice.
sed '1s/channel/owner/' "$tmp/rows.csv" >"$tmp/owner.csv"
printf 'goal,metric,op,target,due,owner\ng,gap,>=,5,,shop\n' >"$tmp/goals.csv"
fails "a group column named owner" 'owner: .*--map' rt-goal --goals "$tmp/goals.csv" "$tmp/owner.csv"

finish
