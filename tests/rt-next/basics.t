#!/bin/sh
# When the next purchase is due: whose rhythm, how the silence moves it, what is left out.
. "$(dirname "$0")/../lib.sh"

header=customer_id,last_date,due_date,due_lo,due_hi,days_to_due,basis,intervals,overdue

# every FIRST DAYS COUNT WHO [ITEM QTY]: purchases at equal gaps.
every() {
    awk -v first="$1" -v days="$2" -v count="$3" -v who="$4" -v rest="${5:+,$5,$6}" '
        function leap(y) { return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) }
        function length_of(y, m) { return m == 2 ? 28 + leap(y) : 30 + (m < 8 ? m % 2 : 1 - m % 2) }
        BEGIN {
            split(first, part, "-"); y = part[1] + 0; m = part[2] + 0; d = part[3] + 0
            for (i = 0; i < count; i++) {
                printf "%s,%04d-%02d-%02d%s\n", who, y, m, d, rest
                for (d += days; d > length_of(y, m);) { d -= length_of(y, m); if (++m > 12) { m = 1; y++ } }
            }
        }'
}

# Every tenth day up to 2024-02-20, so that the next is due behind a leap day.
{
    echo customer_id,date
    every 2023-08-04 10 21 ann
} >"$tmp/leap.csv"
is "ten days behind the 20th of February of a leap year" "2024-02-20 2024-03-01" \
    "$(rt-next --as-of 2024-02-21 "$tmp/leap.csv" | awk -F, 'NR > 1 { print $2, $3 }')"
sed 's/ann,2024-02-20/ann,2023-02-20/; t; /ann/d' "$tmp/leap.csv" >"$tmp/other.csv"
every 2022-08-04 10 20 ann >>"$tmp/other.csv"
is "and of another year" "2023-02-20 2023-03-02" \
    "$(rt-next --as-of 2023-02-21 "$tmp/other.csv" | awk -F, 'NR > 1 { print $2, $3 }')"
{
    echo customer_id,date
    every 2023-11-22 9 11 ann
} >"$tmp/nine.csv"
is "the last day of a leap year's February" "2024-02-20 2024-02-29" \
    "$(rt-next "$tmp/nine.csv" | awk -F, 'NR > 1 { print $2, $3 }')"

# Ann every 10 days, bob every 60, and two who came once.
{
    echo customer_id,date,amount
    every 2024-01-01 10 19 ann | sed 's/$/,5/'
    every 2024-01-01 60 4 bob | sed 's/$/,5/'
    echo cid,2024-06-29,5
    echo dan,2024-06-01,5
} >"$tmp/log.csv"
rt-next "$tmp/log.csv" >"$tmp/out"
is "one row for each customer, in order of appearance" "$header
ann,2024-06-29,own,18
bob,2024-06-29,own,3
cid,2024-06-29,pooled,0
dan,2024-06-01,pooled,0" "$(sed 1d "$tmp/out" | cut -d, -f1,2,7,8 | sed "1i\\
$header")"
is "a rhythm of one's own, shrunk to everybody's" "1 1 1" \
    "$(awk -F, 'NR > 1 { days[$1] = $6 }
    END { print (days["ann"] >= 9 && days["ann"] <= 12), (days["bob"] > 30 && days["bob"] <= 65),
        (days["ann"] < days["cid"] && days["cid"] < days["bob"]) }' "$tmp/out")"
is "days_to_due counts from the as-of date, and lo <= due <= hi" "" \
    "$(awk -F, 'NR > 1 && !($4 <= $3 && $3 <= $5 && $4 > "2024-06-29" && $6 > 0)' "$tmp/out")"

# The forecast moves with the silence, and is never in the past.
for day in 2024-06-30 2024-07-05 2024-07-08 2024-07-09 2024-07-10 2024-07-20 2024-09-01 2025-06-01; do
    rt-next --as-of $day "$tmp/log.csv" | sed -n "s/^ann/$day/p"
done >"$tmp/moves"
is "due dates move as days pass" "" "$(awk -F, '
    $3 <= $1 || $4 <= $1 || $3 < due || $9 < overdue { print } { due = $3; overdue = $9 }' "$tmp/moves")"
is "on time there is nothing overdue, long behind it there is" "1 1" \
    "$(awk -F, 'NR == 1 { early = $9 < 0.01 } END { print early, ($9 > 0.999) }' "$tmp/moves")"

# Bought again: the row that was due is gone.
rt-next --as-of 2024-07-07 --within 4d "$tmp/log.csv" >"$tmp/due"
is "--within keeps what is due" ann "$(sed 1d "$tmp/due" | cut -d, -f1)"
{
    cat "$tmp/log.csv"
    echo ann,2024-07-07,5
} >"$tmp/again.csv"
is "what has been bought again is gone" "" \
    "$(rt-next --as-of 2024-07-07 --within 4d "$tmp/again.csv" | sed 1d)"

# Windows of one week after another, with a lead: each row is in exactly one.
rt-sim --customers 400 --end 2023-12-31 >"$tmp/shop.csv"
rt-next --as-of 2023-12-31 "$tmp/shop.csv" >"$tmp/all"
for lead in 0 7 14 21; do
    rt-next --as-of 2023-12-31 --within 7d --lead ${lead}d --overdue 100% "$tmp/shop.csv" | sed 1d
done | sort >"$tmp/windows"
is "leads and windows tile" "$(awk -F, 'NR > 1 && $6 <= 28' "$tmp/all" | sort)" "$(cat "$tmp/windows")"
ok "and there is something in them" test -s "$tmp/windows"
rt-next --as-of 2023-12-31 --within 28d --digits -1 "$tmp/shop.csv" >"$tmp/due"
rt-next --as-of 2023-12-31 --within 28d --overdue 100% --digits -1 "$tmp/shop.csv" >"$tmp/all"
is "what is overdue beyond --overdue is not due any more" \
    "$(awk -F, 'NR == 1 || $9 <= 0.99' "$tmp/all")" "$(cat "$tmp/due")"
not_ok "and there was some" cmp "$tmp/all" "$tmp/due"
rt-next --as-of 2023-12-31 "$tmp/shop.csv" >"$tmp/all"
is "without --within all rows are there" 0 "$(rt-next --as-of 2023-12-31 --overdue 1% "$tmp/shop.csv" | cmp -s - "$tmp/all"
    echo $?)"
is "a window of no days is empty" "$header" \
    "$(rt-next --as-of 2023-12-31 --within 0d "$tmp/shop.csv")"

# What is no purchase.
cat >"$tmp/mixed.csv" <<'END'
who,date,amount,event
ann,2024-01-01,5,
ann,2024-01-01,7,order
ann,2024-01-01,7,purchase
ann,2024-01-05,-5,
ann,2024-01-11,9,
ann,2024-01-15,,login
bob,2024-01-20,,login
ann,2024-02-20,9,
END
is "one day is one occasion; refunds, other events and later rows are none" "ann,2024-01-11,1" \
    "$(rt-next --map customer_id=who --as-of 2024-02-01 "$tmp/mixed.csv" | sed 1d | cut -d, -f1,2,8)"
is "another event is the purchase" "ann,2024-01-15,0
bob,2024-01-20,0" \
    "$(grep -v ',9,$' "$tmp/mixed.csv" | sed '/,[57],$/d; /-5/d; s/,,login/,0,login/' | rt-next --map customer_id=who --purchase login |
        sed 1d | cut -d, -f1,2,8)"
is "the as-of date is the last date in the data" 2024-02-20 \
    "$(rt-next --map customer_id=who -v "$tmp/mixed.csv" 2>/dev/null | awk -F, 'NR > 1 { print $2 }')"

# Nobody has bought twice: there is nothing to tell time by.
printf 'customer_id,date\nann,2024-01-01\nbob,2024-01-09\n' >"$tmp/once.csv"
is "without any gap nothing is known" "$header
ann,2024-01-01,,,,,pooled,0,
bob,2024-01-09,,,,,pooled,0," "$(rt-next "$tmp/once.csv")"
is "-v says so" "rt-next: nobody has bought twice: nothing is known of time" \
    "$(rt-next -v "$tmp/once.csv" 2>&1 >"$tmp/.null" | tail -n 1)"
is "and nothing of it is due" "$header" "$(rt-next --within 9999d "$tmp/once.csv")"
is "a header alone is a table without rows" "$header" "$(echo customer_id,date | rt-next)"

# A wider interval is wider on both sides, about the same median.
rt-next --conf 95% --as-of 2023-12-31 "$tmp/shop.csv" >"$tmp/wide"
is "--conf widens" "0 0 1" "$(paste -d, "$tmp/all" "$tmp/wide" | awk -F, 'NR > 1 {
    moved += $3 != $12; narrow += $4 < $13 || ($5 != "" && $14 != "" && $5 > $14)
    wider += $4 > $13 } END { print moved + 0, narrow + 0, (wider > 100) }')"
is "--digits rounds overdue" 0 \
    "$(rt-next --digits 2 "$tmp/shop.csv" | awk -F, 'NR > 1 && $9 !~ /^[01][.][0-9][0-9]$/' | wc -l)"

# Far beyond the calendar there is no date.
printf 'customer_id,date\nann,9999-12-01\nann,9999-12-31\n' >"$tmp/end.csv"
is "the calendar ends" "ann,9999-12-31,,,,,own,1" "$(rt-next "$tmp/end.csv" | sed 1d | cut -d, -f1-8)"

finish
