#!/bin/sh
# Values that others computed: shared/data/expected.csv, cases cdnow_prep and small_tx_summary.
. "$(dirname "$0")/../lib.sh"

# expected CASE QUANTITY: the value that the reference has.
expected() {
    awk -v want_case="$1" -v want="$2" '
        # A CSV reader for this file: quoted fields hold commas, none holds a line break.
        function split_record(line, field,    n, c, quoted, text, i) {
            n = 1; text = ""; quoted = 0
            for (i = 1; i <= length(line); i++) {
                c = substr(line, i, 1)
                if (c == "\"") quoted = !quoted
                else if (c == "," && !quoted) { field[n++] = text; text = "" }
                else text = text c
            }
            field[n] = text
            return n
        }
        { split_record($0, field); if (field[1] == want_case && field[4] == want) print field[5] }
    ' "$shared/data/expected.csv"
}

# near NAME EXPECTED GOT TOLERANCE
near() {
    if [ -n "$2" ] && [ -n "$3" ] &&
        awk -v a="$2" -v b="$3" -v t="$4" 'BEGIN { d = a - b; if (d < 0) d = -d; exit !(d <= t) }'; then
        pass "$1"
    else
        fail "$1"
        explain "expected $2 within $4, got $3"
    fi
}

if [ ! -r "$shared/data/expected.csv" ]; then
    skip "cdnow_prep" "no reference data"
    skip "small_tx_summary" "no reference data"
    finish
fi

log=$shared/data/cdnow_elog.csv
rt-profile --map amount=sales --split 1997-09-30 "$log" >"$tmp/split.csv"
rt-profile --map amount=sales "$log" >"$tmp/whole.csv"

# column NAME: its place in the split profile
column() {
    head -n 1 "$tmp/split.csv" | tr , '\n' | grep -n "^$1\$" | cut -d: -f1
}
x=$(column x)
t_x=$(column t_x)
T=$(column T)
m_x=$(column m_x)
x_star=$(column x_star)

# count CONDITION: rows of the split profile that meet the awk condition; x is the column x
count() {
    awk -F, -v x="$x" "NR > 1 && ($1) { n++ } END { print n + 0 }" "$tmp/split.csv"
}
total() {
    awk -F, -v c="$1" 'NR > 1 { n += $c } END { print n + 0 }' "$2"
}
case=cdnow_prep
is "$case customers" "$(expected $case customers)" "$(count 1)"
is "$case sum x" "$(expected $case 'sum x (repeat transactions, calibration)')" \
    "$(total "$x" "$tmp/split.csv")"
is "$case customers with x>0" "$(expected $case 'customers with x>0')" "$(count '$x > 0')"
for i in 0 1 2 3 4 5 6; do
    is "$case customers with x=$i" "$(expected $case "customers with x=$i")" "$(count "\$x == $i")"
done
is "$case customers with x>=7" "$(expected $case 'customers with x>=7')" "$(count '$x >= 7')"
is "$case holdout transactions" \
    "$(expected $case 'holdout transactions 1997-10-01..1998-06-30')" \
    "$(total "$x_star" "$tmp/split.csv")"
is "$case transactions, whole file" \
    "$(expected $case 'transactions after same-day merge, whole file')" \
    "$(total 4 "$tmp/whole.csv")"
is "$case transactions, calibration" \
    "$(expected $case 'transactions after same-day merge, calibration')" \
    "$(total 4 "$tmp/split.csv")"
for id in 1 1516; do
    row=$(grep "^$id," "$tmp/split.csv")
    is "$case customer $id x" "$(expected $case "customer $id x")" "$(echo "$row" | cut -d, -f"$x")"
    for name in t_x T; do
        eval "place=\$$name"
        weeks=$(echo "$row" | cut -d, -f"$place" | awk '{ printf "%.9f", $1 / 7 }')
        near "$case customer $id $name" "$(expected $case "customer $id $name")" "$weeks" 1e-6
    done
done

awk -F, -v c="$m_x" 'NR > 1 && $c != "" { print $c }' "$tmp/split.csv" | sort -g >"$tmp/m_x"
stats=$(awk '{ v[NR] = $1; s += $1 } END {
    m = s / NR
    for (i = 1; i <= NR; i++) q += (v[i] - m) * (v[i] - m)
    middle = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
    printf "%.10g %.10g %.10g %.10g %.10g", m, sqrt(q / (NR - 1)), v[1], middle, v[NR]
}' "$tmp/m_x")
set -- $stats
near "$case mean of m_x" "$(expected $case 'mean of mean_repeat_spend, x>0')" "$1" 0.001
near "$case sd of m_x" "$(expected $case 'sd (n-1)')" "$2" 0.01
near "$case min of m_x" "$(expected $case min)" "$3" 0.001
near "$case median of m_x" "$(expected $case median)" "$4" 0.001
near "$case max of m_x" "$(expected $case max)" "$5" 0.001

# The whole of it against the summary that others made of the same log, customer by customer.
awk -F, -v x="$x" -v a="$t_x" -v b="$T" -v m="$m_x" -v s="$x_star" 'NR > 1 {
    printf "%s,%d,%.6f,%.6f,%.4f,%d\n", $1, $x, $a / 7, $b / 7, $m, $s
}' "$tmp/split.csv" >"$tmp/ours"
awk -F, 'NR > 1 { printf "%s,%d,%.6f,%.6f,%.4f,%d\n", $1, $2, $3, $4, $5, $6 }' \
    "$shared/data/cdnow_cbs_39wk.csv" >"$tmp/theirs"
ok "$case all 2357 customers are those of the summary" cmp "$tmp/ours" "$tmp/theirs"

case=small_tx_summary
rt-profile --map amount=value --as-of 2015-02-07 "$shared/data/small_tx.csv" >"$tmp/small.csv"
for id in 1 2 3 4 5 6; do
    row=$(grep "^$id," "$tmp/small.csv")
    is "$case customer $id x" "$(expected $case "customer $id x")" "$(echo "$row" | cut -d, -f9)"
    is "$case customer $id t_x" "$(expected $case "customer $id t_x days")" \
        "$(echo "$row" | cut -d, -f10)"
    is "$case customer $id T" "$(expected $case "customer $id T days")" \
        "$(echo "$row" | cut -d, -f11)"
    spend=$(echo "$row" | cut -d, -f12)
    # The reference writes 0 for a customer without a repeat; we leave the mean of nothing empty.
    is "$case customer $id mean_repeat_spend" \
        "$(expected $case "customer $id mean_repeat_spend")" "${spend:-0}"
done
finish
