#!/bin/sh
# From a log to an exit status.
. "$(dirname "$0")/../lib.sh"

rt-sim --customers 2000 --end 2023-12-31 --items 5 --channels shop,web >"$tmp/log.csv"
cat >"$tmp/goals.csv" <<'END'
goal,metric,method,op,target,due,owner
anybody at all,customers_end,,>=,1,2023-12-31,ann
nobody leaves,churn_rate,set,<=,0,2023-06-30,bob
later,retention_rate,set,>=,0.99,2024-06-30,
END
rt-churn "$tmp/log.csv" | rt-goal --goals "$tmp/goals.csv" >"$tmp/out"
is "rt-sim | rt-churn | rt-goal" "1 anybody at all,2023-12,met
nobody leaves,2023-06,missed
later,2023-12,open" "$? $(sed 1d "$tmp/out" | cut -d, -f1,4,12)"
is "by week, quarter and 30 days the goals are the same three" "3 3 3" "$(for period in week quarter 30d; do
    rt-churn --period $period "$tmp/log.csv" | rt-goal --goals "$tmp/goals.csv" --as-of 2023-12-31 |
        sed 1d | wc -l
done | tr '\n' ' ' | sed 's/ $//')"

printf 'goal,metric,method,channel,op,target,due\nweb,customers_end,,web,>=,1,\n' >"$tmp/channel.csv"
is "by channel" "web,customers_end,active,web,2023-12,met" "$(rt-churn --by channel "$tmp/log.csv" |
    rt-goal --goals "$tmp/channel.csv" | sed 1d | cut -d, -f1-5,13)"

printf 'goal,metric,method,op,target,due\nscore,nps,,>=,-100,2023-12-31\n' >"$tmp/score.csv"
ok "rt-nps by quarter" sh -c "rt-sim --table answers --customers 500 --end 2023-12-31 |
    rt-nps --period quarter | rt-goal --goals '$tmp/score.csv'"
printf 'goal,metric,age,op,target,due\nback,retention,1,>=,0.01,2023-09-30\n' >"$tmp/cohort.csv"
ok "rt-cohort" sh -c "rt-cohort '$tmp/log.csv' | rt-goal --goals '$tmp/cohort.csv'"
printf 'goal,metric,method,op,target,due,segment\nmany,share,,>,0.001,,lost\n' >"$tmp/segment.csv"
ok "rt-summary" sh -c "rt-profile '$tmp/log.csv' | rt-segment | rt-summary --by segment |
    rt-goal --goals '$tmp/segment.csv'"

# A nightly job in an empty environment: silent where there is nothing to tell.
rt-churn "$tmp/log.csv" >"$tmp/churn.csv"
sed '/nobody/d' "$tmp/goals.csv" >"$tmp/fine.csv"
is "env -i, and nothing to tell" "0 " "$(env -i "$rt/rt-goal" -q --goals "$tmp/fine.csv" "$tmp/churn.csv" 2>&1
    echo "$? ")"

finish
