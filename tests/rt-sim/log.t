#!/bin/sh
# The log: columns, orders, sizes, and what hangs together in it.
. "$(dirname "$0")/../lib.sh"

header() {
    rt-sim --customers 1 "$@" | head -n 1
}
is 'plain columns' customer_id,date,amount "$(header)"
is 'columns of orders' customer_id,date,amount,order_id "$(header --order-ids)"
is 'columns of order lines' customer_id,date,amount,order_id "$(header --lines 2)"
is 'columns of refunds' customer_id,date,amount,order_id,ref "$(header --refunds 5)"
is 'all columns' customer_id,date,amount,order_id,item,qty,channel,ref,note \
    "$(header --refunds 5 --items 3 --channels a --quoted 1)"

rt-sim >"$tmp/plain"
is 'rows look as a log does' '' "$(tail -n +2 "$tmp/plain" |
    grep -Evx 'C[0-9]{7},20[0-9]{2}-[0-9]{2}-[0-9]{2},[0-9]+\.[0-9]{2}')"
tail -n +2 "$tmp/plain" | cut -d, -f2 >"$tmp/dates"
ok 'rows come by date' sort -c "$tmp/dates"
is 'every customer buys' 1000 "$(tail -n +2 "$tmp/plain" | cut -d, -f1 | sort -u | wc -l)"
not_ok 'customers are interleaved' sort -c "$tmp/plain"
ok 'by customer, then by date' sort -c -t, -k1,1 -k2,2 <<END
$(rt-sim --order customer --refunds 20 | tail -n +2 | cut -d, -f1,2)
END

is 'days are those asked for' '2024-02-28 2024-03-01' \
    "$(rt-sim --start 2024-02-28 --end 2024-03-01 | tail -n +2 | cut -d, -f2 | sort -u |
        sed -n '1p;$p' | tr '\n' ' ' | sed 's/ $//')"
rt-sim --order customer --new-until 2023-01-31 | awk -F, 'NR > 1 && !seen[$1]++ && $2 > "2023-01-31"' \
    >"$tmp/late"
is 'customers are new until the day asked for' '' "$(cat "$tmp/late")"

# About so many rows, with customers given or not.
for arguments in '--rows 50000' '--rows 50000 --customers 4000' '--rows 50000 --customers 40000' \
    '--rows 50000 --customers 4000 --model bgnbd --season' \
    '--rows 50000 --customers 4000 --model mbgnbd --lines 3 --refunds 10'; do
    # shellcheck disable=SC2086
    rows=$(rt-sim $arguments | wc -l)
    ok "about as many rows as asked for: $arguments: $rows" [ "$rows" -gt 47500 -a "$rows" -lt 52500 ]
done

# More windows than one: the rows are the same as in one piece.
rt-sim --rows 700000 | sort | cksum >"$tmp/windows"
rt-sim --rows 700000 --order customer | sort | cksum >"$tmp/whole"
ok 'a log of several windows of days has all its rows' cmp "$tmp/windows" "$tmp/whole"
ok 'and stays in the order of days' sh -c \
    'rt-sim --rows 700000 --refunds 10 | tail -n +2 | cut -d, -f2 | sort -c'

# Columns that are asked for change no other.
rt-sim --refunds 10 --items 30 --channels a,b --quoted 50 >"$tmp/wide"
rt-sim --refunds 10 >"$tmp/narrow"
is 'amounts do not depend on the other columns' "$(cut -d, -f1-3 "$tmp/narrow" | sort | cksum)" \
    "$(grep '^[cC]' "$tmp/wide" | cut -d, -f1-3 | sort | cksum)"

rt-sim --refunds 10 --lines 2 >"$tmp/refunds"
is 'refunds name an order of the same customer, before them, of at least as much' '' "$(awk -F, '
    NR == 1 { next }
    $3 !~ /^-/ { customer[$4] = $1; date[$4] = $2; amount[$4] += $3; next }
    customer[$5] != $1 || date[$5] >= $2 || amount[$5] + 1e-9 < -$3 { print }' "$tmp/refunds")"
is 'purchases have no ref' '' "$(awk -F, 'NR > 1 && $3 !~ /^-/ && $5 != ""' "$tmp/refunds")"
share=$(awk -F, 'NR > 1 { n[$3 ~ /^-/]++ } END { print int(1000 * n[1] / n[0]) }' "$tmp/refunds")
ok "one line in ten comes back: $share per mille" [ "$share" -gt 85 -a "$share" -lt 105 ]
is 'ids of orders and refunds are not used twice' '' \
    "$(rt-sim --refunds 30 | tail -n +2 | cut -d, -f4 | sort | uniq -d)"

is 'no quotes unless asked for' 0 "$(rt-sim --items 3 --channels a,b | grep -c '"')"
is 'with all rows quoted every row has a note' "$(rt-sim | wc -l)" \
    "$(rt-sim --quoted 100 | grep -c -e '^C.*,"' -e note)"
like 'notes hold commas, quotes and line ends' 'side up"",$' "$(rt-sim --quoted 100)"

is 'numbers for ids' 1000 "$(rt-sim --ids number | tail -n +2 | cut -d, -f1 | sort -n | tail -n 1)"
is 'uuids are of version 4, one a customer' 1000 "$(rt-sim --ids uuid | cut -d, -f1 | sort -u |
    grep -Ec '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$')"
rt-sim --rows 50000 --items 20 | tail -n +2 | cut -d, -f4 | sort | uniq -c >"$tmp/items"
is 'all items are bought' 20 "$(wc -l <"$tmp/items")"
is 'and the first of them three times as often as the fourth' 3 \
    "$(awk 'NR == 1 { first = $1 } NR == 4 { print int(first / $1 + 0.5) }' "$tmp/items")"
is 'channels are those asked for' 'store web ' \
    "$(rt-sim --channels web,store | tail -n +2 | cut -d, -f4 | sort -u | tr '\n' ' ')"
finish
