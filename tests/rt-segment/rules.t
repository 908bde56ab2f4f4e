#!/bin/sh
# --rules: segments by SQL expressions over the row's columns, and what they cannot do.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/profile.csv" <<'END'
customer_id,recency_days,orders,revenue,country,"Total (EUR)",birthday
7,5,1,10.00,DE,3,1990-02-28
8,4,2,20.50,AT,,
9,3,3,30,"DE ""x"", y",5,1980-01-01
0815,2,4,40.25,DE,5,1970-01-01
11,1,5,50,CH,5,2001-12-31
r,,0,-5,DE,1,2001-12-31
END
# by RULES...: the segments of the profile, one word each; - for none
by() {
    printf '%s\n' 'segment,when' "$@" >"$tmp/rules.csv"
    shift $#
    rt-segment --rules "$tmp/rules.csv" "$tmp/profile.csv" | tail -n +2 |
        sed 's/^.*,//; s/^$/-/' | tr '\n' ' '
}

is 'the first that holds wins' 'two two two two one - ' "$(by 'one,orders > 4' 'two,orders > 0')"
is 'none that holds is an empty segment' '- - - - vip - ' "$(by 'vip,revenue >= 50')"
is 'an id as a text' 'x - - - - - ' "$(by "x,customer_id = '7'")"
is 'an id as a number' 'x - - - - - ' "$(by 'x,customer_id = 7')"
is 'an id with a zero in front, letter by letter' '- - - x - - ' \
    "$(by "x,customer_id || '' = '0815'")"
is 'scores are columns' 'low low - high high - ' "$(by 'high,r >= 4 AND f >= 4' 'low,m <= 2')"
is 'a name in quotes' '- - x x x - ' "$(by '"x","""Total (EUR)"" > 3"')"
is 'an empty cell is NULL' '- empty - - - - ' "$(by 'empty,birthday IS NULL')"
is 'days between dates' 'x - - - - - ' \
    "$(by "x,\"days(birthday) - days('1990-02-01') BETWEEN 0 AND 27\"")"
is 'a part of the customers' 'x x x x x x ' "$(by "x,\"bucket('a', 2) + bucket('a', 2) IN (0, 2)\"")"
is 'a cell with quotes and delimiters' '- - x - - - ' \
    "$(by 'x,"country = '"'DE \"\"x\"\", y'"'"')"
is 'a rule for all others' 'de rest rest de rest de ' "$(by "de,country = 'DE'" 'rest,1')"
is 'scores stay' 'customer_id,recency_days,orders,revenue,country,Total (EUR),birthday,r,f,m,segment' \
    "$(rt-segment --rules "$tmp/rules.csv" "$tmp/profile.csv" | head -n 1)"
printf 'segment,when\ndear,segment = '"'champions'"' AND revenue > 45\n' >"$tmp/rules.csv"
is 'rules before a preset, whose segment they see' \
    'lost,hibernating,need attention,champions,dear,unscored,' "$(
        rt-segment --preset eleven --rules "$tmp/rules.csv" "$tmp/profile.csv" | tail -n +2 |
            sed 's/^.*,//' | tr '\n' ',')"
printf 'segment,when\nde,country = '"'DE'"'\n' >"$tmp/rules.csv"
is 'other tables have segments alone' 'name,country,segment
a,DE,de
b,,' "$(printf 'name,country\na,DE\nb,\n' | rt-segment --rules "$tmp/rules.csv")"
is 'their rows are counted' 'rt-segment: 2 rows, 2 without scores
rt-segment: 1 rows that no rule matched' \
    "$(printf 'name,country\na,DE\nb,\n' | rt-segment -v --rules "$tmp/rules.csv" 2>&1 >/dev/null)"
is 'with cuts, rows need not wait' \
    "$(rt-segment --rules "$tmp/rules.csv" --save-cuts "$tmp/cuts.csv" "$tmp/profile.csv")" \
    "$(rt-segment --rules "$tmp/rules.csv" --cuts "$tmp/cuts.csv" "$tmp/profile.csv")"
printf 'segment,when\nsoon,anniversary(birthday) <= 7\nold,days_since(birthday) > 9000\n' >"$tmp/days.csv"
is 'days up to the as-of date' 'birthday,last_date,recency_days,segment
1996-02-29,2025-02-20,7,soon
1996-02-29,2025-03-01,0,old' "$(printf 'birthday,last_date,recency_days
1996-02-29,2025-02-20,7\n1996-02-29,2025-03-01,0\n' | rt-segment --rules "$tmp/days.csv")"
printf 'segment;when;note\nde;country = '"'DE'"';ours\n' >"$tmp/semi.csv"
is 'the delimiter is that of all tables' 'country;segment
DE;de' "$(printf 'country\nDE\n' | rt-segment -d ';' --rules "$tmp/semi.csv")"

# refused RULE PATTERN: a rule on line 4 of the file, whose first record has two lines
refused() {
    printf 'segment,when\nok,"1\n"\nx,%s\n' "$1" >"$tmp/bad.csv"
    fails "refused: $(printf '%.60s' "$1")" "bad.csv:4: when: .*$2" \
        rt-segment --rules "$tmp/bad.csv" "$tmp/profile.csv"
}
refused 'ordrs > 3' 'no such column: ordrs .columns: customer_id, recency_days, orders, revenue, country, Total .EUR., birthday, r, f, m.'
refused 'segment = 3' 'no such column: segment'
refused '1) OR (1' 'syntax error'
refused '1; DROP TABLE x' 'one expression'
refused '1 /* and so on' 'incomplete'
refused '(SELECT 1)' 'SELECT'
refused 'orders IN (SELECT orders FROM retain_row)' 'SELECT'
refused 'EXISTS (WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x+1 FROM c) SELECT * FROM c)' 'SELECT'
refused '1 IN pragma_table_list' 'only an expression'
refused 'PRAGMA journal_mode' 'syntax error'
refused "ATTACH '/tmp/x' AS y" 'syntax error'
refused 'random() > 0' 'not a function for expressions: random'
refused "load_extension('x')" 'not a function for expressions: load_extension'
refused "readfile('/etc/passwd')" 'no such function: readfile'
refused "birthday < date('now')" 'not a function for expressions: date'
refused 'CURRENT_DATE > birthday' 'not a function for expressions: current_date'
refused '"max(orders) > 3"' 'misuse of aggregate'
refused '' 'empty'
printf 'segment,when\nx,"%s"\n' "$(awk 'BEGIN { for (i = 0; i < 250000; i++) printf "1 + " }')1" \
    >"$tmp/huge.csv"
fails 'refused: 1 MB of expression' 'huge.csv:2: when: longer than 10000 bytes' \
    rt-segment --rules "$tmp/huge.csv" "$tmp/profile.csv"
printf 'segment,when\nx,%s\n' "$(awk 'BEGIN { for (i = 0; i < 2000; i++) printf "1 + " }')1" \
    >"$tmp/deep.csv"
fails 'refused: too deep' 'deep.csv:2: when: .*depth' \
    rt-segment --rules "$tmp/deep.csv" "$tmp/profile.csv"
awk 'BEGIN { print "segment,when"; for (i = 0; i < 1001; i++) print "x,1" }' >"$tmp/many.csv"
fails 'refused: more than 1000 rules' 'many.csv:1002: more than 1000 rules' \
    rt-segment --rules "$tmp/many.csv" "$tmp/profile.csv"
sed '$d' "$tmp/many.csv" >"$tmp/most.csv"
ok '1000 rules' rt-segment --rules "$tmp/most.csv" "$tmp/profile.csv"
printf "segment,when\nx,country GLOB '%s'\n" "$(printf '%0250d' 0 | tr 0 '*')" >"$tmp/glob.csv"
fails 'stopped: a pattern of 250 stars' 'glob.csv: when: .*pattern too complex .row 1 of' \
    rt-segment --rules "$tmp/glob.csv" "$tmp/profile.csv"
{
    echo 'segment,when'
    echo "x,country GLOB '*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b'"
} >"$tmp/slow.csv"
{
    echo country
    awk 'BEGIN { for (i = 0; i < 20000; i++) printf "aaaaaaaaaa"; print "" }'
} >"$tmp/long.csv"
ok 'a slow pattern over a long cell ends' timeout 20 rt-segment --rules "$tmp/slow.csv" "$tmp/long.csv"
# Of the functions that the manual page lists, each is known; with nine arguments they say so.
functions=$(sed -n '/and the functions abs/,/unicode and upper/p' "$top/man/rt-segment.1" |
    tr -c 'a-z_\n' ' ' | sed 's/and the functions//; s/ and / /')
known=0
for function in $functions; do
    printf 'segment,when\nx,"%s(1,2,3,4,5,6,7,8,9)"\n' "$function" >"$tmp/function.csv"
    case $function,$(rt-segment --rules "$tmp/function.csv" "$tmp/profile.csv" 2>&1) in
    *'wrong number of arguments to function'* | coalesce,* | max,* | min,*) known=$((known + 1)) ;;
    *) fail "the function $function" ;;
    esac
done
is 'the functions of the manual page' 32 "$known"
printf 'segment,when\nx,days(country) > 3\n' >"$tmp/days.csv"
fails 'an error in a row' 'days.csv: when: days: not a date YYYY-MM-DD .row 1 of the input' \
    rt-segment --rules "$tmp/days.csv" "$tmp/profile.csv"
printf 'segment,when\n,1\n' >"$tmp/empty.csv"
fails 'a segment without a name' 'empty.csv:2: segment: empty' \
    rt-segment --rules "$tmp/empty.csv" "$tmp/profile.csv"
printf 'segment,then\nx,1\n' >"$tmp/then.csv"
fails 'a file without when' "then.csv:1: no column 'when'" \
    rt-segment --rules "$tmp/then.csv" "$tmp/profile.csv"
fails 'a file that is not there' 'none.csv: ' rt-segment --rules "$tmp/none.csv" "$tmp/profile.csv"
printf 'segment,when\nx,orders = 1\n' >"$tmp/twice.csv"
printf 'orders,Orders\n1,1\n' >"$tmp/orders.csv"
fails 'a column twice' 'twice.csv:2: when: column is there more than once: orders' \
    rt-segment --rules "$tmp/twice.csv" "$tmp/orders.csv"
finish
