#!/bin/sh
# rt-summary on the CDNOW log: the published numbers of that data set.
. "$(dirname "$0")/../lib.sh"

log=$shared/data/cdnow_elog.csv
if [ ! -f "$log" ]; then
    skip 'CDNOW' 'no ../shared'
    finish
fi
rt-profile --map amount=sales --split 1997-09-30 "$log" >"$tmp/profile.csv"

# expected QUANTITY: the number that expected.csv has for it.
expected() {
    awk -v quantity="$1" -F, '/^cdnow_prep,/ && index($0, "," quantity ",") {
        split(substr($0, index($0, "," quantity ",") + length(quantity) + 2), rest, ",")
        print rest[1] }' "$shared/data/expected.csv"
}
# value METRIC TABLE: the value of the first row of a metric.
value() {
    awk -F, -v metric="$1" '$1 == metric { print $4; exit }' "$2"
}

rt-summary --stat sum:x,sum:x_star,sum:orders "$tmp/profile.csv" >"$tmp/all.csv"
is 'customers' 2357 "$(value customers "$tmp/all.csv")"
is 'repeat transactions' 2457 "$(value sum:x "$tmp/all.csv")"
is 'holdout transactions' 1882 "$(value sum:x_star "$tmp/all.csv")"
is 'transactions' 4814 "$(value sum:orders "$tmp/all.csv")"

rt-summary --by x "$tmp/profile.csv" >"$tmp/x.csv"
for x in 0 1 2 3 4 5 6; do
    is "customers with x=$x" "$(expected "customers with x=$x")" \
        "$(awk -F, -v x=$x '$1 == "customers" && $3 == x { print $5 }' "$tmp/x.csv")"
done
is 'customers with x>=7' "$(expected 'customers with x>=7')" \
    "$(awk -F, '$1 == "customers" && $3 >= 7 { n += $5 } END { print n }' "$tmp/x.csv")"

# Fader, Hardie and Lee (2005): the mean repeat spend of the 946 who came back.
{ head -n 1 "$tmp/profile.csv"; awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "x") x = i }
    NR > 1 && $x > 0' "$tmp/profile.csv"; } |
    rt-summary --stat mean:m_x,min:m_x,median:m_x,max:m_x >"$tmp/spend.csv"
near() {
    ok "$1" awk -v a="$2" -v b="$3" -v tolerance="$4" \
        'BEGIN { exit !(a != "" && b != "" && a - b <= tolerance && b - a <= tolerance) }'
}
near 'mean repeat spend' 35.07784753 "$(value mean:m_x "$tmp/spend.csv")" 0.001
near 'its standard deviation, from the interval' 30.28350622 \
    "$(awk -F, '$1 == "mean:m_x" { print ($6 - $5) / 2 * sqrt(946) / 1.962468 }' "$tmp/spend.csv")" 0.01
near 'its standard deviation, from the sums' 30.28350622 \
    "$(awk -F, '$1 == "mean:m_x" { sum = $7; n = $8 }
        $1 == "squares:m_x" { print sqrt(($4 - sum * sum / n) / (n - 1)) }' "$tmp/spend.csv")" 0.01
near 'the least' 2.99 "$(value min:m_x "$tmp/spend.csv")" 0.001
near 'the median' 27.4975 "$(value median:m_x "$tmp/spend.csv")" 0.001
near 'the greatest' 299.6338095 "$(value max:m_x "$tmp/spend.csv")" 0.001

if command -v rt-segment >/dev/null; then
    rt-segment "$tmp/profile.csv" | rt-summary --by segment >"$tmp/segments.csv"
    is 'every customer is in one segment' 2357 \
        "$(awk -F, '$1 == "customers" { n += $5 } END { print n }' "$tmp/segments.csv")"
    is 'the revenue of the segments is all revenue' "$(value revenue "$tmp/all.csv")" \
        "$(awk -F, '$1 == "revenue" { n += $5 } END { printf "%.2f\n", n }' "$tmp/segments.csv")"
else
    skip 'segments of CDNOW' 'no rt-segment'
fi
finish
