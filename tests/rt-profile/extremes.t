#!/bin/sh
# Logs that no shop has: dates millennia apart, amounts near the ends of what can be added, refunds
# before purchases, the same day over and over, in order of date and in none. Each line is what
# SQL says.
. "$(dirname "$0")/../lib.sh"

if ! command -v sqlite3 >/dev/null; then
    skip "extremes" "no sqlite3"
    finish
fi

# log SEED ROWS CUSTOMERS DAYS FACTOR: whole amounts, as many as sqlite3 can add exactly.
log() {
    awk -v seed="$1" -v rows="$2" -v customers="$3" -v days="$4" -v factor="$5" 'BEGIN {
        srand(seed)
        print "customer_id,date,amount"
        for (i = 0; i < rows; i++) {
            day = int(rand() * days)
            year = days > 400000 ? 1 + int(day / 28 / 12) % 9999 : 2000 + int(day / 28 / 12)
            amount = (1 + int(rand() * 999)) * factor
            printf "c%d,%04d-%02d-%02d,%s%.0f\n", int(rand() * customers), year, 1 + int(day / 28) % 12,
                1 + day % 28, rand() < 0.05 ? "-" : "", amount
        }
    }'
}

# The columns of rt-profile as SQL, by customer.
sql() {
    sqlite3 -csv -header :memory: ".import --csv $1 log" "
        CREATE TABLE days AS SELECT customer_id, date, sum(amount + 0) AS revenue,
            sum(amount NOT LIKE '-%') > 0 AS purchase FROM log GROUP BY 1, 2;
        CREATE TABLE firsts AS SELECT customer_id, min(date) AS first, max(date) AS last,
            count(*) AS orders FROM days WHERE purchase GROUP BY 1;
        SELECT customer_id, first, last, ifnull(orders, 0) AS orders, sum(revenue) AS revenue,
            CASE WHEN orders > 1 THEN printf('%.12g', sum(CASE WHEN date = first THEN 0.0
                ELSE revenue END) / (orders - 1)) END AS m_x
        FROM days LEFT JOIN firsts USING (customer_id) GROUP BY customer_id ORDER BY customer_id"
}

# The same columns of a profile.
ours() {
    awk -F, -v OFS=, 'NR > 1 { print $1, $2, $3, $4, $5, $12 == "" ? "" : sprintf("%.12g", $12) }' |
        sort
}

# compare NAME LOG: in the order of the log, of date, and the other way round; file and pipe.
compare() {
    sql "$2" | tail -n +2 | tr -d '\r"' | sort >"$tmp/expected"
    { head -n 1 "$2" && tail -n +2 "$2" | sort -t, -k2,2; } >"$tmp/dated.csv"
    { head -n 1 "$2" && tail -n +2 "$2" | sort -t, -k2,2r; } >"$tmp/back.csv"
    for threads in 1 2; do
        for file in "$2" "$tmp/dated.csv" "$tmp/back.csv"; do
            rt-profile --threads "$threads" "$file" | ours >"$tmp/got"
            ok "$1, ${file##*/}, threads $threads" cmp "$tmp/expected" "$tmp/got"
        done
    done
    # shellcheck disable=SC2002
    cat "$2" | rt-profile | ours >"$tmp/got"
    ok "$1, through a pipe" cmp "$tmp/expected" "$tmp/got"
}

log 1 20000 300 1500 1 >"$tmp/usual.csv"
compare "five years" "$tmp/usual.csv"
log 2 20000 300 12000 1 >"$tmp/long.csv"
compare "forty years" "$tmp/long.csv"
log 3 20000 300 3359000 1 >"$tmp/ever.csv"
compare "ten thousand years" "$tmp/ever.csv"
log 4 20000 300 1500 100000000000 >"$tmp/rich.csv"
compare "sums of more than 48 bits" "$tmp/rich.csv"
log 5 20000 20000 1500 1 >"$tmp/many.csv"
compare "many customers" "$tmp/many.csv"
log 6 20000 2 3359000 1000000000 >"$tmp/two.csv"
compare "two customers of ten thousand days" "$tmp/two.csv"

# The parts of a split are those of two logs.
{ head -n 1 "$tmp/long.csv" && tail -n +2 "$tmp/long.csv" | awk -F, '$2 > "2015-06-30"'; } >"$tmp/after.csv"
rt-profile "$tmp/after.csv" | awk -F, 'NR > 1 { print $1 "," $4 "," $5 }' | sort >"$tmp/expected"
rt-profile --split 2015-06-30 "$tmp/long.csv" | awk -F, '{ print $1 "," $13 "," $14 }' |
    grep -v ',0,0$' | tail -n +2 | sort >"$tmp/got"
ok "the holdout is what comes after the split" cmp "$tmp/expected" "$tmp/got"
rt-profile --as-of 2015-06-30 "$tmp/long.csv" | cut -d, -f 1-12 | sort >"$tmp/expected"
rt-profile --split 2015-06-30 "$tmp/long.csv" | cut -d, -f 1-12 | sort | comm -12 - "$tmp/expected" >"$tmp/got"
ok "the calibration is what comes before it" cmp "$tmp/expected" "$tmp/got"

most=9000000000000000000
printf '%s\n' customer_id,date,amount a,2024-01-01,$most a,2024-01-02,-$most a,2024-01-01,$most \
    >"$tmp/first.csv"
fails "a sum of the first day that does not fit is refused" \
    '/first.csv:4: amount: more digits than can be added exactly$' rt-profile "$tmp/first.csv"

finish
