#!/bin/sh
# The same bytes however the rows come, and for any number of threads.
. "$(dirname "$0")/../lib.sh"

rt-sim --customers 9000 --items 30 --refunds 5 --end 2023-12-31 >"$tmp/shop.csv"
rt-sim --customers 9000 --items 30 --refunds 5 --end 2023-12-31 --order shuffled >"$tmp/shuffled.csv"

for item in '' --item; do
    name=${item:-customers}
    # shellcheck disable=SC2086 # an option or none
    {
        rt-next $item --threads 2 "$tmp/shop.csv" >"$tmp/two"
        rt-next $item --threads 1 "$tmp/shop.csv" >"$tmp/one"
        rt-next $item "$tmp/shuffled.csv" >"$tmp/disordered"
        rt-next $item <"$tmp/shuffled.csv" >"$tmp/redirected"
        # shellcheck disable=SC2002 # a pipe is what this is about
        cat "$tmp/shuffled.csv" | rt-next $item >"$tmp/piped"
        rt-next $item --scanner off "$tmp/shuffled.csv" >"$tmp/libcsv"
    }
    ok "$name: there are many lines" test "$(wc -l <"$tmp/two")" -gt 8192
    ok "$name: one thread and two" cmp "$tmp/one" "$tmp/two"
    ok "$name: from a pipe" cmp "$tmp/disordered" "$tmp/piped"
    ok "$name: from standard input" cmp "$tmp/disordered" "$tmp/redirected"
    ok "$name: by libcsv" cmp "$tmp/disordered" "$tmp/libcsv"
    sort "$tmp/one" >"$tmp/one.sorted"
    sort "$tmp/disordered" >"$tmp/disordered.sorted"
    ok "$name: in any order of rows" cmp "$tmp/one.sorted" "$tmp/disordered.sorted"
done

# Beside the profile of the same log: last dates and repeats.
rt-profile "$tmp/shop.csv" | awk -F, 'NR > 1 && $4 > 0 { print $1, $3, $9 }' >"$tmp/profile"
rt-next "$tmp/shop.csv" | awk -F, 'NR > 1 { print $1, $2, $8 }' >"$tmp/next"
ok "the profile has the same customers, last dates and repeats" cmp "$tmp/profile" "$tmp/next"

# Calibration on a shop whose customers drop out, to a horizon at which nearly all have bought again
# who ever do: of those, 80% within due_lo and due_hi.
rt-sim --customers 3000 --model mbgnbd --start 2010-01-01 --new-until 2011-06-30 --end 2059-12-31 \
    >"$tmp/long.csv"
rt-next --as-of 2011-12-31 "$tmp/long.csv" >"$tmp/due"
is "eight out of ten lie between due_lo and due_hi" "1 1" "$(awk -F, 'NR == FNR {
    if (FNR > 1 && $2 > "2011-12-31" && (!($1 in then) || $2 < then[$1])) then[$1] = $2
    next }
    FNR > 1 && $1 in then { n++; held += then[$1] >= $4 && ($5 == "" || then[$1] <= $5) }
    END { print (n > 1000), (held / n > 0.77 && held / n < 0.86) }' "$tmp/long.csv" "$tmp/due")"

finish
