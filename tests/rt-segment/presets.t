#!/bin/sh
# Presets name every code, as the tables of the manual page say.
. "$(dirname "$0")/../lib.sh"

# A ruler on which the score of orders and revenue is the value itself, and of recency 6 less it.
ruler() {
    awk -v bins="$1" 'BEGIN {
        print "method,bins,column,cut,value"
        for (a = 1; a <= 3; a++)
            for (i = 1; i < bins; i++)
                print "type7," bins "," (a == 1 ? "recency_days" : a == 2 ? "orders" : "revenue") \
                    "," i "," i
    }'
}
codes() {
    awk -v bins="$1" 'BEGIN {
        print "customer_id,recency_days,orders,revenue"
        for (r = 1; r <= bins; r++)
            for (f = 1; f <= bins; f++)
                for (m = 1; m <= bins; m++)
                    print r f m "," bins + 1 - r "," f "," m
    }'
}
ruler 5 >"$tmp/5.csv"
ruler 3 >"$tmp/3.csv"
codes 5 >"$tmp/codes5.csv"
codes 3 >"$tmp/codes3.csv"

is 'scores are the codes' 0 "$(rt-segment --cuts "$tmp/5.csv" "$tmp/codes5.csv" |
    awk -F, 'NR > 1 && $1 != $5 $6 $7 { bad++ } END { print bad + 0 }')"
for preset in eleven ten value; do
    rt-segment --preset $preset --cuts "$tmp/5.csv" "$tmp/codes5.csv" >"$tmp/$preset"
done
rt-segment --preset 3x3 --cuts "$tmp/3.csv" "$tmp/codes3.csv" >"$tmp/3x3"
for preset in eleven:125:11 ten:125:10 value:125:3 3x3:27:9; do
    name=${preset%%:*}
    is "$name: codes that have a name, and names" "${preset#*:}" "$(
        awk -F, 'NR > 1 && $8 != "" && $8 != "unscored" { n++; k += !seen[$8]++ }
            END { print n ":" k }' "$tmp/$name")"
done
is 'auto is eleven' "$(cat "$tmp/eleven")" "$(rt-segment --cuts "$tmp/5.csv" "$tmp/codes5.csv")"
is 'value goes by the sum of scores' '3-6 low value,7-11 middle value,12-15 high value' "$(
    awk -F, 'NR > 1 {
        s = $5 + $6 + $7
        if (!($8 in low) || s < low[$8]) low[$8] = s
        if (s > high[$8]) high[$8] = s
    }
    END {
        n = split("low value,middle value,high value", names, ",")
        for (i = 1; i <= n; i++)
            printf "%s%s-%s %s", (i > 1 ? "," : ""), low[names[i]], high[names[i]], names[i]
        print ""
    }' "$tmp/value")"

# The manual page's tables are ranges of r and of f and m: spread out, they are those of the code.
page=$top/man/rt-segment.1
for preset in eleven ten 3x3; do
    sed -n "/^\.\\\\\" table $preset\$/,/^\.El/s/^\.It \([a-z]\)/\1/p" "$page" | awk -F ' Ta ' '{
        split($2, r, "-"); split($3, fm, "-")
        for (i = r[1]; i <= (r[2] == "" ? r[1] : r[2]); i++)
            for (k = fm[1]; k <= (fm[2] == "" ? fm[1] : fm[2]); k++)
                print i, k, $1
    }' | sort >"$tmp/listed"
    awk -F, -v p=$preset 'NR > 1 {
        both = int(($6 + $7 + 1) / 2)
        print $5, (p == "ten" ? $6 : both), $8
    }' "$tmp/$preset" | sort -u >"$tmp/computed"
    is "the manual page's table of $preset" "$(cat "$tmp/computed")" "$(cat "$tmp/listed")"
done
finish
