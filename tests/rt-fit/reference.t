#!/bin/sh
# Fits of real data by the whole pipeline, beside those of others: shared/data/expected.csv. What
# follows from the parameters is in tests/unit/model.c and tests/unit/fit.c.
. "$(dirname "$0")/../lib.sh"

cases='cdnow_bgnbd_fit cdnow_mbgnbd_fit cdnow_paretonbd_fit cdnow_gammagamma_fit sbg_highend_fit
    sbg_highend_fit_4yr bdw_highend_fit_4yr'
if [ ! -r "$shared/data/expected.csv" ]; then
    for case in $cases; do skip "$case" 'no reference data'; done
    finish
fi

# check CASE FILE: every quantity of the case that is a parameter or the log-likelihood is in FILE,
# within its tolerance. Quantities are named as others name them.
check() {
    checked=$(python3 - "$1" "$2" "$shared/data/expected.csv" <<'PYTHON'
import csv, sys
case, mine, theirs = sys.argv[1:]
values = {row['param']: row['value'] for row in csv.DictReader(open(mine))}
names = {'LL': 'loglik', 'gamma': 'v', 'a (alpha)': 'a', 'b (beta)': 'b'}
count = 0
for row in csv.DictReader(open(theirs)):
    name = names.get(row['quantity'], row['quantity'])
    if row['case'] != case or name not in values:
        continue
    count += 1
    if not abs(float(values[name]) - float(row['expected'])) <= float(row['tolerance']):
        print(name, 'is', values[name], 'and not', row['expected'])
print(count)
PYTHON
    )
    is "$1" "$3" "$checked"
}

rt-profile --map amount=sales --as-of 1997-09-30 "$shared/data/cdnow_elog.csv" >"$tmp/profile.csv"
for model in bgnbd mbgnbd pnbd gg; do
    rt-fit "$model" "$tmp/profile.csv" >"$tmp/$model.csv"
done
check cdnow_bgnbd_fit "$tmp/bgnbd.csv" 5
check cdnow_mbgnbd_fit "$tmp/mbgnbd.csv" 5
check cdnow_paretonbd_fit "$tmp/pnbd.csv" 5
check cdnow_gammagamma_fit "$tmp/gg.csv" 4
is 'customers and as-of date' '2357 1997-09-30 week 1' \
    "$(awk -F, '$2 == "n" || $2 == "unit" || $2 == "as_of" || $2 == "converged" { printf "%s%s", s, $3; s = " " }' \
        "$tmp/bgnbd.csv" | awk '{ print $1, $3, $2, $4 }')"

# years N MODEL: the first years of the high-end customers.
years() {
    head -n $(($1 + 2)) "$shared/data/sbg_high_end.csv" |
        rt-fit "$2" --map period=year,survivors=alive >"$tmp/$2-$1.csv"
}
years 7 sbg
years 4 sbg
years 4 bdw
check sbg_highend_fit "$tmp/sbg-7.csv" 3
check sbg_highend_fit_4yr "$tmp/sbg-4.csv" 2
check bdw_highend_fit_4yr "$tmp/bdw-4.csv" 3
finish
