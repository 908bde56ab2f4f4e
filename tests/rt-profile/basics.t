#!/bin/sh
# What a line holds: occasions, refunds, split, events, order of rows.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/log.csv" <<'EOF'
customer_id,date,amount,event,order_id
ann,2024-01-05,10.00,,o1
bob,2024-01-06,5.5,purchase,o2
ann,2024-01-05,2.50,,o3
ann,2024-02-01,20.00,,o4
cid,2024-02-02,,login,
ann,2024-02-10,-20.00,,o4
bob,2024-02-11,,login,
dan,2024-02-12,-3,,
bob,2024-03-01,4.50,,o2
EOF
header=customer_id,first_date,last_date,orders,revenue,aov,recency_days,tenure_days,x,t_x,T,m_x

is "a day is one occasion, a refund none" "$header
ann,2024-01-05,2024-02-01,2,12.50,6.25,29,56,1,27,56,0
bob,2024-01-06,2024-03-01,2,10.00,5,0,55,1,55,55,4.5
cid,,,0,0,,,,,,,
dan,,,0,-3,,,,,,," "$(rt-profile "$tmp/log.csv")"

is "an order is one occasion, its refund taken off" "$header
ann,2024-01-05,2024-02-01,3,12.50,4.166666666666667,29,56,2,27,56,1.25
bob,2024-01-06,2024-03-01,1,10.00,10,0,55,0,55,55,
cid,,,0,0,,,,,,,
dan,,,0,-3,,,,,,," "$(rt-profile --occasion order "$tmp/log.csv")"

is "a row is one occasion" "ann,2024-01-05,2024-02-01,3,12.50,4.166666666666667,29,56,2,27,56,1.25" \
    "$(rt-profile --occasion row "$tmp/log.csv" | grep '^ann')"

is "--digits rounds the means" "ann,2024-01-05,2024-02-01,3,12.50,4.17,29,56,2,27,56,1.25" \
    "$(rt-profile --occasion row --digits 2 "$tmp/log.csv" | grep '^ann')"

is "--as-of leaves out what comes later" "$header
ann,2024-01-05,2024-01-05,1,12.50,12.5,25,25,0,0,25,
bob,2024-01-06,2024-01-06,1,5.5,5.5,24,24,0,0,24," "$(rt-profile --as-of 2024-01-30 "$tmp/log.csv")"

is "--as-of may lie behind the data" 366 \
    "$(rt-profile --as-of 2025-01-05 "$tmp/log.csv" | awk -F, '$1 == "ann" { print $8 }')"

is "--split tells calibration from holdout" "$header,x_star,revenue_star,T_star
ann,2024-01-05,2024-01-05,1,12.50,12.5,26,26,0,0,26,,1,0.00,30
bob,2024-01-06,2024-01-06,1,5.5,5.5,25,25,0,0,25,,1,4.50,30" \
    "$(rt-profile --split 2024-01-31 "$tmp/log.csv")"

is "-v counts what --split leaves out" "rt-profile: 9 rows read, 0 after the as-of date left out, 2 customers written
rt-profile: 2 customers without a purchase up to the split left out" \
    "$(rt-profile -v --split 2024-01-31 "$tmp/log.csv" 2>&1 >"$tmp/out")"

is "--count gives a column for each event" "customer_id,login,o2
ann,0,0
bob,1,2
cid,1,0
dan,0,0" "$(rt-profile --count login --count order_id=o2 "$tmp/log.csv" | cut -d, -f1,13-)"

is "--purchase names another event" "ann,2
bob,2
cid,1
dan,0" "$(sed 's/login,$/login,/; s/-02,,login/-02,1,login/; s/-11,,login/-11,1,login/' "$tmp/log.csv" |
    rt-profile --purchase login | tail -n +2 | cut -d, -f1,4)"

is "a log without amounts has empty money" "$header
a,2024-01-01,2024-01-03,2,,,0,2,1,2,2," \
    "$(printf 'customer_id,date\na,2024-01-01\na,2024-01-03\n' | rt-profile)"

is "a refund before its purchase of the same day, in the file" "a,2024-01-05,2024-01-09,2,14,7,0,4,1,4,4,6" \
    "$(printf 'customer_id,date,amount\na,2024-01-05,-2\na,2024-01-05,10\na,2024-01-09,6\n' |
        rt-profile | tail -n 1)"

is "places are those of the longest amount of each customer" "a,1.500
b,2" "$(printf 'customer_id,date,amount\na,2024-01-05,1\na,2024-01-05,0.500\nb,2024-01-05,2\n' |
    rt-profile | cut -d, -f1,5 | tail -n 2)"

# The same lines from every order of the rows, from a file, a pipe, in one thread or two.
rt-profile "$tmp/log.csv" | sort >"$tmp/want"
for seed in 1 2 3 4 5 6 7 8; do
    { head -n 1 "$tmp/log.csv"
      tail -n +2 "$tmp/log.csv" | awk -v s="$seed" 'BEGIN { srand(s) } { print rand() "\t" $0 }' |
          sort -n | cut -f2-; } >"$tmp/mixed.csv"
    rt-profile "$tmp/mixed.csv" | sort >"$tmp/got"
    ok "rows in order $seed, from a file" cmp "$tmp/want" "$tmp/got"
    # shellcheck disable=SC2002
    cat "$tmp/mixed.csv" | rt-profile --threads 1 | sort >"$tmp/got"
    ok "rows in order $seed, from a pipe, one thread" cmp "$tmp/want" "$tmp/got"
    { head -n 1 "$tmp/mixed.csv"; tail -n +2 "$tmp/mixed.csv" | sort -t, -k1,1; } |
        rt-profile --sorted --as-of 2024-03-01 | sort >"$tmp/got"
    ok "rows in order $seed, grouped, --sorted" cmp "$tmp/want" "$tmp/got"
done

is "--sorted takes whole numbers in their order" "1 2 10" \
    "$(printf 'customer_id,date\n1,2024-01-01\n2,2024-01-01\n10,2024-01-03\n' >"$tmp/numbers.csv"
       rt-profile --sorted "$tmp/numbers.csv" | tail -n +2 | cut -d, -f1 | xargs)"
fails "--sorted refuses what is not grouped" \
    '^rt-profile: .*/mixed.csv:[0-9]+: customer_id: not in order' \
    rt-profile --sorted --as-of 2024-03-01 "$tmp/mixed.csv"
# shellcheck disable=SC2002
like "--sorted on a pipe needs --as-of" 'needs --as-of' \
    "$(cat "$tmp/numbers.csv" | rt-profile --sorted 2>&1)"

printf 'customer_id,date,amount\na,2024-01-01,9000000000000000000\na,2024-01-02,9000000000000000000\n' \
    >"$tmp/large.csv"
fails "a sum that does not fit is refused" \
    '^rt-profile: .*/large.csv:3: amount: more digits than can be added exactly$' \
    rt-profile "$tmp/large.csv"
printf 'customer_id,date,amount,order_id\na,2024-01-01,1,\n' >"$tmp/no-order.csv"
fails "a purchase without order_id is refused by --occasion order" \
    '^rt-profile: .*/no-order.csv:2: order_id: empty$' rt-profile --occasion order "$tmp/no-order.csv"
fails "--count of a column that is not there" "no column 'colour'" \
    rt-profile --count colour=red "$tmp/log.csv"

is "amounts times two give money times two" \
    "$(rt-profile "$tmp/log.csv" | awk -F, 'NR > 1 { print $1, $5 * 2, $6 * 2, $12 * 2 }')" \
    "$(awk -F, -v OFS=, 'NR > 1 && $3 != "" { $3 = sprintf("%.2f", $3 * 2) } { print }' \
        "$tmp/log.csv" | rt-profile | awk -F, 'NR > 1 { print $1, $5 + 0, $6 + 0, $12 + 0 }')"
finish
