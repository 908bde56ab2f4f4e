#!/bin/sh
# rt-churn: what holds of every shop, and what must not show.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/identities.awk" <<'AWK'
# Metric rows, with the columns metric,method,channel,period,value,lo,hi,num,den,complete.
BEGIN { FS = "," }
function wrong(what) { print what " in " $3 " " $4; bad++ }
$1 == "as_of" || $1 == "idle_days" || NR == 1 || $1 == "last_purchase" { next }
$1 == "customers_start" {
    if ($3 == group && $5 != end) wrong("start is not the end before")
    if ($3 != group && $5 != 0) wrong("somebody was there before the first period")
    group = $3; start = $5
}
$1 == "new" { came = $5 }
$1 == "returned" { back = $5 }
$1 == "lost" { lost = $5 }
$1 == "customers_end" {
    end = $5; blocks++
    if (start + came + back - lost != end) wrong("start + new + returned - lost is not end")
}
$6 != "" && ($6 > $5 + 1e-12 || $5 > $7 + 1e-12) { wrong("the value of " $1 " is outside its interval") }
$1 ~ /^(churn|retention|repeat)_rate/ && $2 !~ /E-N|newcombe/ && $5 != "" && ($5 < 0 || $5 > 1) { wrong($1) }
$1 ~ /_rate$|frequency|aov/ && $9 == 0 && $5 != "" { wrong("0/0 is a number for " $1) }
$1 == "churn_rate" && /set/ { left = $8 }
$1 == "retention_rate" && /set/ && left + $8 != start { wrong("churn and retention") }
$1 == "revenue" { revenue += $5 }
END { print "blocks " (blocks > 12 ? "enough" : "few"), "bad " bad + 0; printf "%.2f\n", revenue >"/dev/stderr" }
AWK

# Random shops: whatever comes out of rt-sim, the same identities.
seed=11
random() { # sets $random, from 0 to $1 - 1
    seed=$((seed * 16807 % 2147483647))
    random=$((seed % $1))
}
for shop in 1 2 3 4 5 6 7 8; do
    kind=$(echo day week month quarter 11d 30d week month | cut -d ' ' -f $shop)
    random 120
    idle=$((1 + random))
    random 20
    alpha=$((4 + random))
    random 7
    rates="r=0.$((2 + random)),alpha=$alpha,s=0.$((8 - random)),beta=12"
    random 400
    rt-sim --customers $((50 + random)) --seed "$shop" --refunds $((shop % 4 * 3)) \
        --channels web,shop --params "$rates" \
        >"$tmp/shop.csv"
    name="shop $shop, $kind, $idle idle days"
    rt-churn --period "$kind" --idle $idle --by channel "$tmp/shop.csv" >"$tmp/rows.csv"
    is "$name: identities" 'blocks enough bad 0' \
        "$(awk -f "$tmp/identities.awk" "$tmp/rows.csv" 2>"$tmp/revenue")"
    is "$name: all revenue" "$(rt-profile "$tmp/shop.csv" | awk -F, '{ n += $5 } END { printf "%.2f", n }')" \
        "$(cat "$tmp/revenue")"
    # The list, counted, gives the rows.
    rt-churn --period "$kind" --idle $idle --by channel --list "$tmp/shop.csv" | awk -F, '
        NR > 1 { n[$2 "," $3 "," $4]++; seen[$1, $3] = seen[$1, $3] $4 }
        NR > 1 && $4 == "lost" && seen[$1, $3] == "lost" { n[$2 "," $3 ",lost_start"]++ }
        END { for (key in n) print key "," n[key] }' | sort >"$tmp/listed"
    awk -F, '
        $1 == "new" || $1 == "returned" || $1 == "lost" { key = $1; value = $5 }
        $1 == "retention_rate" && /set/ { key = "retained"; value = $8 }
        $1 == "churn_rate" && /set/ { key = "lost_start"; value = $8 }
        key != "" && value > 0 { print $3 "," $4 "," key "," value }
        { key = "" }' "$tmp/rows.csv" | sort >"$tmp/counted"
    ok "$name: the list adds up to the counts" cmp "$tmp/listed" "$tmp/counted"
    like "$name: there is a list" '^[0-9]{2,}$' "$(wc -l <"$tmp/listed")"
done

# The order of the rows, threads and the source do not show.
rt-sim --customers 300 --seed 21 --refunds 8 --channels web,shop,app >"$tmp/shop.csv"
awk 'NR == 1 { print; next } { print (NR * 7919 % 100003) "\t" $0 }' "$tmp/shop.csv" |
    { IFS= read -r header; echo "$header"; sort -n | cut -f 2; } >"$tmp/shuffled.csv"
{ head -n 1 "$tmp/shop.csv"; tail -n +2 "$tmp/shop.csv" | sort; } >"$tmp/sorted.csv"
for options in '--period week --by channel --idle 12' '--period month' '--period day --idle auto' \
    '--list --period quarter'; do
    # shellcheck disable=SC2086 # options are words
    rt-churn $options "$tmp/shop.csv" | sort >"$tmp/expected"
    # shellcheck disable=SC2086
    for case in sorted shuffled; do
        is "$options: $case" "$(cat "$tmp/expected")" "$(rt-churn $options "$tmp/$case.csv" | sort)"
        is "$options: $case, from a pipe" "$(cat "$tmp/expected")" \
            "$(cat "$tmp/$case.csv" | rt-churn --threads 1 $options | sort)"
    done
done
# A customer of thousands of days, and one of a few hundred, whose rows come in no order.
awk 'BEGIN { print "customer_id,date,amount"
    for (i = 0; i < 4000; i++) {
        day = i * 1009 % 4000
        date = sprintf("%04d-%02d-%02d", 2000 + int(day / 336), 1 + int(day / 28) % 12, 1 + day % 28)
        if (day % 5) print "many," date ",1.00"
        if (day % 31 == 0) print "some," date ",0.50"
    } }' >"$tmp/busy.csv"
{ head -n 1 "$tmp/busy.csv"; tail -n +2 "$tmp/busy.csv" | sort; } >"$tmp/ordered.csv"
is 'customers of many days, in any order' "$(rt-churn --period week --idle 3 "$tmp/ordered.csv")" \
    "$(rt-churn --period week --idle 3 "$tmp/busy.csv")"

twice() {
    awk -F, -v times="$1" 'NR == 1 { print "customer_id,date,amount"; next }
        { printf "%s,%s,%d.%02d\n", $1, $2, NR % 97 * times, NR % 50 * times }' "$tmp/shop.csv" |
        rt-churn | awk -F, -v metric="$2" '$1 == metric { printf "%.6f\n", $4 * 2 / '"$1"' }'
}
for metric in revenue aov aov_new aov_returning; do
    is "amounts times two: $metric times two" "$(twice 1 $metric)" "$(twice 2 $metric)"
done
finish
