#!/bin/sh
# rt-churn: the whole output beside what SQL says of the same definitions (churn.sql).
. "$(dirname "$0")/../lib.sh"

# equal OURS THEIRS: the same rows in the same order; numbers within 1e-9.
cat >"$tmp/equal.awk" <<'AWK'
BEGIN { FS = "|" }
function number(text) { return text ~ /^-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?$/ }
function differ(a, b) {
    if (number(a) && number(b)) {
        gap = a - b
        return (gap < 0 ? -gap : gap) > 1e-9 * (1 + (a < 0 ? -a : a))
    }
    return a "" != b ""
}
NR == FNR { ours[FNR] = $0; count = FNR; next }
{
    split(ours[FNR], our, "|")
    for (i = 1; i <= 10; i++)
        if (differ(our[i], $i)) { print FNR ": " ours[FNR] " is not " $0; bad++; break }
    rows = FNR
}
END { if (rows != count) print count " rows, not " rows; exit rows != count || bad > 0 || count < 100 }
AWK

# agrees NAME KIND IDLE
agrees() {
    rt-churn --period "$2" --idle "$3" --by channel -d '|' --map amount=sum "$tmp/shop.csv" |
        tail -n +2 >"$tmp/ours"
    sqlite3 :memory: ".import --csv $tmp/comma.csv log" 'ALTER TABLE log RENAME COLUMN sum TO amount' \
        ".param init" ".param set :kind '\"$2\"'" ".param set :idle $3" \
        ".read $(dirname "$0")/churn.sql" >"$tmp/theirs"
    ok "$1" awk -f "$tmp/equal.awk" "$tmp/ours" "$tmp/theirs"
}

if ! [ "$(sqlite3 :memory: 'SELECT pow(2, 2)' 2>/dev/null)" = 4.0 ]; then
    skip 'the whole output equals what SQL gives' 'no sqlite3 with pow'
    finish
fi
rt-sim --customers 20000 --seed 3 --end 2024-12-12 --refunds 6 --channels shop,web,app |
    sed '1s/amount/sum/' >"$tmp/comma.csv"
tr , '|' <"$tmp/comma.csv" >"$tmp/shop.csv"
agrees 'months, 45 idle days, 20,000 customers' month 45
rt-sim --customers 1500 --seed 4 --end 2024-05-17 --refunds 6 --channels shop,web |
    sed '1s/amount/sum/' >"$tmp/comma.csv"
tr , '|' <"$tmp/comma.csv" >"$tmp/shop.csv"
agrees 'weeks, 3 idle days: many come and go in one period' week 3
agrees 'weeks, 400 idle days: nobody leaves for long' week 400
finish
