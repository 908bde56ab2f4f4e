#!/bin/sh
# What is refused, by name and before any output.
. "$(dirname "$0")/../lib.sh"

log() { printf 'customer_id,date,amount,item,qty\nann,2024-01-01,5,tea,1\n%s\n' "$1" >"$tmp/log.csv"; }

log ann,2024-01-09,5,tea,2
for days in 7 d -1d 1.5d 100000d 7w ''; do
    fails "--within '$days'" '--within: not a number of days from 0d to 99999d, such as 7d' \
        rt-next --within "$days" "$tmp/log.csv"
done
fails "--lead alone" '--lead: needs --within' rt-next --lead 5d "$tmp/log.csv"
fails "--conf" '--conf: not between 0% and 100%' rt-next --conf 100% "$tmp/log.csv"
fails "--overdue" '--overdue: not above 0% and at most 100%' rt-next --within 7d --overdue 101% "$tmp/log.csv"
fails "--item without the column" 'log.csv:.*item' rt-next --item --map item=product "$tmp/log.csv"
fails "an as-of date before all rows" 'of a later date' rt-next --as-of 2023-01-01 "$tmp/log.csv"
fails "no date" 'date' rt-next --map date=day "$tmp/log.csv"

for qty in 0 '' x 1e3 0.0000001 1000000001; do
    log "ann,2024-01-09,5,tea,$qty"
    fails "a quantity of '$qty'" 'log.csv:3: qty: neither above 0' rt-next --item "$tmp/log.csv"
    ok "which nobody asks for without --item" rt-next "$tmp/log.csv"
done
log "ann,2024-01-09,5,tea,1000000000"
ok "a billion is a quantity" rt-next --item "$tmp/log.csv"
log "ann,2024-01-09,5,tea,0.000001"
ok "a millionth is a quantity" rt-next --item "$tmp/log.csv"

finish
