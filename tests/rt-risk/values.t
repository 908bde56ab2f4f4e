#!/bin/sh
# rt-risk: probabilities, rhythm, bands, and what must not change them.
. "$(dirname "$0")/../lib.sh"
here=$tests/rt-risk
rt-sim --customers 900 --seed 5 --ids number | rt-profile >"$tmp/in.csv"
rt-fit mbgnbd "$tmp/in.csv" >"$tmp/m"
cut_columns() {
    awk -F, -v names="$*" 'BEGIN { n = split(names, name, " ") }
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { for (k = 1; k <= n; k++) printf "%s%s", $at[name[k]], k < n ? "," : "\n" }'
}
risk() {
    rt-risk --digits -1 --params "$tmp/m" "$@"
}
risk "$tmp/in.csv" >"$tmp/all"
rt-risk --digits -1 "$tmp/in.csv" >"$tmp/own"
is 'the rows come back as they were, in order' "$(cat "$tmp/in.csv")" \
    "$(sed 's/\(,[^,]*\)\{4\}$//' "$tmp/all")"
is 'the columns' ,p_alive,overdue,basis,band "$(head -n 1 "$tmp/all" | sed 's/.*,m_x//')"
is 'probabilities' '' "$(cat "$tmp/all" "$tmp/own" | grep -v ^customer |
    awk -F, '!($13 > 0 && $13 < 1 && $14 >= 0 && $14 < 1)')"
is 'without --params: the model that rt-fit fits' '' "$(cut_columns p_alive overdue <"$tmp/own" >"$tmp/a"
    cut_columns p_alive overdue <"$tmp/all" | paste -d, "$tmp/a" - |
    awk -F, '($1 - $3)^2 > 1e-12 || ($2 - $4)^2 > 1e-12')"
is 'a one-time buyer is not certainly there' '' \
    "$(cut_columns x p_alive <"$tmp/all" | awk -F, '$1 == 0 && $2 >= 1')"
rt-fit bgnbd "$tmp/in.csv" >"$tmp/b"
is 'but by bgnbd he is' 1 "$(rt-risk --params "$tmp/b" --digits -1 "$tmp/in.csv" |
    cut_columns x p_alive | sed -n 's/^0,//p' | sort -u)"
is 'own from the second order on' '0,pooled
1,own' "$(cut_columns x basis <"$tmp/own" | awk -F, '{ print ($1 > 0) "," $2 }' | sort -u)"

# By the parameters: purchases at random, at a rate of Gamma(r + x, alpha + t_x).
is 'overdue by the parameters' '' "$(r=$(sed -n 's/^mbgnbd,r,\([^,]*\),.*/\1/p' "$tmp/m")
    alpha=$(sed -n 's/^mbgnbd,alpha,\([^,]*\),.*/\1/p' "$tmp/m")
    cut_columns x t_x T overdue <"$tmp/all" | awk -F, -v r="$r" -v alpha="$alpha" '
        $3 > $2 { wanted = 1 - ((7 * alpha + $2) / (7 * alpha + $3 + 0.5))^(r + $1)
            if ((wanted - $4)^2 > 1e-12) print wanted, $0 }' | head -n 3)"
# longer FILE COLUMN SIGN: with the same history, a longer silence moves a column one way.
printf 'customer_id,x,t_x,T\n' >"$tmp/silence.csv"
for T in 200 201 230 300 500 1000; do echo "$T,5,200,$T"; done >>"$tmp/silence.csv"
is 'a longer silence: less alive, more overdue' '' "$(risk "$tmp/silence.csv" |
    cut_columns p_alive overdue | awk -F, 'NR > 1 && !($1 < alive && $2 > late) { print }
        { alive = $1; late = $2 }')"
printf 'customer_id,x,t_x,T\n1,2,200,260\n2,20,200,260\n' >"$tmp/often.csv"
is 'the same silence says more of who buys often' 1 \
    "$(risk "$tmp/often.csv" | cut_columns overdue | awk 'NR == 2 { print ($1 > before) } { before = $1 }')"
# Bands.
is 'bands: limits' '' "$(risk --bands 0.25,0.5,75% "$tmp/in.csv" | cut_columns p_alive band | awk -F, '
    { wanted = $1 < 0.25 ? "very high risk" : $1 < 0.5 ? "high risk" : $1 < 0.75 ? "medium risk" : "low risk" }
    $2 != wanted')"
is 'bands: rules, the first that holds' '' "$(risk --bands "$here/bands.csv" "$tmp/in.csv" |
    cut_columns p_alive overdue revenue band | awk -F, '
    { wanted = $1 >= 0.2 && $1 <= 0.6 && $3 >= 100 ? "save first" : $2 > 0.9 ? "overdue" : $1 >= 0.6 ? "fine" : "" }
    $4 != wanted' | head -n 3)"

# Shards, order, threads.
{ head -n 1 "$tmp/in.csv" && tail -n +400 "$tmp/in.csv"; } >"$tmp/two.csv"
head -n 399 "$tmp/in.csv" >"$tmp/one.csv"
is 'each shard as the whole' "$(cat "$tmp/all")" \
    "$(risk "$tmp/one.csv" && risk "$tmp/two.csv" | sed 1d)"
{ head -n 1 "$tmp/in.csv" && tail -n +2 "$tmp/in.csv" | sort -t, -k 9,9 -k 5,5; } >"$tmp/mixed.csv"
is 'fitted to rows in another order: the same' "$(tail -n +2 "$tmp/own" | sort)" \
    "$(rt-risk --digits -1 "$tmp/mixed.csv" | tail -n +2 | sort)"
is 'one thread' "$(cat "$tmp/own")" "$(rt-risk --threads 1 --digits -1 "$tmp/in.csv")"
is 'a customer without a purchase has no risk' 'c,,,,,,,' \
    "$(printf 'customer_id,x,t_x,T\nc,,,\n' | risk | sed -n 2p)"
is '-v' 'rt-risk: 900 rows, 900 customers, ' \
    "$(risk -v "$tmp/in.csv" 2>&1 >/dev/null | sed 's/[0-9]* with.*//')"
finish
