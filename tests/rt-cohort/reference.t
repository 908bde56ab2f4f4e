#!/bin/sh
# rt-cohort: published and independently computed values, read from expected.csv.
. "$(dirname "$0")/../lib.sh"

data=$shared/data
if [ ! -f "$data/expected.csv" ]; then
    skip 'reference values' 'no ../shared'
    finish
fi

# expected CASE: its cohorts, each with the counts from age 0 on.
expected() {
    sed -n "s/^$1,.*,cohort \([0-9-]*\),\([0-9|]*\),.*/\1 \2/p" "$data/expected.csv"
}
# counts COHORT AGES: num of the ages from 0 on; a cohort without customers has no rows.
counts() {
    awk -F, -v cohort="$1" -v ages="$2" '$1 == "retention" && $3 == cohort { n[$4] = $8; seen = $4 }
        END { for (i = 0; i < ages; i++) printf "%s%d", i ? "|" : "", n[i]
              if (seen >= ages) printf " and more"; print "" }' "$tmp/out"
}
# compare CASE: all its cohorts, and no other has rows.
compare() {
    cases=0
    while read -r cohort numbers; do
        ages=$(printf '%s\n' "$numbers" | tr '|' '\n' | wc -l)
        is "$1, $cohort" "$numbers" "$(counts "$cohort" "$ages")"
        cases=$((cases + 1))
        grep -v "^[^,]*,[^,]*,$cohort," "$tmp/out" >"$tmp/rest"
        mv "$tmp/rest" "$tmp/out"
    done <<END
$(expected "$1")
END
    is "$1: all $cases cohorts" "$2" "$cases"
    is "$1: no other cohort" '' "$(grep -v '^metric\|^as_of\|,all,' "$tmp/out")"
}

rt-cohort --map customer_id=user_id --recurring --cohort day --zero --as-of 2020-06-20 \
    "$data/posthog_day_events.csv" >"$tmp/out"
compare retention_recurring_day 11
rt-cohort --map amount=sales --zero "$data/cdnow_elog.csv" >"$tmp/out"
compare cohort_cdnow_monthly 3
finish
