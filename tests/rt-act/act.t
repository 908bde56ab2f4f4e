#!/bin/sh
# What rules make of rows: the columns, the order of rules, periods, history, cooldown, explanation.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/profile.csv" <<'END'
customer_id,first_date,last_date,orders,recency_days,segment,note
C1,2024-01-10,2024-12-01,7,29,champions,
"C,2",2024-02-29,2024-02-29,1,305,lost,"said ""no"", twice"
C3,,,0,,unscored,
C4,2024-11-30,2024-12-30,2,0,new,ü
END
# rules LINE...: writes the rules
rules() {
    printf '%s\n' "$@" >"$tmp/rules.csv"
}
# act [ARG...]: the actions of the profile
act() {
    rt-act --rules "$tmp/rules.csv" "$@" "$tmp/profile.csv"
}
# column N [ARG...]: one column of them, one line
column() {
    number=$1
    shift
    act "$@" | sed 's/"C,2"/C2/' | cut -d , -f "$number" | tail -n +2 | tr '\n' ' '
}

rules 'rule_id,when,then,channel,priority,owner,cooldown_days' \
    'loyal,orders > 5,thank,,2,Ann Bee,30' \
    'lapsed,recency_days > 300,winback,email,1,,'
is 'a row for each customer for whom a rule holds' \
    'action_id,customer_id,action,channel,send_on,priority,owner,reason,arm
HASH,C1,thank,,2024-12-30,2,Ann Bee,loyal: orders=7,
HASH,"C,2",winback,email,2024-12-30,1,,lapsed: recency_days=305,' \
    "$(act | sed 's/^[0-9a-f]\{32\},/HASH,/')"
# python3: xxhash.xxh3_128_hexdigest(b'2:C1,5:thank,7:2024-12,')
is 'action_id is a hash of customer, action and period in the form that is written' \
    'f7328cd8adaf34d2aa51f64d7cc96f9a' "$(act | sed -n '2s/,.*//p')"

rules 'rule_id,when,then' 'a,orders > 1,x' 'b,orders > 0,y' 'c,orders IS NOT NULL,x'
is 'the first that holds' 'x y x x ' "$(column 3)"
is 'all that hold, an action once' 'x y y x x x y ' "$(column 3 --all)"
is 'columns that the rules lack are empty' ',,,' "$(act | sed -n '2p' | cut -d , -f 4,6,7,9)"
rules 'note,rule_id,cooldown_days,when,then' 'free,a,,orders > 1,x'
is 'columns of rules in any order' 'C1 C4 ' "$(column 2)"

rules 'rule_id,when,then' "\"r, 1\",note LIKE '%no%' OR segment = 'new',x"
is 'the reason carries the values that the rule looks at, in order of name' \
    '"C,2",x,,2024-12-30,,,"r, 1: note=said ""no"", twice; segment=lost",
C4,x,,2024-12-30,,,"r, 1: note=ü; segment=new",' "$(act | tail -n +2 | cut -d , -f 2-)"
{ echo 'customer_id,note' && printf 'C1,%s\n' "$(printf '%060d' 0 | sed 's/0/äb/g')"; } >"$tmp/long.csv"
rules 'rule_id,when,then' 'a,note IS NOT NULL,x'
is 'a long value is cut between characters' "a: note=$(printf '%033d' 0 | sed 's/0/äb/g')..." \
    "$(rt-act --as-of 2025-01-01 --rules "$tmp/rules.csv" "$tmp/long.csv" | tail -n 1 | cut -d , -f 8)"

rules 'rule_id,when,then' 'a,days_since(last_date) > 28,x' 'b,anniversary(first_date) <= 60,y'
is 'days are counted to the as-of date of the rows' 'x x ' "$(column 3)"
is 'or to --as-of' 'y x ' "$(column 3 --as-of 2024-12-20)"
is 'which is also when to send' '2025-02-01 2025-02-01 2025-02-01 ' "$(column 5 --as-of 2025-02-01)"
{ sed -n '1p;4p' "$tmp/profile.csv" && sed -n '2p' "$tmp/profile.csv"; } >"$tmp/late.csv"
rules 'rule_id,when,then' 'a,1,x'
is 'a customer without a purchase waits for the as-of date of the others' 'C3 C1 ' \
    "$(rt-act --rules "$tmp/rules.csv" "$tmp/late.csv" | cut -d , -f 2 | tail -n +2 | tr '\n' ' ')"
sed -n '1p;4p' "$tmp/profile.csv" >"$tmp/none.csv"
fails 'no row tells the as-of date' 'no row tells the as-of date' \
    rt-act --rules "$tmp/rules.csv" "$tmp/none.csv"
sed 's/^C4\(.*\),0,new/C4\1,1,new/' "$tmp/profile.csv" >"$tmp/two.csv"
fails 'rows of two as-of dates' 'two.csv:5: another as-of date' \
    rt-act --rules "$tmp/rules.csv" "$tmp/two.csv"
ok 'unless one is given' rt-act --as-of 2024-12-31 --rules "$tmp/rules.csv" "$tmp/two.csv"

# Leap days and month ends.
{
    echo customer_id,day
    echo L,2024-02-29
    echo E,2024-03-31
    echo N,2023-02-28
} >"$tmp/days.csv"
rules 'rule_id,when,then' 'a,anniversary(day) = 0,x'
on() {
    rt-act --rules "$tmp/rules.csv" --as-of "$1" "$tmp/days.csv" | tail -n +2 | cut -d , -f 2 |
        tr '\n' ' '
}
is 'the 29th of February is kept on the 28th in other years' 'L N ' "$(on 2025-02-28)"
is 'not on the 1st of March' '' "$(on 2025-03-01)"
is 'and on its own day in leap years' 'L ' "$(on 2028-02-29)"
is 'the 28th stays the 28th in leap years' 'N ' "$(on 2028-02-28)"
is 'the end of a month' 'E ' "$(on 2025-03-31)"
is 'the day itself is no anniversary' '' "$(on 2024-03-31)"

# Periods: within one, the id is the same; in the next it is another.
id() {
    rt-act --rules "$tmp/rules.csv" --as-of "$1" --period "$2" "$tmp/days.csv" | sed -n '2s/,.*//p'
}
rules 'rule_id,when,then' 'a,1,x'
for pair in month:2024-02-01:2024-02-29:2024-03-01 year:2024-01-01:2024-12-31:2025-01-01 \
    day:2024-02-29:2024-02-29:2024-03-01 week:2024-12-30:2025-01-05:2025-01-06; do
    IFS=: read -r period first last next <<END
$pair
END
    is "a $period has one id" "$(id "$first" "$period")" "$(id "$last" "$period")"
    not_ok "the next $period another" [ "$(id "$first" "$period")" = "$(id "$next" "$period")" ]
done

# History: what was done is not done again; cooldown goes over the end of a period.
rules 'rule_id,when,then,cooldown_days' 'a,orders > 5,thank,60' 'b,1,hello,'
act >"$tmp/first.csv"
is 'a rerun gives the same rows' "$(cat "$tmp/first.csv")" "$(act)"
is 'the first list as history leaves an empty second one' \
    'action_id,customer_id,action,channel,send_on,priority,owner,reason,arm' \
    "$(act --history "$tmp/first.csv")"
is 'in the next period a rule without a cooldown acts again' 'hello hello hello ' \
    "$(column 3 --as-of 2025-01-29 --history "$tmp/first.csv")"
is 'a cooldown lasts' 'hello hello hello ' \
    "$(column 3 --as-of 2025-02-27 --history "$tmp/first.csv")"
is 'until its last day' 'thank hello hello hello ' \
    "$(column 3 --as-of 2025-02-28 --history "$tmp/first.csv")"
printf '%s\n' 'customer_id,date,channel,event,campaign' C1,2025-01-10,email,sent,thank \
    C1,2025-02-20,email,opened,thank >"$tmp/contacts.csv"
is 'a log of contacts is a history, too' 'hello hello hello ' \
    "$(column 3 --as-of 2025-03-10 --history "$tmp/contacts.csv")"
is 'and what was opened was not sent' 'thank hello hello hello ' \
    "$(column 3 --as-of 2025-03-11 --history "$tmp/contacts.csv")"
sed '1s/$/,denied/; 2,$s/$/,cap 2\/7d/' "$tmp/first.csv" >"$tmp/denied.csv"
is 'what was denied was not done' "$(cat "$tmp/first.csv")" "$(act --history "$tmp/denied.csv")"
sed '1s/$/,denied/; 2,$s/$/,control/' "$tmp/first.csv" >"$tmp/denied.csv"
is 'but the control arm is kept as if it were' 1 "$(act --history "$tmp/denied.csv" | wc -l)"
sed -n '1p;2p' "$tmp/first.csv" >"$tmp/one.csv"
sed -n '1p;3,$p' "$tmp/first.csv" >"$tmp/rest.csv"
is 'several histories' 1 "$(act --history "$tmp/one.csv" --history "$tmp/rest.csv" | wc -l)"
printf 'action_id,customer_id,action,channel,send_on\nx,C1,thank,,2025-01-01T09:00\n' >"$tmp/hours.csv"
is 'dates with hours' 'hello hello hello ' \
    "$(column 3 --as-of 2025-02-28 --history "$tmp/hours.csv")"
printf 'customer_id,date,action,action_id\nC1,yesterday,thank,x\n' >"$tmp/bad.csv"
fails 'a bad date in the history' 'bad.csv:2: date: not a date' act --history "$tmp/bad.csv"
printf 'customer_id,date\nC1,2024-01-01\n' >"$tmp/bad.csv"
fails 'a history without actions' "bad.csv:1: no column 'action_id'" act --history "$tmp/bad.csv"
printf 'customer_id,action_id\nC1,x\n' >"$tmp/bad.csv"
fails 'a history without what a cooldown needs' "bad.csv:1: no column 'action'" \
    act --history "$tmp/bad.csv"
fails 'a history that is not there' 'absent.csv: ' act --history "$tmp/absent.csv"

rules 'rule_id,when,then,cooldown_days' 'a,orders > 5,thank,60' 'b,orders > 6,more,' 'c,1,hello,'
is 'what became of each rule' 'rule_id,line,matched,lost,took,done,cooling,control
a,2,1,0,1,0,0,0
b,3,1,1,0,0,0,0
c,4,4,1,3,0,0,0' "$(act --explain)"
is 'with a history' 'rule_id,line,matched,lost,took,done,cooling,control
a,2,1,0,1,1,0,0
b,3,1,1,0,0,0,0
c,4,4,1,3,3,0,0' "$(act --explain --history "$tmp/first.csv")"
is 'in the next period' 'rule_id,line,matched,lost,took,done,cooling,control
a,2,1,0,1,0,1,0
b,3,1,1,0,0,0,0
c,4,4,1,3,0,0,0' "$(act --explain --as-of 2025-01-01 --history "$tmp/first.csv")"
is 'all: no rule is lost to another' 'rule_id,line,matched,lost,took,done,cooling,control
a,2,1,0,1,0,0,1
b,3,1,0,1,0,0,1
c,4,4,0,4,0,0,4' "$(act --explain --all --holdout 100% --salt s)"
is 'counts on stderr' 'rt-act: 4 rows, 3 actions, 0 of them in the control arm
rt-act: 0 actions left out that were done, 1 that are cooling down' \
    "$(act -v --as-of 2025-01-01 --history "$tmp/first.csv" 2>&1 >/dev/null)"
finish
