#!/bin/sh
# The order of the rows does not matter: what is counted as purchases come, in order of date, is what
# is counted from the days that were kept, for logs that no shop has: amounts near the ends of what
# can be added, with more and more places, refunds before purchases, dates millennia apart.
. "$(dirname "$0")/../lib.sh"

# log SEED ROWS CUSTOMERS YEARS FACTOR
log() {
    awk -v seed="$1" -v rows="$2" -v customers="$3" -v years="$4" -v factor="$5" 'BEGIN {
        srand(seed)
        print "customer_id,date,amount,channel"
        for (i = 0; i < rows; i++) {
            sign = rand() < 0.05 ? "-" : ""
            places = factor > 1e14 ? "" : substr(".1234", 1, int(rand() * 6))
            channel = rand() < 0.5 ? "web" : "shop"
            printf "c%d,%04d-%02d-%02d,%s%.0f%s,%s\n", int(rand() * customers),
                2000 + int(rand() * years), 1 + int(rand() * 12), 1 + int(rand() * 28), sign,
                (1 + int(rand() * 999)) * factor, places, channel
        }
    }' | sed 's/\.,/,/'
}

# compare NAME LOG OPTION...: each other order gives what the order of date does.
compare() {
    name=$1 log=$2
    shift 2
    { head -n 1 "$log" && tail -n +2 "$log" | sort -t, -k2,2; } >"$tmp/dated.csv"
    { head -n 1 "$log" && tail -n +2 "$log" | sort -t, -k2,2r; } >"$tmp/back.csv"
    rt-churn --threads 1 "$@" "$tmp/dated.csv" | sort >"$tmp/expected"
    ok "$name: there is something to compare" test "$(wc -l <"$tmp/expected")" -gt 20
    for order in dated back none; do
        [ $order = none ] && file=$log || file=$tmp/$order.csv
        for threads in 1 2; do
            rt-churn --threads $threads "$@" "$file" | sort >"$tmp/got"
            ok "$name, $order, $threads threads" cmp "$tmp/expected" "$tmp/got"
        done
        cat "$file" | rt-churn "$@" | sort >"$tmp/got"
        ok "$name, $order, a pipe" cmp "$tmp/expected" "$tmp/got"
    done
}

all() {
    name=$1 log=$2
    compare "$name" "$log" --period month
    compare "$name, weeks" "$log" --period week --idle 40
    compare "$name, auto" "$log" --idle auto --period year
    compare "$name, groups" "$log" --by channel --period quarter
    compare "$name, list" "$log" --list --period year
}

log 1 3000 200 3 1 >"$tmp/usual.csv"
all 'usual amounts' "$tmp/usual.csv"
# A handful outgrow 64 bits, and some only when more places come.
log 2 2000 30 2 9000000000000000 >"$tmp/large.csv"
all 'large amounts' "$tmp/large.csv"
{ cat "$tmp/large.csv" && tail -n +2 "$tmp/usual.csv"; } >"$tmp/both.csv"
all 'large and small amounts' "$tmp/both.csv"
log 3 2000 100 7000 1 >"$tmp/far.csv"
compare 'dates millennia apart' "$tmp/far.csv" --period year
finish
