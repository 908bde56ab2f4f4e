#!/bin/sh
# rt-summary: what must not show does not.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/data.sh"

customers 4000 7 >"$tmp/in.csv"
all='--by country,segment --stat mean:aov,median:aov,p90:aov,min:aov,max:aov,sum:revenue'
# shellcheck disable=SC2086
rt-summary $all "$tmp/in.csv" >"$tmp/expected"
like 'there is something to compare' '^[1-9][0-9]+$' "$(wc -l <"$tmp/expected")"

# shellcheck disable=SC2317 # called by ok
as_expected() {
    # shellcheck disable=SC2086
    rt-summary $all "$@" | cmp - "$tmp/expected"
}
same() {
    name=$1
    shift
    ok "$name" as_expected "$@"
}
{ head -n 1 "$tmp/in.csv"; tail -n +2 "$tmp/in.csv" | sort -t, -k5,5n -k1,1r; } >"$tmp/sorted.csv"
same 'rows in another order: sums of reals too' "$tmp/sorted.csv"
same 'one byte at a time' --block 1 "$tmp/in.csv"
same 'blocks of 37 bytes' --block 37 "$tmp/in.csv"
same 'portable scanner' --scanner portable "$tmp/in.csv"
same 'scanner off' --scanner off "$tmp/in.csv"
sed 's/$/\r/' "$tmp/in.csv" >"$tmp/crlf.csv"
same 'CRLF' "$tmp/crlf.csv"
sed 's/\([^,"]*\),/"\1",/' "$tmp/in.csv" >"$tmp/quoted.csv"
same 'quoted ids' "$tmp/quoted.csv"
head -n 2000 "$tmp/in.csv" >"$tmp/a.csv"
{ head -n 1 "$tmp/in.csv"; tail -n +2001 "$tmp/in.csv"; } >"$tmp/b.csv"
same 'two files, the later one first' "$tmp/b.csv" "$tmp/a.csv"

# Independent counts and sums, in whole cents.
is 'counts and exact sums as awk has them' \
    "$(awk -F, 'NR > 1 { gsub(/"[^"]*"/, "q"); split($0, f, ","); g = f[8]
        split(f[3], p, "."); c = p[1] * 100 + (f[3] ~ /^-/ ? -p[2] : p[2]); n[g]++; s[g] += c }
        END { for (g in n) printf "%s %d %s%d.%02d\n", g, n[g], s[g] < 0 ? "-" : "",
            int((s[g] < 0 ? -s[g] : s[g]) / 100), (s[g] < 0 ? -s[g] : s[g]) % 100 }' "$tmp/in.csv" |
        sort)" \
    "$(rt-summary --by country "$tmp/in.csv" | awk -F, '$1 == "customers" { n[$3] = $5 }
        $1 == "revenue" { print $3, n[$3], $5 }')"

# Twice the amounts: twice the values.
twice() {
    awk -F, 'NR == 1 { print "customer_id,g,revenue"; next }
        { printf "%d,%s,%d.%02d\n", NR, NR % 3, NR % 97 * '"$1"', NR % 50 * '"$1"' }' "$tmp/in.csv" |
        rt-summary --by g --stat mean:revenue,median:revenue | grep "^$2" | cut -d, -f 5
}
for metric in revenue mean:revenue median:revenue; do
    is "amounts times two: $metric times two" \
        "$(twice 1 $metric | awk '{ printf "%.6f\n", $1 * 2 }')" \
        "$(twice 2 $metric | awk '{ printf "%.6f\n", $1 }')"
done

# Shares and movements add up to one; customers to the rows.
is 'customers add up' 4000 \
    "$(rt-summary --by country,segment "$tmp/in.csv" | tr -d '"' | sed 's/new, promising/new/' |
        awk -F, '$1 == "customers" { n += $6 } END { print n }')"
is 'movement adds up' 4000 \
    "$(rt-summary --matrix country,orders "$tmp/in.csv" | awk -F, 'NR > 1 { n += $9 } END { print n }')"
finish
