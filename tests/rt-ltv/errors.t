#!/bin/sh
# rt-ltv: bad options, parameters and input, named before any output.
. "$(dirname "$0")/../lib.sh"
here=$tests/rt-ltv
in=$here/sample.csv
# shellcheck disable=SC2317 # called by fails
value() {
    rt-ltv --params "$here/params.csv" "$@"
}
for horizon in 12 0m -1m x 12q; do
    fails "--horizon $horizon" '^rt-ltv: --horizon: not a span' value "--horizon=$horizon" "$in"
done
fails 'a discount without a unit' '^rt-ltv: --discount: .*without a unit.*10%/year' \
    value --discount 10% "$in"
fails 'a discount per fortnight' '^rt-ltv: --discount: the unit' value --discount 1%/fortnight "$in"
fails 'a discount that is no number' '^rt-ltv: --discount: not a rate' value --discount x/year "$in"
fails '--margin above 1' '^rt-ltv: --margin: ' value --margin 30 "$in"
fails '--conf 95' '^rt-ltv: --conf: ' value --conf 95 "$in"
fails 'to the end of time without a discount' '^rt-ltv: --horizon inf: .*--discount' \
    value --horizon inf "$in"
fails 'to the end of time without DERT' '^rt-ltv: --horizon inf: .*pnbd' \
    value --horizon inf --discount 10%/year "$in"
fails 'a lifespan of a model' '^rt-ltv: --lifespan: is for --method formula' value --lifespan 3y "$in"
fails 'parameters of the formula' '^rt-ltv: --params: is for --method model' \
    value --method formula --lifespan 3y "$in"
fails 'the formula without a lifespan' '^rt-ltv: --method: formula needs' \
    rt-ltv --method formula "$in"
fails 'nobody leaves' '^rt-ltv: --churn-rate: not above 0' \
    rt-ltv --method formula --churn-rate 0%/year "$in"
fails 'an unknown model' '^rt-ltv: --model: not one of' rt-ltv --model gg "$in"
fails 'another model than the parameters' '^rt-ltv: --params: .*--model' value --model pnbd "$in"

# params NAME PATTERN SED: a table of parameters that is refused.
params() {
    sed "$3" "$here/params.csv" >"$tmp/params.csv"
    fails "$1" "$2" rt-ltv --params "$tmp/params.csv" "$in"
}
params 'q at most 1' '^rt-ltv: gg: q is at most 1.*no mean' 's/^gg,q,[^,]*/gg,q,0.99/'
params 'no gg' '^rt-ltv: --params: there are no parameters of gg' '/^gg/d'
params 'no buyers' '^rt-ltv: --params: there are no parameters of bgnbd' '/^mbgnbd/d'
params 'a parameter is missing' 'no row for alpha' '/^mbgnbd,alpha/d'
params 'two models of buyers' '^rt-ltv: --params: .*both.*--model' \
    '/^mbgnbd/{h;s/^mb/b/;G;}'
fails 'no such file of parameters' 'absent.csv' rt-ltv --params "$tmp/absent.csv" "$in"

# row NAME PATTERN CELLS: a row that is refused.
row() {
    printf 'x,t_x,T,m_x\n1,7,70,10\n%s\n' "$3" >"$tmp/in.csv"
    fails "$1" "in.csv:3: $2" value "$tmp/in.csv"
}
row 'x that is no count' 'x: not a whole number' 1.5,7,70,10
row 'x below 0' 'x: not a whole number' -1,7,70,10
row 't_x after T' 't_x: after T' 2,71,70,10
row 'no t_x' 't_x: not a number of days' 2,,70,10
row 'T that is none' 'T: not a number of days' 2,7,x,10
row 'money that is none' 'm_x: not a number' 2,7,70,1e3
value "$in" >"$tmp/twice.csv"
fails 'a column that is there already' 'has a column expected_orders already; --map old_' \
    value "$tmp/twice.csv"
ok 'which a map renames' value --map \
    old_expected_orders=expected_orders,old_expected_spend=expected_spend,old_ltv=ltv,old_ltv_lo=ltv_lo,old_ltv_hi=ltv_hi \
    "$tmp/twice.csv"
printf 'x,t_x,T,m_x\n0,0,70,\n0,0,30,\n' >"$tmp/none.csv"
fails 'nobody bought again: said in words' '^rt-ltv: MBG/NBD cannot be fitted to these rows: ' \
    rt-ltv "$tmp/none.csv"
finish
