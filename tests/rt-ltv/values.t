#!/bin/sh
# rt-ltv: what must hold of values, and the methods without a model.
. "$(dirname "$0")/../lib.sh"
here=$tests/rt-ltv
rt-sim --customers 2400 --seed 5 --ids number | rt-profile --split 2024-06-30 >"$tmp/in.csv"
rt-fit mbgnbd "$tmp/in.csv" >"$tmp/m"
rt-fit gg "$tmp/in.csv" >"$tmp/g"
value() {
    rt-ltv --digits -1 --params "$tmp/m,$tmp/g" "$@"
}
# cut_columns NAME...: these columns, without the header.
cut_columns() {
    awk -F, -v names="$*" 'BEGIN { n = split(names, name, " ") }
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { for (k = 1; k <= n; k++) printf "%s%s", $at[name[k]], k < n ? "," : "\n" }'
}
value "$tmp/in.csv" >"$tmp/all"
is 'the rows come back as they were, in order' "$(cat "$tmp/in.csv")" \
    "$(sed 's/\(,[^,]*\)\{5\}$//' "$tmp/all")"
is 'the columns' ,expected_orders,expected_spend,ltv,ltv_lo,ltv_hi \
    "$(head -n 1 "$tmp/all" | sed 's/.*,T_star//')"
is '0 <= lo <= ltv <= hi, for everybody' '' "$(cut_columns ltv_lo ltv ltv_hi <"$tmp/all" |
    awk -F, '!(0 <= $1 && $1 <= $2 && $2 <= $3)')"
rt-ltv --digits -1 "$tmp/in.csv" >"$tmp/own"
is 'without --params: as with what rt-fit gives' '' \
    "$(paste -d, "$tmp/own" "$tmp/all" | awk -F, 'NR > 1 { n = NF / 2
        for (i = n - 4; i <= n; i++) if (($i - $(n + i))^2 > 1e-12 * $i^2) { print; next } }' | head -n 3)"

# Shards, order of rows, threads.
{ head -n 1 "$tmp/in.csv" && tail -n +1000 "$tmp/in.csv"; } >"$tmp/two.csv"
head -n 999 "$tmp/in.csv" >"$tmp/one.csv"
is 'each shard as the whole' "$(cat "$tmp/all")" \
    "$(value "$tmp/one.csv" && value "$tmp/two.csv" | sed 1d)"
tail -n +2 "$tmp/in.csv" | sort -t, -k 9,9 -k 5,5 >"$tmp/body"
{ head -n 1 "$tmp/in.csv" && cat "$tmp/body"; } >"$tmp/mixed.csv"
is 'rows in another order have the same values' "$(tail -n +2 "$tmp/all" | sort)" \
    "$(value "$tmp/mixed.csv" | tail -n +2 | sort)"
is 'fitted to rows in another order: the same values' "$(tail -n +2 "$tmp/own" | sort)" \
    "$(rt-ltv --digits -1 "$tmp/mixed.csv" | tail -n +2 | sort)"
is 'one thread' "$(cat "$tmp/own")" "$(rt-ltv --threads 1 --digits -1 "$tmp/in.csv")"

# What options do. same_ratio FROM TO FACTOR COLUMN...: each value times the factor.
same_ratio() {
    from=$1 to=$2 factor=$3
    shift 3
    cut_columns "$@" <"$from" >"$tmp/from"
    cut_columns "$@" <"$to" | paste -d, "$tmp/from" - | awk -F, -v factor="$factor" '
        { for (i = 1; i <= NF / 2; i++) {
            d = factor * $i - $(NF / 2 + i); if (d * d > 1e-18 * $i * $i) { print; exit 1 } } }'
}
value --margin 30% "$tmp/in.csv" >"$tmp/margin"
ok 'a margin takes its share of values and limits' \
    same_ratio "$tmp/all" "$tmp/margin" 0.3 ltv ltv_lo ltv_hi
ok 'and leaves what is ordered and spent' \
    same_ratio "$tmp/all" "$tmp/margin" 1 expected_orders expected_spend
value --horizon 365.25d "$tmp/in.csv" >"$tmp/days"
ok '12 months are 365.25 days' same_ratio "$tmp/all" "$tmp/days" 1 expected_orders ltv ltv_hi
sum() {
    cut_columns "$1" | awk '{ s += $1 } END { printf "%.6f", s }'
}
is 'a longer horizon brings more' yes "$(echo "$(value --horizon 6m "$tmp/in.csv" | sum ltv)" \
    "$(sum ltv <"$tmp/all")" "$(value --horizon 3y "$tmp/in.csv" | sum ltv)" |
    awk '{ print ($1 < $2 && $2 < $3 ? "yes" : $0) }')"
value --discount 10%/year "$tmp/in.csv" >"$tmp/discounted"
is 'a discount takes some: of a year less than a year is worth' yes \
    "$(echo "$(sum ltv <"$tmp/discounted")" "$(sum ltv <"$tmp/all")" |
        awk '{ print ($1 < $2 * 0.99 && $1 > $2 / 1.1 ? "yes" : $0) }')"
value --discount 0.797414%/month "$tmp/in.csv" >"$tmp/monthly"
is 'the same rate in another unit' "$(sum ltv <"$tmp/discounted" | cut -c 1-7)" \
    "$(sum ltv <"$tmp/monthly" | cut -c 1-7)"
value --conf 50% "$tmp/in.csv" | cut_columns ltv_lo ltv_hi >"$tmp/narrow"
is 'a lower confidence is never wider' '' "$(cut_columns ltv_lo ltv_hi <"$tmp/all" |
    paste -d, "$tmp/narrow" - | awk -F, '$1 < $3 || $2 > $4')"
is '--p-order is below P(alive), and above 0' '' "$(rt-risk --digits -1 --params "$tmp/m" "$tmp/in.csv" |
    value --p-order | cut_columns p_order p_alive | awk -F, '!(0 < $1 && $1 < $2 && $2 <= 1)')"
sed 1d "$tmp/m" | cat "$tmp/g" - | grep -v ',cov:' | sed 's/,[^,]*$/,/' >"$tmp/typed"
is 'without standard errors the values are the same, the limits narrower' '' \
    "$(rt-ltv --digits -1 --params "$tmp/typed" "$tmp/in.csv" | cut_columns ltv ltv_hi >"$tmp/typed.out" &&
        cut_columns ltv ltv_hi <"$tmp/all" | paste -d, "$tmp/typed.out" - |
        awk -F, '$1 != $3 || $2 > $4')"

# A fit for each group.
awk -F, -v OFS=, 'NR == 1 { print $0, "shop" } NR > 1 { print $0, $1 % 3 == 0 ? "x" : "y" }' \
    "$tmp/in.csv" >"$tmp/x.csv"
grep -v ',x$' "$tmp/x.csv" | sed 's/,[^,]*$//' >"$tmp/two.csv"
rt-fit mbgnbd --by shop "$tmp/x.csv" >"$tmp/by.m"
rt-fit gg --by shop "$tmp/x.csv" >"$tmp/by.g"
rt-fit mbgnbd "$tmp/two.csv" >"$tmp/m2"
rt-fit gg "$tmp/two.csv" >"$tmp/g2"
is 'a group goes by its own fit' \
    "$(rt-ltv --params "$tmp/m2,$tmp/g2" "$tmp/two.csv" | cut_columns ltv ltv_hi)" \
    "$(rt-ltv --params "$tmp/by.m,$tmp/by.g" "$tmp/x.csv" | grep ',y,' |
        sed '1i customer_id,first_date,last_date,orders,revenue,aov,recency_days,tenure_days,x,t_x,T,m_x,x_star,revenue_star,T_star,shop,expected_orders,expected_spend,ltv,ltv_lo,ltv_hi' |
        cut_columns ltv ltv_hi)"
fails 'a group without a fit' 'x.csv:[0-9]*: .*no parameters' sh -c \
    "grep -v ,x, '$tmp/by.m' >'$tmp/only'
     rt-ltv --params '$tmp/only,$tmp/by.g' '$tmp/x.csv'"

# Without a model.
cat >"$tmp/plain.csv" <<'END'
customer_id,orders,revenue,T
a,4,100.00,730.5
b,1,20.00,10
c,0,-5.00,
d,,,
END
is 'formula: order value, orders of a year, years' \
    'a,4,100.00,730.5,25.00,2.00,4.00,200.00
b,1,20.00,10,20.00,1.00,4.00,80.00
c,0,-5.00,,,,4.00,
d,,,,,,4.00,' \
    "$(rt-ltv --method formula --churn-rate 25%/year --digits 2 "$tmp/plain.csv" | sed 1d)"
is 'formula: lifespan, margin' 'a,4,100.00,730.5,25.0,2.0,1.5,22.5' \
    "$(rt-ltv --method formula --lifespan 1.5y --margin 0.3 --digits 1 "$tmp/plain.csv" | sed -n 2p)"
is 'historic: what is left of the revenue so far' 'a,4,100.00,730.5,30.00
b,1,20.00,10,6.00
c,0,-5.00,,0.00
d,,,,' "$(rt-ltv --method historic --margin 30% --digits 2 "$tmp/plain.csv" | sed 1d)"

# No value is below 0, whatever was paid back.
cat >"$tmp/losses.csv" <<'END'
customer_id,orders,revenue,T
a,2,-30.00,800
b,1,-0.01,10
c,1,-0.00,10
d,0,-12.50,
e,2,0,800
END
is 'historic: more paid back than paid is worth 0' '0 0 0 0 0' \
    "$(rt-ltv --method historic --digits -1 "$tmp/losses.csv" | cut_columns ltv | xargs)"
is 'and so with a margin' '0.00 0.00 0.00 0.00 0.00' \
    "$(rt-ltv --method historic --margin 0.3 --digits 2 "$tmp/losses.csv" | cut_columns ltv | xargs)"
is 'formula: an average order below 0 counts as 0, and so does the value' '0,0 0,0 0,0 , 0,0' \
    "$(rt-ltv --method formula --lifespan 3y --margin 0.3 --digits -1 "$tmp/losses.csv" |
        cut_columns order_value ltv | xargs)"
printf '%s\n' model,param,value pnbd,r,30 pnbd,alpha,0.01 pnbd,s,4 pnbd,beta,0.02 \
    gg,p,0.001 gg,q,1.000001 gg,v,1000 >"$tmp/strange"
printf '%s\n' x,t_x,T,m_x 0,0,300,-7 1,2,300,-7 2,299,300,-0.01 900,300,300,0.01 3,0,0,-1 >"$tmp/paid"
is 'strange parameters and mean values below 0: still none' '5 5' \
    "$(rt-ltv --params "$tmp/strange" --horizon 90d --digits -1 "$tmp/paid" |
        cut_columns expected_orders expected_spend ltv ltv_lo |
        awk -F, '{ good += $1 >= 0 && $2 > 0 && $3 >= 0 && $4 >= 0 && !/-|,,|,$/ } END { print good, NR }')"
is '-v: how many they are' \
    'rt-ltv: 3 customers got back more than they paid: value 0' \
    "$(rt-ltv --method historic -v "$tmp/losses.csv" 2>&1 >/dev/null)"
is '-v: the correlation that gg takes to be 0' \
    'rt-ltv: frequency and spend: correlation 1.000; gg takes it to be 0, so its values are off for the frequent and the rare alike' \
    "$(printf 'x,t_x,T,m_x\n1,7,70,10\n2,7,70,20\n3,7,70,30\n' |
        rt-ltv -v --params "$tmp/m,$tmp/g" 2>&1 >/dev/null | tail -n 1)"
finish
