#!/bin/sh
# The restock reminder: per customer and item, by the quantity.
. "$(dirname "$0")/../lib.sh"

header=customer_id,item,last_date,due_date,due_lo,due_hi,days_to_due,basis,intervals,overdue

# A bottle lasts thirty days, a cake of soap six; ann buys one or two, bob always one.
cat >"$tmp/log.csv" <<'EOF'
customer_id,date,item,qty
ann,2024-01-01,oil,1
ann,2024-01-31,oil,2
bob,2024-01-01,oil,1
bob,2024-01-31,oil,1
bob,2024-03-01,oil,1
ann,2024-03-31,oil,1
bob,2024-03-31,oil,1
ann,2024-04-30,oil,2
bob,2024-04-30,oil,1
bob,2024-04-20,soap,2
bob,2024-05-02,soap,1
bob,2024-05-08,soap,3
ann,2024-05-04,soap,1
EOF
rt-next --item --as-of 2024-05-09 "$tmp/log.csv" >"$tmp/out"
is "a row for each customer and item" "$header
ann,oil,2024-04-30,own,3
bob,oil,2024-04-30,own,4
bob,soap,2024-05-08,own,2
ann,soap,2024-05-04,pooled,0" "$(cut -d, -f1-3,8,9 "$tmp/out" | sed "1s/.*/$header/")"
is "two bottles last twice as long" "1 1" "$(awk -F, '$2 == "oil" { days[$1] = $7 + 9 }
    END { print (days["ann"] >= 55 && days["ann"] <= 65), (days["bob"] >= 27 && days["bob"] <= 33) }' "$tmp/out")"
is "soap has a rhythm of its own, also for who has bought it once" "1 1" "$(awk -F, '$2 == "soap" { days[$1] = $7 }
    END { print (days["bob"] >= 14 && days["bob"] <= 20), (days["ann"] <= 6) }' "$tmp/out")"

# Without a quantity each purchase is one.
cut -d, -f1-3 "$tmp/log.csv" | rt-next --item --as-of 2024-05-09 >"$tmp/one"
is "without the column each is one" 1 "$(awk -F, '$1 == "ann" && $2 == "oil" {
    print ($7 + 9 < 50) }' "$tmp/one")"

# One item alone is the same as customers, but for its prior.
grep -v soap "$tmp/log.csv" >"$tmp/single.csv"
is "a log of a single item" "ann,oil 1 bob,oil 1" "$(rt-next --item --as-of 2024-05-09 "$tmp/single.csv" |
    awk -F, -v ORS= 'NR > 1 { print sep $1 "," $2, ($7 > ($1 == "ann" ? 45 : 17) && $7 < ($1 == "ann" ? 57 : 25)); sep = " " }')"

# The scale of the quantities does not show: bottles or halves of them.
awk -F, -v OFS=, 'NR > 1 { $4 *= 2 } 1' "$tmp/log.csv" | rt-next --item --as-of 2024-05-09 >"$tmp/halves"
is "twice the quantities are the same dates" "$(cut -d, -f1-5 "$tmp/out")" "$(cut -d, -f1-5 "$tmp/halves")"

# One day's purchases of an item are one, and their quantities add up.
awk -F, -v OFS=, '$4 == 2 { $4 = 1; print } 1' "$tmp/log.csv" | rt-next --item --as-of 2024-05-09 >"$tmp/split"
is "quantities of a day add up" "$(cat "$tmp/out")" "$(cat "$tmp/split")"

# Returns are no purchases, by amount or by quantity.
{
    cat "$tmp/log.csv"
    echo bob,2024-05-08,oil,-1
} | rt-next --item --as-of 2024-05-09 >"$tmp/returned"
is "a negative quantity is a return" "$(cat "$tmp/out")" "$(cat "$tmp/returned")"

# Rows without an item.
{
    cat "$tmp/log.csv"
    echo eve,2024-05-09,,1
} >"$tmp/none.csv"
is "rows without an item are left out" "$(cat "$tmp/out")" "$(rt-next --item "$tmp/none.csv")"
is "and counted" "rt-next: 14 rows read, 0 after the as-of date and 1 without an item left out" \
    "$(rt-next -v --item "$tmp/none.csv" 2>&1 >"$tmp/.null" | head -n 1)"

# The pipeline of a nightly reminder: five days before it is due, what falls into this week.
rt-sim --customers 300 --items 3 --end 2023-12-31 --params r=4,alpha=3 >"$tmp/shop.csv"
rt-next --item --within 7d --lead 5d "$tmp/shop.csv" >"$tmp/list"
is "within a week, five days ahead" "" "$(awk -F, 'NR > 1 && !($7 > 5 && $7 <= 12)' "$tmp/list")"
ok "and there are some" test "$(wc -l <"$tmp/list")" -gt 5

finish
