#!/bin/sh
# Rules are checked before the first row: what they cannot do, and those that are never reached.
. "$(dirname "$0")/../lib.sh"

printf '%s\n' customer_id,orders,city C1,3,Ulm C2,1, >"$tmp/rows.csv"
# refused NAME PATTERN LINE...: rules that are refused with that message
refused() {
    name=$1
    pattern=$2
    shift 2
    printf '%s\n' "$@" >"$tmp/rules.csv"
    fails "refused: $name" "$pattern" rt-act --as-of 2025-01-01 --rules "$tmp/rules.csv" "$tmp/rows.csv"
    is "refused: $name: nothing on stdout" '' "$(cat "$tmp/.out")"
}
header=rule_id,when,then
refused 'an unknown column' 'rules.csv:3: when: no such column: ordrs .columns: customer_id, orders, city.; did you mean .orders' \
    $header 'a,orders > 1,x' 'b,ordrs > 1,y'
refused 'a syntax error' 'rules.csv:2: when: incomplete input' $header 'a,orders >,x'
refused 'the line of a rule behind one of two lines' 'rules.csv:4: when: incomplete' \
    $header '"a","orders
> 1",x' 'b,orders >,y'
refused 'the same rule again' 'rules.csv:4: when: never reached, as it is the same as on line 2$' \
    $header 'a,orders > 1,x' 'b,orders > 2,y' 'c,orders > 1,z'
refused 'the same but for spaces, comments and capitals' 'rules.csv:3: when: never reached, .* line 2$' \
    $header "a,orders > 1 AND city = 'Ulm',x" "b,\"orders>1 /* many */ and
City = 'Ulm' -- here\",y"
refused 'a rule behind all' 'rules.csv:4: when: never reached, as this one always holds: line 3$' \
    $header 'a,orders > 1,x' 'rest,1,y' 'b,orders > 2,z'
refused 'a rule behind all others' 'rules.csv:3: when: never reached, as this one always holds: line 2$' \
    $header "rest,NOT 0 AND 'a' < 'b',y" 'b,orders > 2,z'
refused 'a rule_id again' 'rules.csv:3: rule_id: the same as on line 2$' \
    $header 'a,orders > 1,x' 'a,orders > 2,y'
refused 'a rule without a name' 'rules.csv:2: rule_id: empty' $header ',orders > 1,x'
refused 'a rule without an action' 'rules.csv:2: then: empty' $header 'a,orders > 1,'
refused 'a rule without a condition' 'rules.csv:2: when: empty' $header 'a,,x'
refused 'no column then' "rules.csv:1: no column 'then'" rule_id,when,action 'a,1,x'
refused 'a priority that is no number' 'rules.csv:2: priority: not a whole number' \
    $header,priority 'a,1,x,high'
refused 'a negative cooldown' 'rules.csv:2: cooldown_days: not a whole number' \
    $header,cooldown_days 'a,1,x,-1'
refused 'a cooldown of half days' 'rules.csv:2: cooldown_days: not a whole number' \
    $header,cooldown_days 'a,1,x,1.5'
refused 'a column twice' "rules.csv:1: .*channel" $header,channel,channel 'a,1,x,,'

refused 'a subselect' 'rules.csv:2: when: .*SELECT' $header 'a,(SELECT 1),x'
refused 'a subselect of the row' 'rules.csv:2: when: .*SELECT' \
    $header 'a,orders IN (SELECT orders FROM retain_row),x'
refused 'a pragma' 'rules.csv:2: when: .*syntax error' $header 'a,PRAGMA table_list,x'
refused 'a pragma as a table' 'rules.csv:2: when: only an expression' $header 'a,1 IN pragma_table_list,x'
refused 'an attachment' 'rules.csv:2: when: .*syntax error' $header "a,ATTACH 'x' AS y,x"
refused 'a second statement' 'rules.csv:2: when: .*one expression' $header 'a,1; DROP TABLE x,x'
refused 'parentheses that end another' 'rules.csv:2: when: .*syntax error' $header 'a,1) OR (1,x'
refused 'a clock' 'rules.csv:2: when: not a function' $header "a,date('now') > 1,x"
refused 'chance' 'rules.csv:2: when: not a function' $header 'a,random() > 1,x'
refused 'an endless expression' 'rules.csv:2: when: .*SELECT' $header \
    'a,"EXISTS (WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x+1 FROM c) SELECT * FROM c)",x'
refused 'a constant that is wrong' 'rules.csv:2: when: days: not a date' $header "a,days('x') > 1,x"
{ echo $header && printf 'a,%s1,x\n' "$(awk 'BEGIN { for (i = 0; i < 250000; i++) printf "1 + " }')"; } \
    >"$tmp/huge.csv"
fails 'refused: 1 MB of expression' 'huge.csv:2: when: longer than 10000 bytes' \
    rt-act --as-of 2025-01-01 --rules "$tmp/huge.csv" "$tmp/rows.csv"
{ echo $header && printf 'a,%s1,x\n' "$(awk 'BEGIN { for (i = 0; i < 2000; i++) printf "1 + " }')"; } \
    >"$tmp/deep.csv"
fails 'refused: 2000 terms' 'deep.csv:2: when: .*depth' \
    rt-act --as-of 2025-01-01 --rules "$tmp/deep.csv" "$tmp/rows.csv"

# accepted NAME LINE...: rules that are followed, with --all where the name says so
accepted() {
    name=$1
    shift
    printf '%s\n' "$@" >"$tmp/rules.csv"
    all=
    case $name in *--all*) all=--all ;; esac
    # shellcheck disable=SC2086 # an option or none
    ok "accepted: $name" rt-act $all --as-of 2025-01-01 --rules "$tmp/rules.csv" "$tmp/rows.csv"
}
accepted 'a last rule for all' $header 'a,orders > 1,x' 'rest,1,y'
accepted 'a rule that is switched off' $header 'a,0,x' 'b,orders > 1,y'
accepted 'texts that differ in capitals' $header "a,city = 'Ulm',x" "b,city = 'ULM',y"
accepted 'texts that differ in spaces' $header "a,city = 'a  b',x" "b,city = 'a b',y"
accepted 'a text that looks like a comment' $header "a,city = '--',x" "b,city = '/* */',y"
accepted 'the same rules with --all' $header 'a,orders > 1,x' 'b,orders > 1,y' 'c,1,z' 'd,1,w'
accepted 'a rule of the customer alone' $header "a,\"bucket('s', 1) = 0\",x" 'b,orders > 1,y'

printf '%s\n' $header 'a,days_since(city) > 1,x' >"$tmp/rules.csv"
fails 'an error in a row names the row' 'rows.csv:2: when: days_since: not a date' \
    rt-act --as-of 2025-01-01 --rules "$tmp/rules.csv" "$tmp/rows.csv"
fails 'the same with one thread' 'rows.csv:2: when: days_since: not a date' \
    rt-act --threads 1 --as-of 2025-01-01 --rules "$tmp/rules.csv" "$tmp/rows.csv"
# Beyond the first block, and in the one that the second thread works on.
awk 'BEGIN { print "customer_id,city"; for (i = 2; i < 40000; i++) print "C" i "," (i == 30000 ? "Ulm" : "") }' \
    >"$tmp/many.csv"
for threads in 1 2; do
    fails "the line of a row far behind, threads $threads" 'many.csv:30000: when: days_since' \
        rt-act --threads $threads --as-of 2025-01-01 --rules "$tmp/rules.csv" "$tmp/many.csv"
done
printf '%s\n' customer_id,orders C1,3 ,1 >"$tmp/nobody.csv"
printf '%s\n' $header 'a,orders > 0,x' >"$tmp/rules.csv"
fails 'a row without a customer' 'nobody.csv:3: customer_id: empty' \
    rt-act --as-of 2025-01-01 --rules "$tmp/rules.csv" "$tmp/nobody.csv"
fails 'no rules' '--rules: needed' rt-act "$tmp/rows.csv"
fails 'rules that are not there' 'absent.csv: ' rt-act --rules "$tmp/absent.csv" "$tmp/rows.csv"
fails 'no as-of date' "no column 'last_date'" rt-act --rules "$tmp/rules.csv" "$tmp/rows.csv"
fails 'a period that is none' '--period: ' rt-act --period hour --rules "$tmp/rules.csv" "$tmp/rows.csv"
fails 'a holdout without a salt' '--holdout: needs --salt' \
    rt-act --holdout 10% --rules "$tmp/rules.csv" "$tmp/rows.csv"
fails 'a holdout that is no share' '--holdout: ' \
    rt-act --holdout 10 --salt s --rules "$tmp/rules.csv" "$tmp/rows.csv"
fails 'a salt without a holdout' '--salt: needs' \
    rt-act --salt s --rules "$tmp/rules.csv" "$tmp/rows.csv"
finish
