#!/bin/sh
# News and noise.
. "$(dirname "$0")/../lib.sh"

header=metric,method,period,value,lo,hi,num,den,complete

# The interval of the change is Newcombe's, as rt-churn has it.
rt-sim --customers 3000 --end 2023-12-31 | rt-churn >"$tmp/churn.csv"
is "the change of a share, beside rt-churn" \
    "$(awk -F, '$1 == "churn_rate_change" && $3 == "2023-12" { printf "%.9f %.9f %.9f\n", $4, $5, $6 }' "$tmp/churn.csv")" \
    "$(rt-goal --digits -1 --alert churn_rate:up "$tmp/churn.csv" |
        awk -F, '$1 == "churn_rate" && $2 ~ /^set/ { printf "%.9f %.9f %.9f\n", $7, $8, $9 }')"

# alert CHANGE LO HI: the exit statuses of up and down for a value of 0.5 that changed so.
cat >"$tmp/news.csv" <<END
$header
m,x 95%,2024-01,0.2,0.15,0.25,,,1
m,x 95%,2024-02,0.3,0.26,0.34,,,1
m,x 95%,2024-03,0.9,,,,,0
END
cat >"$tmp/noise.csv" <<END
$header
m,x 95%,2024-01,0.2,0.15,0.25,,,1
m,x 95%,2024-02,0.22,0.17,0.27,,,1
END
rt-goal --alert m:up "$tmp/news.csv" >"$tmp/out"
is "a rise beyond chance" "1 m,x 95%,2024-02,0.3,2024-01,0.2,0.1000,0.0360,0.1640,up,1" "$? $(sed 1d "$tmp/out")"
rt-goal --alert m:down "$tmp/news.csv" >"$tmp/out"
is "is no fall" "0 down,0" "$? $(sed 1d "$tmp/out" | cut -d, -f10-)"
rt-goal --alert m:up "$tmp/noise.csv" >"$tmp/out"
is "a rise within chance" "0 up,0" "$? $(sed 1d "$tmp/out" | cut -d, -f10-)"
is "-q is silent about noise" "0 " "$(rt-goal -q --alert m:up "$tmp/noise.csv"
    echo "$? ")"
is "and not about news" 2 "$(rt-goal -q --alert m:up "$tmp/news.csv" | wc -l)"
sed 's/2024-01/2024-03/; t; s/2024-03/2024-04/' "$tmp/news.csv" >"$tmp/fall.csv"
rt-goal --alert m:up --alert m:down "$tmp/fall.csv" >"$tmp/out"
is "a fall beyond chance" "1 up,0
down,1" "$? $(sed 1d "$tmp/out" | cut -d, -f10-)"
rt-goal --alert m:up --as-of 2024-02-28 "$tmp/news.csv" >"$tmp/out"
is "as of a day before there were two periods" "0 m,x 95%,2024-01,0.2,,,,,,up,0" "$? $(sed 1d "$tmp/out")"

fails "neither goals nor alerts" 'either --goals or --alert' rt-goal "$tmp/news.csv"
fails "both" 'either --goals or --alert' rt-goal --goals x --alert m:up "$tmp/news.csv"
for alert in m up m:sideways :up ''; do
    fails "--alert '$alert'" '--alert: neither METRIC:up nor METRIC:down' rt-goal --alert "$alert" "$tmp/news.csv"
done
fails "a metric that is not there" '--alert: n: not in the input' rt-goal --alert n:up "$tmp/news.csv"
sed 's/0.15,0.25/,/' "$tmp/news.csv" >"$tmp/bare.csv"
fails "no interval, no news" '--alert: m: a value without lo and hi' rt-goal --alert m:up "$tmp/bare.csv"
fails "--benchmark" '--benchmark: needs --goals' rt-goal --alert m:up --benchmark x "$tmp/news.csv"

sed '1s/method/method,before/; 2,$s/,/,x,/' "$tmp/news.csv" >"$tmp/before.csv"
fails "a group column named before" 'before: .*--map' rt-goal --alert m:up "$tmp/before.csv"
ok "which --map renames" sh -c "rt-goal --map shop=before --alert m:down '$tmp/before.csv'"

# How often noise is taken for news: shares of 200 with no change at all, in 1000 series. At 95% a
# rise is news for about one in forty, and a fall too.
awk -v header="$header" 'BEGIN {
    sub(/period/, "shop,period", header); print header
    srand(5); z = 1.959964
    for (shop = 0; shop < 1000; shop++)
        for (month = 1; month <= 2; month++) {
            hits = 0
            for (i = 0; i < 200; i++) hits += rand() < 0.3
            p = hits / 200; s = z * z
            middle = p + s / 400; half = z * sqrt(p * (1 - p) / 200 + s / 160000)
            printf "m,wilson 95%%,%d,2024-%02d,%.6f,%.6f,%.6f,%d,200,1\n", shop, month, p, \
                (middle - half) / (1 + s / 200), (middle + half) / (1 + s / 200), hits
        }
}' | rt-goal --alert m:up --alert m:down >"$tmp/out"
is "noise is news as often as the confidence says" "1 1" \
    "$(awk -F, 'NR > 1 { n[$11] += $12 } END { print (n["up"] > 10 && n["up"] < 45), (n["down"] > 10 && n["down"] < 45) }' "$tmp/out")"

finish
