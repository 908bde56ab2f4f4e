#!/bin/sh
# What a fit is made of: units, groups, weights, rows that are left out; what it gives.
. "$(dirname "$0")/../lib.sh"
sample=$(dirname "$0")/sample.csv

# value PARAM [FILE]: of a table of parameters without groups.
value() {
    awk -F, -v param="$1" '$2 == param { print $3 }' "${2:-$tmp/fit.csv}"
}

# near NAME EXPECTED GOT: equal to seven digits.
near() {
    ok "$1 ($3)" awk -v a="$2" -v b="$3" 'BEGIN {
        d = a - b; exit !(a != "" && b != "" && d * d <= 1e-12 * a * a) }'
}

rt-fit mbgnbd "$sample" >"$tmp/fit.csv"
is 'rows of the table' 'param r alpha a b cov:alpha:r cov:a:r cov:a:alpha cov:b:r cov:b:alpha cov:b:a loglik n unit as_of converged' \
    "$(cut -d, -f2 "$tmp/fit.csv" | xargs)"
is 'header' 'model,param,value,se' "$(head -n 1 "$tmp/fit.csv")"
is 'the as-of date is that of the profile' 2023-12-31 "$(value as_of)"
is 'customers' 60 "$(value n)"
is 'standard errors of the parameters alone' 4 "$(cut -d, -f4 "$tmp/fit.csv" | grep -c '[0-9]')"

# Units: alpha is a time, its standard error and covariances go with it.
rt-fit mbgnbd --unit day "$sample" >"$tmp/day.csv"
rt-fit mbgnbd --unit month "$sample" >"$tmp/month.csv"
near 'alpha in days' "$(value alpha | awk '{ printf "%.12g", $1 * 7 }')" "$(value alpha "$tmp/day.csv")"
near 'alpha in months' "$(value alpha | awk '{ printf "%.12g", $1 * 7 / 30.4375 }')" \
    "$(value alpha "$tmp/month.csv")"
near 'r has no unit' "$(value r)" "$(value r "$tmp/day.csv")"
near 'the covariance of alpha and r goes with alpha' "$(value cov:alpha:r | awk '{ printf "%.12g", $1 * 7 }')" \
    "$(value cov:alpha:r "$tmp/day.csv")"
is 'the unit is told' 'week day month' \
    "$(value unit) $(value unit "$tmp/day.csv") $(value unit "$tmp/month.csv")"

# The order of the rows, the number of threads and the way the rows are cut show nowhere.
{ head -n 1 "$sample"; tail -n +2 "$sample" | sort -r; } | rt-fit mbgnbd >"$tmp/other.csv"
ok 'order of rows' cmp "$tmp/fit.csv" "$tmp/other.csv"
rt-fit mbgnbd --threads 1 "$sample" >"$tmp/other.csv"
ok 'threads' cmp "$tmp/fit.csv" "$tmp/other.csv"

# A row that stands for two customers is as two rows.
awk -F, -v OFS=, '{ print $0, NR == 1 ? "people" : 2 }' "$sample" | rt-fit mbgnbd --weight people \
    >"$tmp/weight.csv"
{ cat "$sample"; tail -n +2 "$sample"; } | rt-fit mbgnbd >"$tmp/twice.csv"
ok '--weight 2 is every row twice' cmp "$tmp/weight.csv" "$tmp/twice.csv"
near 'twice the customers, the same parameters' "$(value r)" "$(value r "$tmp/twice.csv")"
awk -F, -v OFS=, 'NR == 1 { print $0, "people" } NR > 1 { print $0, 1; print $0, 0 }' "$sample" |
    rt-fit mbgnbd --weight people >"$tmp/weight.csv"
ok 'rows of weight 0 count for nothing' cmp "$tmp/fit.csv" "$tmp/weight.csv"

# Groups: each as if it were alone, in the order of their names.
awk -F, -v OFS=, '{ print $0, NR == 1 ? "shop" : "b" } NR > 1 { print $0, "a"; print $0, "a" }' \
    "$sample" >"$tmp/groups.csv"
rt-fit mbgnbd --by shop "$tmp/groups.csv" >"$tmp/by.csv"
is 'the --by column stands behind model' 'model,shop,param,value,se' "$(head -n 1 "$tmp/by.csv")"
is 'groups in order' 'a b' "$(tail -n +2 "$tmp/by.csv" | cut -d, -f2 | uniq | xargs)"
awk -F, '$2 == "b"' "$tmp/by.csv" | cut -d, -f1,3- >"$tmp/b.csv"
tail -n +2 "$tmp/fit.csv" >"$tmp/whole.csv"
ok 'a group is as if it were alone' cmp "$tmp/whole.csv" "$tmp/b.csv"
rt-fit mbgnbd --by shop,as_of_nothing --map as_of_nothing=customer_id "$tmp/groups.csv" >"$tmp/two.csv" 2>"$tmp/err"
like 'a group with too little data is named by its place' \
    '^rt-fit: mbgnbd: group 1 of 120, in the order of --by: fewer than 10 customers' "$(cat "$tmp/err")"

# Customers who say nothing.
{ cat "$sample"; sed -n '2,4s/^[^,]*,.*/refunded,,,0,-5,,,,,,,/p' "$sample"; } >"$tmp/more.csv"
rt-fit mbgnbd -v "$tmp/more.csv" >"$tmp/other.csv" 2>"$tmp/err"
ok 'customers without purchases are left out' cmp "$tmp/fit.csv" "$tmp/other.csv"
is '-v tells so' 'rt-fit: 63 rows, 3 without what the model needs left out' \
    "$(head -n 1 "$tmp/err")"
like '-v tells of the search' \
    '^rt-fit: MBG/NBD: 60 customers, [0-9]+ distinct, [0-9]+ evaluations of the likelihood$' \
    "$(tail -n 1 "$tmp/err")"
is 'gg takes customers with repeat purchases' "$(awk -F, 'NR > 1 && $9 > 0' "$sample" | wc -l)" \
    "$(rt-fit gg "$sample" | awk -F, '$2 == "n" { print $3 }')"
is 'gg has no unit of time' 'gg,unit,,' "$(rt-fit gg "$sample" | grep ,unit,)"

# Points without dates, as from elsewhere.
cut -d, -f9-11 "$sample" | rt-fit mbgnbd >"$tmp/other.csv"
is 'x, t_x and T suffice; then the as-of date is not known' \
    "$(sed 's/2023-12-31//' "$tmp/fit.csv")" "$(cat "$tmp/other.csv")"
finish
