#!/bin/sh
# rt-cost: bad options and bad input, named before any output.
. "$(dirname "$0")/../lib.sh"
here=$tests/rt-cost
# shellcheck disable=SC2317 # called by fails
cost() {
    rt-cost --costs "$here/costs.csv" "$@"
}
in=$here/sample.csv
fails 'no costs' '^rt-cost: --costs: needed' rt-cost "$in"
for margin in 0 2 1.5 -0.1 130% x; do
    fails "--margin $margin" '^rt-cost: --margin: ' cost "--margin=$margin" "$in"
done
for amount in 0 -1 x 1e3; do
    fails "--monthly-margin $amount" '^rt-cost: --monthly-margin: ' \
        cost "--monthly-margin=$amount" "$in"
done
fails 'both margins' '^rt-cost: --margin and --monthly-margin' \
    cost --margin 0.3 --monthly-margin 2 "$in"

# costs NAME PATTERN CSV...: a table of costs that is refused.
costs() {
    name=$1
    pattern=$2
    shift 2
    printf '%s\n' "$@" >"$tmp/costs.csv"
    fails "$name" "$pattern" rt-cost --costs "$tmp/costs.csv" "$in"
}
costs 'a column of the groups is missing' "costs.csv:1: no column 'channel'" \
    period,acquisition_cost 2024-01,1
costs 'the period is missing' "costs.csv:1: no column 'period'" channel,acquisition_cost shop,1
costs 'neither cost' "costs.csv:1: no column 'acquisition_cost'" channel,period shop,2024-01
costs 'a cost that is no number' 'costs.csv:3: retention_cost: not a number$' \
    channel,period,acquisition_cost,retention_cost shop,2024-01,1,2 shop,2024-01,1,1.2.3
costs 'a cost of too many digits' 'costs.csv:2: acquisition_cost: .*digits' \
    channel,period,acquisition_cost shop,2024-01,1.0000000000000000001
costs 'periods of another kind' 'costs.csv: no row has the period' \
    channel,period,acquisition_cost shop,2024-01-01,1

# rows NAME PATTERN SED: metric rows that are refused.
rows() {
    sed -e "$3" "$in" >"$tmp/rows.csv"
    fails "$1" "$2" cost --margin 0.3 "$tmp/rows.csv"
}
rows 'a row twice' 'rows.csv:4: .*second time; rt-churn -m' '3{p;}'
rows 'another as-of date' 'rows.csv:3: .*second time' '2{p;s/02-20/02-21/;}'
rows 'a count that is none' 'rows.csv:4: not a count' '4s/,8,/,8.5,/'
rows 'revenue that is no number' 'rows.csv:9: revenue: ' '9s/500.50/x/'
rows 'no row as_of' '^rt-cost: --margin: there is no row as_of' 2d
rows 'as_of of another kind' '^rt-cost: --margin: the row as_of' '2s/month/week/'
rows 'as_of that is none' 'rows.csv:2: not a row as_of' '2s/month/fortnight/'
rows 'not metric rows' 'rows.csv:1: ' '1s/metric/metrik/'
sed '1s/period/cohort,age/; s/,2024-0\([12]\),/,2024-0\1,0,/; s/,2024-02-20,/,2024-02,0,/' "$in" >"$tmp/cohort.csv"
fails 'rows of cohorts' '^rt-cost: the metric rows are of cohorts' cost "$tmp/cohort.csv"
fails 'worths of other groups' 'ltv.csv: the groups are others' sh -c "
    sed s/channel/country/ '$here/ltv.csv' >'$tmp/ltv.csv'
    rt-cost --costs '$here/costs.csv' --ltv '$tmp/ltv.csv' '$in'"
fails 'no worths' 'ltv.csv: no row of the metric mean:clv' \
    cost --ltv "$here/ltv.csv" --ltv-metric mean:clv "$in"
fails 'a worth twice' 'ltv.csv:5: .*second time' sh -c "
    sed '4p' '$here/ltv.csv' >'$tmp/ltv.csv'
    rt-cost --costs '$here/costs.csv' --ltv '$tmp/ltv.csv' '$in'"
finish
