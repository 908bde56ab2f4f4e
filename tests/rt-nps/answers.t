#!/bin/sh
# What rt-nps makes of answers: scores, intervals, periods, changes, hidden groups, weeded answers.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/data.sh"

table() {
    printf '%s\n' "$@" >"$tmp/in.csv"
}
# cell METRIC COLUMN [KEY]: a cell of $tmp/out, of the first row that has KEY.
cell() {
    awk -F, -v metric="$1" -v column="$2" -v key="${3-}" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $1 == metric && (key == "" || index("," $0 ",", "," key ",")) { print $at[column]; exit }' \
        "$tmp/out"
}
# near NAME EXPECTED GOT TOLERANCE
near() {
    ok "$1" awk -v a="$2" -v b="$3" -v tolerance="$4" \
        'BEGIN { exit !(b != "" && a - b <= tolerance && b - a <= tolerance) }'
}

table customer_id,score A,10 B,9 C,8 D,7 E,6 F,0 G, H,
rt-nps "$tmp/in.csv" >"$tmp/out"
is 'no promoter more than detractors' 0 "$(cell nps value)"
is 'a dismissed survey is not in the denominator' 6 "$(cell nps den)"
is 'but in that of the response rate' '6/8' "$(cell response_rate num)/$(cell response_rate den)"
is 'zero is a score' 2 "$(cell detractors num)"
is 'seven and eight are passive' 2 "$(cell passives num)"

table score 10 10 10 10 10 9 9 9 9 10
for interval in wald score; do
    rt-nps --ci "$interval" "$tmp/in.csv" >"$tmp/out"
    is "ten promoters of ten, $interval: the score" 100 "$(cell nps value)"
    ok "ten promoters of ten, $interval: no certainty" awk -v lo="$(cell nps lo)" \
        'BEGIN { exit !(lo > 0 && lo < 60) }'
    is "ten promoters of ten, $interval: nothing above 100" 100 "$(cell nps hi)"
done
# Ten of ten: (1 - z^2/n) / (1 + z^2/n), twice Wilson's less 1.
near 'ten of ten by the score test' 44.4934 "$(cell nps lo)" 0.0001

# 6 promoters and 2 detractors of 12: 4/15 -/+ z sqrt(126.5/3375), worked by hand.
table score 9 9 9 10 10 10 7 7 8 8 0 6
rt-nps "$tmp/in.csv" >"$tmp/out"
near 'adjusted Wald, lower' -11.2785 "$(cell nps lo)" 0.0001
near 'adjusted Wald, upper' 64.6118 "$(cell nps hi)" 0.0001

table score 5 4 3 2 '' 5
rt-nps --metric csat "$tmp/in.csv" >"$tmp/out"
is 'csat: the top two of five' '0.6 3 5' "$(cell csat value) $(cell csat num) $(cell csat den)"
rt-nps --metric ces --scale 1-5 "$tmp/in.csv" >"$tmp/out"
is 'ces: the mean' '3.8 19 5' "$(cell ces value) $(cell ces num) $(cell ces den)"
# Scores 5 4 3 2 5: s^2 = 1.7, t(4) = 2.776445 (any table of t): 3.8 -/+ 2.776445 sqrt(1.7/5).
near 'ces: t' 2.181067 "$(cell ces lo)" 0.000002
is 'ces: the squares' 79 "$(cell squares:score value)"
table score 7
fails 'a 7 on the scale to 5' '^rt-nps: .*in.csv:2: score: not a whole number from 1 to 5$' \
    rt-nps --metric ces --scale 1-5 "$tmp/in.csv"
is 'a 7 on the scale to 7' 7 "$(rt-nps --metric ces "$tmp/in.csv" | awk -F, '/^ces/ { print $4 }')"
table score 1 2 ' 3'
fails 'nothing is trimmed' '^rt-nps: .*in.csv:4: score: not a whole number from 0 to 10$' \
    rt-nps "$tmp/in.csv"
table score 10 9 09 00
rt-nps "$tmp/in.csv" >"$tmp/out"
is 'numbers are numbers' '3 0 1' \
    "$(cell promoters num) $(cell passives num) $(cell detractors num)"

# Periods: the last one ends on the 31st, and the data reach it or not.
table customer_id,date,score A,2024-01-02,9 A,2024-02-29,9 A,2024-03-30,3
rt-nps --period month "$tmp/in.csv" >"$tmp/out"
is 'periods in order' '2024-01 2024-02 2024-03' \
    "$(awk -F, '/^nps/ { printf "%s%s", space, $3; space = " " }' "$tmp/out")"
is 'the last one is not complete' '1 1 0' \
    "$(awk -F, '/^nps/ { printf "%s%s", space, $NF; space = " " }' "$tmp/out")"
echo A,2024-03-31, >>"$tmp/in.csv"
is 'a dismissed survey on its last day completes it' 1 \
    "$(rt-nps --period month "$tmp/in.csv" | tail -n 1 | cut -d , -f 9)"
head -n 1 "$tmp/in.csv" >"$tmp/none.csv"
is 'no row, no period' 1 "$(rt-nps --period month "$tmp/none.csv" | wc -l)"
is 'no row, but one group' ',,,0,0' "$(rt-nps "$tmp/none.csv" | awk -F, '/^nps/ { print $4 "," $5 "," $6 "," $7 "," $8 }')"

# Changes: the same numbers as in tests/unit/interval.c, in points.
{
    echo date,score,team
    for score in 9 9 0 0 0 0 0 0 7 7 7 7; do echo "2024-01-01,$score,a"; done
    for score in 9 9 9 9 9 9 0 0 7 7 7 7; do echo "2024-02-01,$score,a"; done
    for score in 9 9 0 0 0 0 0 0 7 7 7 7; do echo "2024-01-01,$score,b"; done
    for score in 9 9 9 0 0 0 0 0 7 7 7 7; do echo "2024-02-01,$score,b"; done
    echo 2024-02-01,9,c
    echo 2024-01-01,9,d
    echo 2024-03-01,9,d
} >"$tmp/in.csv"
rt-nps --by team --period month --compare "$tmp/in.csv" >"$tmp/out"
near 'the change in points' 66.666667 "$(cell nps_change value a,2024-02)" 0.00001
near 'its interval' -0.3292 "$(cell nps_change lo a,2024-02)" 0.0001
near 'its p-value' 0.05142 "$(awk -F, '$2 == "z test" && $3 == "a" && $4 == "2024-02" { print $5 }' "$tmp/out")" 0.0001
is "Holm's adjustment over the two groups that have one" 2 \
    "$(awk -F, '$2 == "z test; holm" && $3 == "a" && $4 == "2024-02" { print $9 }' "$tmp/out")"
ok 'it doubles the smaller of two' awk -F, '
    $2 ~ /^z test/ && $3 == "a" && $4 == "2024-02" { p[$2] = $5 }
    END { exit !(p["z test; holm"] == 2 * p["z test"] && p["z test"] > 0) }' "$tmp/out"
is 'no change in a first period' '' "$(cell nps_change value c,2024-02)"
is 'no change over a period without answers' '' "$(cell nps_change value d,2024-03)"

# Hidden groups: no number of theirs, and none from which they could be computed.
rt-nps --by team --period month --compare --min-n 12 --histogram "$tmp/in.csv" >"$tmp/hidden"
is 'small groups are hidden' '' "$(awk -F, '$3 ~ /[cd]/ && $5 $6 $7 $8 $9 != ""' "$tmp/hidden")"
is 'others are not' 4 "$(awk -F, '$1 == "nps" && $9 == 12' "$tmp/hidden" | wc -l)"
{ cat "$tmp/in.csv"; grep "2024-02.*a" "$tmp/in.csv" | sed s/2024-02/2024-04/; echo 2024-03-01,9,a; } >"$tmp/gap.csv"
rt-nps --by team --period month --compare --min-n 12 "$tmp/gap.csv" >"$tmp/out"
is 'the score after a hidden period is there' 12 "$(cell nps den a,2024-04)"
is 'its change is not, since it would tell the hidden score' '' "$(cell nps_change value a,2024-04)"
is 'nor its p-value' '' "$(awk -F, '/_p,/ && /a,2024-04/ { printf "%s", $5 }' "$tmp/out")"
is 'nor the response rate of a hidden group' '' "$(cell response_rate den c,2024-02)"

# The order of the rows has no meaning, but for answers of a customer on one day.
answers 2000 7 10 | awk -F, 'NR == 1 || !seen[$1 $2]++' >"$tmp/in.csv"
{ head -n 1 "$tmp/in.csv"; tail -n +2 "$tmp/in.csv" | sort -t , -k 3; } >"$tmp/sorted.csv"
for options in '--by country --histogram' '--by channel,country --period week --compare' \
    '--dedupe last --period quarter' '--dedupe 20 --by country'; do
    # shellcheck disable=SC2086 # options are words
    is "rows in another order: $options" "$(rt-nps $options "$tmp/in.csv")" \
        "$(rt-nps $options "$tmp/sorted.csv")"
    # shellcheck disable=SC2086
    is "one thread: $options" "$(rt-nps $options "$tmp/in.csv")" \
        "$(rt-nps --threads 1 --block 100 $options "$tmp/in.csv")"
done
# Which answers stay, by a slow account of all of them: names of channels hold no commas here.
answers 3000 11 10 | sed 's/"[^"]*"/shop/' >"$tmp/many.csv"
# stay LENGTH DAYS: surveys, answers that stay and promoters among them, by country and the LENGTH
# first bytes of the date; the last of each, or DAYS apart.
stay() {
    { tail -n +2 "$tmp/many.csv" | grep -n . | sed 's/:/,/' | sort -t, -k2,2 -k3,3 -k1,1n; } |
        awk -F, -v bytes="$1" -v apart="$2" '
            function day(date) { split(date, d, "-"); return days[d[2] + 0] + d[3] }
            function count(where, score) { stays[where]++; promoters[where] += score >= 9 }
            BEGIN { for (split("31 29 31 30 31 30 31 31 30 31 30 31", m, " "); i < 12; i++)
                days[i + 1] = days[i] + m[i] }
            { where = $6 "," substr($3, 1, bytes); surveys[where]++ }
            $4 == "" { next }
            apart != "" && ($2 != id || day($3) - kept > apart) { count(where, $4); kept = day($3); id = $2 }
            apart == "" { key = $2 "," substr($3, 1, bytes)
                if (key != before && before != "") count(at, score)
                before = key; at = where; score = $4 }
            END { if (apart == "") count(at, score)
                for (w in surveys) print w "," surveys[w] "," stays[w] + 0 "," promoters[w] + 0 }' |
        sed 's/,,/,/' | sort
}
# The same of rt-nps.
stayed() {
    rt-nps --by country "$@" "$tmp/many.csv" | awk -F, '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { where = $at["country"] ("period" in at && $at["period"] != "" ? "," $at["period"] : "") }
        $1 == "response_rate" { surveys = $at["den"] }
        $1 == "promoters" { print where "," surveys "," $at["den"] "," $at["num"] }' | sort
}
is 'the last answer of each customer' "$(stay 0 '')" "$(stayed --dedupe last)"
is 'the last answer of each customer and month' "$(stay 7 '')" "$(stayed --dedupe last --period month)"
is 'the last answer of each customer and year' "$(stay 4 '')" "$(stayed --dedupe last --period year)"
is 'answers 30 days apart' "$(stay 0 30)" "$(stayed --dedupe 30)"
is 'answers 90 days apart, by month' "$(stay 7 90)" "$(stayed --dedupe 90 --period month)"

# Independent of the quick way: every cell quoted.
sed 's/"//g; s/shop, main/shop main/; s/[^,]*/"&"/g; 1s/"//g' "$tmp/in.csv" >"$tmp/quoted.csv"
sed 's/"//g; s/shop, main/shop main/' "$tmp/in.csv" >"$tmp/plain.csv"
sed 's/$/\r/' "$tmp/plain.csv" >"$tmp/crlf.csv"
for other in quoted crlf; do
    is "the same where the file is $other" \
        "$(rt-nps --by country --period month --histogram "$tmp/plain.csv")" \
        "$(rt-nps --by country --period month --histogram "$tmp/$other.csv")"
done
# And of the whole program: counted by awk.
is 'the histogram of a group, counted by awk' \
    "$(awk -F, '$5 == "DE" && $3 != "" { n[$3]++ } END { for (s = 0; s <= 10; s++) print "score:" s, n[s] }' "$tmp/plain.csv")" \
    "$(rt-nps --by country --histogram "$tmp/plain.csv" | awk -F, '/^score/ && $3 == "DE" { print $1, $8 }')"

rt-nps --by country --period quarter "$tmp/in.csv" >"$tmp/out"
ok 'promoters, passives and detractors are all answers' awk -F, '
    /^nps/ { if (NR > 3 && sum != den) exit 1; den = $9; net = $8; sum = 0 }
    /^(promoters|passives|detractors)/ { sum += $8 } END { exit sum != den }' "$tmp/out"
finish
