#!/bin/sh
# rt-ltv and rt-risk against values of papers and other packages.
. "$(dirname "$0")/../lib.sh"

expected=$shared/data/expected.csv
if [ ! -f "$expected" ]; then
    for case in 'P(alive)' 'conditional expectations' 'DERT' 'spend' 'CDNOW by frequency'; do
        skip "$case" 'no ../shared'
    done
    finish
fi

# params MODEL "NAME=VALUE;...": a table of parameters in weeks.
params() {
    printf 'model,param,value,se\n'
    echo "$2" | tr ';' '\n' | sed "s/^/$1,/; s/=/,/; s/\$/,/"
}
# points CASE: a profile of the customers of a case, days for weeks. 30.8571 stands for 216 / 7.
points() {
    echo customer_id,x,t_x,T,m_x
    grep "^$1," "$expected" | sed 's/.*,x=\([0-9.]*\) t_x=\([0-9.]*\) T=\([0-9.]*\),.*/\1 \2 \3/' |
        sed 's/30\.8571/30.857142857/' | awk '{ printf "%d,%d,%.10f,%.10f,\n", NR, $1, 7 * $2, 7 * $3 }'
}
input() {
    grep "^$1," "$expected" | head -n 1 | cut -d, -f2
}
# near CASE OUTPUT: the numbers of a file are the expected ones within their tolerance.
near() {
    grep "^$1," "$expected" | sed 's/.*,\([-0-9][-0-9.e]*\),\([0-9][-0-9.e]*\),.*/\1 \2/' >"$tmp/wanted"
    paste -d ' ' "$tmp/wanted" "$2" | awk '
        NF != 3 || ($1 - $3)^2 > (1.000001 * $2)^2 { print; bad = 1 } END { exit bad || NR == 0 }'
}
column() {
    awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { print $at[name] }'
}
gg='p=6.24957159;q=3.74422485;v=15.44352352'
params gg "$gg" >"$tmp/gg"

for model in bgnbd mbgnbd pnbd; do
    case=${model}_palive
    [ "$model" = pnbd ] && case=paretonbd_palive
    params "$model" "$(input "$case")" >"$tmp/params"
    points "$case" >"$tmp/points"
    rt-risk --digits -1 --params "$tmp/params" "$tmp/points" | column p_alive >"$tmp/got"
    ok "P(alive) of $model" near "$case" "$tmp/got"
done
for model in bgnbd pnbd; do
    case=${model}_cet39
    [ "$model" = pnbd ] && case=paretonbd_cet39
    params "$model" "$(input "$case")" >"$tmp/params"
    points "$case" >"$tmp/points"
    rt-ltv --digits -1 --horizon 39w --params "$tmp/params,$tmp/gg" "$tmp/points" |
        column expected_orders >"$tmp/got"
    ok "orders of the next 39 weeks by $model" near "$case" "$tmp/got"
done
params pnbd "$(input paretonbd_dert)" >"$tmp/params"
points paretonbd_dert >"$tmp/points"
# A continuous rate of 0.0027 is e^0.0027 - 1 a week.
rt-ltv --digits -1 --horizon inf --discount 0.270364828%/week --params "$tmp/params,$tmp/gg" \
    "$tmp/points" | column expected_orders >"$tmp/got"
ok 'discounted orders to the end of time' near paretonbd_dert "$tmp/got"

awk -F, -v OFS=, 'NR == 1 { print "customer_id,x,t_x,T,m_x"; next }
    NR < 12 { print $1, $2, 7 * $3, 7 * $4, $5 }' "$shared/data/cdnow_cbs_39wk.csv" >"$tmp/points"
params mbgnbd 'r=0.525;alpha=6.183;a=0.891;b=1.614' >"$tmp/params"
rt-ltv --digits -1 --params "$tmp/params,$tmp/gg" "$tmp/points" | column expected_spend >"$tmp/got"
ok 'spend of an order' near gammagamma_expected_spend "$tmp/got"

# CDNOW from the log to the orders by calibration frequency, 0 to 6 and 7 or more.
rt-profile --map amount=sales --as-of 1998-06-30 --split 1997-09-30 \
    "$shared/data/cdnow_elog.csv" >"$tmp/cdnow.csv"
by_frequency() {
    awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { x = $at["x"] < 7 ? $at["x"] : 7; n[x]++; sum[x] += $at[name] }
        END { for (x = 0; x < 8; x++) printf "%.9f\n", sum[x] / n[x] }'
}
by_frequency x_star <"$tmp/cdnow.csv" >"$tmp/got"
ok 'CDNOW: what came, by frequency' near cdnow_holdout_by_frequency "$tmp/got"
rt-fit gg "$tmp/cdnow.csv" >"$tmp/gg"
for model in bgnbd pnbd; do
    case=cdnow_cet_by_frequency_$model
    [ "$model" = pnbd ] && case=cdnow_cet_by_frequency_paretonbd
    rt-fit "$model" "$tmp/cdnow.csv" >"$tmp/params"
    rt-ltv --digits -1 --horizon 39w --params "$tmp/params,$tmp/gg" "$tmp/cdnow.csv" \
        >"$tmp/$model.csv"
    by_frequency expected_orders <"$tmp/$model.csv" >"$tmp/got"
    ok "CDNOW: what $model expects, by frequency" near "$case" "$tmp/got"
done

# Of real customers too as many as said lie within the limits.
covered() {
    rt-ltv --conf "$1" --horizon 273d "$tmp/cdnow.csv" | awk -F, -v low="$2" -v high="$3" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { n++; y = $at["revenue_star"]; in_it += y >= $at["ltv_lo"] && y <= $at["ltv_hi"] }
        END { print in_it / n; exit !(in_it / n > low && in_it / n < high) }'
}
ok 'CDNOW: limits of 80%' covered 80% 0.78 0.88
ok 'CDNOW: limits of 95%' covered 95% 0.92 0.97
finish
