#!/bin/sh
# rt-ltv: over simulated shops, as many customers as said spend what lies within the limits.
. "$(dirname "$0")/../lib.sh"

# covered CONF LEAST MOST OPTION...: the share over shops that are fitted without their holdout.
covered() {
    conf=$1 least=$2 most=$3
    shift 3
    for seed in 11 12 13; do
        rt-sim --customers 1500 --seed $seed "$@" | rt-profile --split 2024-06-30 |
            rt-ltv --horizon 184d --conf "$conf"
    done | awk -F, -v least="$least" -v most="$most" '
        /^customer_id/ { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { n++; y = $at["revenue_star"]; in_it += y >= $at["ltv_lo"] && y <= $at["ltv_hi"] }
        END { print in_it / n; exit !(in_it / n > least && in_it / n < most) }'
}
# Many spend nothing, so that limits that are met by no fewer than 80% are met by a few more.
ok 'another model than was fitted: 80%' covered 80% 0.79 0.88
ok 'another model than was fitted: 95%' covered 95% 0.935 0.97
ok 'the model itself: 80%' covered 80% 0.79 0.88 --model mbgnbd
ok 'the model itself: 95%' covered 95% 0.935 0.97 --model mbgnbd
# Few shops, few customers: the parameters are unsure, and the limits know it.
few() {
    for seed in 1 2 3 4 5 6 7 8 9 10 11 12; do
        rt-sim --customers 120 --seed $seed --model mbgnbd | rt-profile --split 2024-06-30 |
            rt-ltv --horizon 184d --conf 95% 2>/dev/null
    done | awk -F, '
        /^customer_id/ { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { n++; y = $at["revenue_star"]; in_it += y >= $at["ltv_lo"] && y <= $at["ltv_hi"] }
        END { print in_it / n, n; exit !(n > 400 && in_it / n > 0.92 && in_it / n < 0.985) }'
}
ok 'small shops: 95%' few
finish
