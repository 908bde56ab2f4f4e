#!/bin/sh
# Goals that are met, missed and open: which period decides, and the exit status.
. "$(dirname "$0")/../lib.sh"

header=metric,method,period,value,lo,hi,num,den,complete

# rows LABEL=VALUE...: a series without intervals; a label that ends in - is not complete.
rows() {
    echo $header
    for row; do
        case $row in
        *-=*) echo "m,x,${row%%-=*},${row#*=},,,,,0" ;;
        *) echo "m,x,${row%%=*},${row#*=},,,,,1" ;;
        esac
    done
}

# goal OP TARGET DUE: one goal about it.
goal() { printf 'goal,metric,op,target,due\ng,m,%s,%s,%s\n' "$1" "$2" "$3" >"$tmp/goals.csv"; }

# verdict [OPTION...]: period, state, on_track and the exit status for the rows on stdin.
verdict() {
    rt-goal --goals "$tmp/goals.csv" "$@" >"$tmp/out"
    echo "$? $(awk -F, 'NR > 1 { print $4, $12, $13 }' "$tmp/out")"
}

goal '>=' 10 2024-02-29
is "met in the period of its due date" "0 2024-02 met 1" "$(rows 2024-01=9 2024-02=10 2024-03=2 | verdict)"
is "missed in it, whatever came later" "1 2024-02 missed 0" "$(rows 2024-01=99 2024-02=9.99 2024-03=99 | verdict)"
is "open before it" "0 2024-01 open " "$(rows 2024-01=9 | verdict)"
is "open while it is not complete" "0 2024-01 open " "$(rows 2024-01=9 2024-02-=5 | verdict)"
is "rows in any order" "0 2024-02 met 1" "$(rows 2024-03=2 2024-02=10 2024-01=9 | verdict)"

for case in '< 10 9 met' '< 10 10 missed' '<= 10 10 met' '<= 10 10.01 missed' '> 10 10 missed' \
    '> 10 10.5 met' '>= 10 10.00 met' '>= 10 9 missed' '>= -1 -1.5 missed' '<= 0.05 0.05 met'; do
    # shellcheck disable=SC2086 # words
    set -- $case
    goal "$1" "$2" ''
    is "$3 $1 $2 is $4" "$4" "$(rows "2024-01=1" "2024-02=$3" 2024-03-=77 |
        rt-goal --goals "$tmp/goals.csv" | awk -F, 'NR > 1 { print $12 }')"
done

# Ends of periods, leap days among them: the last day is in, the next is not.
for case in '2024-01 2024-02 2024-02-29' '2023-01 2023-02 2023-02-28' '2023-Q4 2024-Q1 2024-03-31' \
    '2023 2024 2024-12-31' '2024-W08 2024-W09 2024-03-03' '2020-W53 2021-W01 2021-01-10' \
    '2024-02-28 2024-02-29 2024-02-29' '2024-02-18 2024-02-25 2024-03-02'; do
    # shellcheck disable=SC2086 # words
    set -- $case
    goal '>=' 10 "$3"
    is "$3 lies in $2" "1 $2 missed 0" "$(rows "$1=99" "$2=1" | verdict)"
    after=$(echo "$3" | awk -F- '{ d = $3 + 1; m = $2; y = $1
        n = m == 2 ? 28 + (y % 4 == 0) : m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31
        if (d > n) { d = 1; if (++m > 12) { m = 1; y++ } } printf "%04d-%02d-%02d", y, m, d }')
    goal '>=' 10 "$after"
    is "$after does not" "0 $2 open " "$(rows "$1=99" "$2=1" | verdict)"
done

# Dates that are 30 days apart are periods of 30 days.
goal '>=' 10 2024-03-28
is "spans of days are told by their distance" "1 2024-02-28 missed 0" \
    "$(rows 2023-11-30=1 2024-01-29=2 2024-02-28=3 | verdict)"
goal '>=' 10 2024-03-29
is "and end before the next would begin" "0 2024-02-28 open 0" \
    "$(rows 2023-11-30=1 2024-01-29=2 2024-02-28=3 | verdict)"

# As of a date.
goal '>=' 10 2024-02-29
is "--as-of looks at what had ended" "0 2024-01 open " "$(rows 2024-01=9 2024-02=10 | verdict --as-of 2024-02-28)"
is "--as-of the last day" "0 2024-02 met 1" "$(rows 2024-01=9 2024-02=10 | verdict --as-of 2024-02-29)"
goal '>=' 10 2024-06-30
rows 2024-01=9 2024-02=10 >"$tmp/early.csv"
fails "rows that end too early are no pass" 'goals.csv:2: metric: the complete rows end before' \
    rt-goal --goals "$tmp/goals.csv" --as-of 2024-06-30 "$tmp/early.csv"
ok "before that it is open" rt-goal --goals "$tmp/goals.csv" --as-of 2024-06-29 "$tmp/early.csv"

# Without periods.
{
    echo $header
    echo nps,adjusted wald 95%,,40,30,50,60,100,1
} >"$tmp/whole.csv"
printf 'goal,metric,op,target,due\ng,nps,>=,50,2024-02-29\n' >"$tmp/goals.csv"
fails "without periods and --as-of there is no now" 'goals.csv:2: .*--as-of' \
    rt-goal --goals "$tmp/goals.csv" "$tmp/whole.csv"
is "with it there is" "0 nps,open 1 nps,missed" "$(
    rt-goal --goals "$tmp/goals.csv" --as-of 2024-02-28 "$tmp/whole.csv" >"$tmp/a"
    printf '%s ' "$? $(awk -F, 'NR > 1 { print $2 "," $12 }' "$tmp/a")"
    rt-goal --goals "$tmp/goals.csv" --as-of 2024-02-29 "$tmp/whole.csv" >"$tmp/a"
    printf '%s' "$? $(awk -F, 'NR > 1 { print $2 "," $12 }' "$tmp/a")"
)"

# The trend by hand: the line through 10, 12, 13, 15, 15 at 1 to 5 is 9.1 + 1.3 x, which is 19.5 at
# 8; s^2 = 1.1 / 3, and the squared error of a value there is s^2 (1 + 1/5 + 25/10) = 1.3567, so that
# P(T3 < (19.5 - 19) / 1.1648) = 0.6517 (by scipy.stats.t).
goal '>=' 19 2024-08-15
rows 2024-01=10 2024-02=12 2024-03=13 2024-04=15 2024-05=15 | rt-goal --goals "$tmp/goals.csv" >"$tmp/trend"
is "a trend by hand" "open,1,0.6517,19.5000" "$(sed 1d "$tmp/trend" | cut -d, -f12-15)"
goal '<' 19 2024-08-15
is "and the other way" "open,0,0.3483,19.5000" "$(rows 2024-01=10 2024-02=12 2024-03=13 2024-04=15 2024-05=15 |
    rt-goal --goals "$tmp/goals.csv" | sed 1d | cut -d, -f12-15)"
is "--periods forgets what came before" "$(cat "$tmp/trend")" \
    "$(goal '>=' 19 2024-08-15 && rows 2023-11=500 2023-12=400 2024-01=10 2024-02=12 2024-03=13 2024-04=15 2024-05=15 |
        rt-goal --periods 5 --goals "$tmp/goals.csv")"
is "two periods are no trend" "open,,," "$(rows 2024-01=10 2024-02=12 | rt-goal --goals "$tmp/goals.csv" |
    sed 1d | cut -d, -f12-15)"

# Which series: methods, groups, owners, figures from elsewhere.
cat >"$tmp/groups.csv" <<'END'
metric,method,channel,period,value,lo,hi,num,den,complete
churn,set; wilson 95%,shop,2024-01,0.2,0.1,0.3,2,10,1
churn,set; wilson 95%,,2024-01,0.3,0.2,0.4,3,10,1
churn,stripe; wilson 95%,shop,2024-01,0.4,0.3,0.5,4,10,1
END
cat >"$tmp/goals.csv" <<'END'
owner,goal,channel,method,metric,due,target,op
ann,by name,shop,set,churn,,0.25,<=
"bob, jr",whole method,shop,stripe; wilson 95%,churn,,0.25,<=
,no name,,,churn,,0.25,<=
END
printf 'metric,value,method,channel\nchurn,0.25,set,shop\n' >"$tmp/trade.csv"
is "each goal finds its series" "by name,shop,0.2,ann,met,0.25,-0.0500
whole method,shop,0.4,\"bob, jr\",missed,,
no name,,0.3,,missed,," "$(rt-goal --goals "$tmp/goals.csv" --benchmark "$tmp/trade.csv" "$tmp/groups.csv" |
    sed 's/"bob, jr"/bob;jr/' | awk -F, -v OFS=, 'NR > 1 { print $1, $4, $6, $12, $13, $17, $18 }' | sed 's/bob;jr/"bob, jr"/')"

is "-q is silent where all is well" "0 " "$(goal '>=' 1 '' && rows 2024-01=9 | rt-goal -q --goals "$tmp/goals.csv"
    echo "$? ")"
goal '>=' 10 ''
ok "-q leaves the file alone" sh -c "rt-goal -q -o '$tmp/file' --goals '$tmp/goals.csv' <<X
$(rows 2024-01=10)
X
[ ! -e '$tmp/file' ]"
is "-q tells what is missed" "2 1" "$(rows 2024-01=9 | rt-goal -q --goals "$tmp/goals.csv" >"$tmp/q"
    status=$?
    echo "$(wc -l <"$tmp/q") $status")"
is "-v counts" "rt-goal: 0 goals met, 1 missed, 0 open" \
    "$(rows 2024-01=9 | rt-goal -v --goals "$tmp/goals.csv" 2>&1 >"$tmp/.null")"
is "no goals, no rows" "goal,metric,method,period,value,lo,hi,op,target,due,owner,state,on_track,p_reach,expected" \
    "$(echo goal,metric,op,target,due >"$tmp/none.csv" && rows 2024-01=9 | rt-goal --goals "$tmp/none.csv")"

# Cohorts: an age is a key, the cohorts are the time.
cat >"$tmp/cohorts.csv" <<'END'
metric,method,cohort,age,value,lo,hi,num,den,complete
retention,exact; wilson 95%,2024-01,1,0.5,0.4,0.6,5,10,1
retention,exact; wilson 95%,2024-02,1,0.4,0.3,0.5,4,10,1
retention,exact; wilson 95%,2024-01,2,0.3,0.2,0.4,3,10,1
retention,exact; wilson 95%,all,1,0.45,0.3,0.5,9,20,1
END
printf 'goal,metric,age,op,target,due\ng,retention,1,>=,0.45,2024-02-10\n' >"$tmp/goals.csv"
is "the retention of a cohort at an age" "g,retention,exact; wilson 95%,1,2024-02,0.4,missed" \
    "$(rt-goal --goals "$tmp/goals.csv" "$tmp/cohorts.csv" | sed 1d | cut -d, -f1-6,13)"

finish
