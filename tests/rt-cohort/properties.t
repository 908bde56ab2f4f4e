#!/bin/sh
# rt-cohort: what must hold for any log, on simulated shops of different kinds.
. "$(dirname "$0")/../lib.sh"

# cells TABLE: metric, cohort, age and num of the rows with a count or a sum, sorted.
cells() {
    awk -F, '$1 ~ /^retention|^sum/ { print $1, $3, $4, $8 }' "$1" | sort
}

# shellcheck disable=SC2317 # called by ok
rolls() {
    awk -F, '$1 != "retention" { next }
        NR == FNR { exact[$3, $4] = $8; cells++; next }
        { if ($8 < exact[$3, $4] || ($3 == last && $8 > before && $3 != "all")) exit 1
          last = $3; before = $8; seen++ }
        END { if (seen != cells || cells == 0) exit 1 }' "$tmp/exact" "$tmp/rolling"
}

for seed in 1 2 3; do
    case $seed in
    1) set -- --customers 300 --refunds 10 ;;
    2) set -- --customers 150 --rows 9000 --model bgnbd --season --lines 2 ;;
    3) set -- --customers 2000 --model mbgnbd --start 2024-02-29 --end 2024-09-05 ;;
    esac
    log=$tmp/log.$seed
    rt-sim --seed "$seed" "$@" -o "$log"
    rt-cohort --zero "$log" >"$tmp/exact"
    rt-cohort --zero --mode rolling "$log" >"$tmp/rolling"
    ok "$seed: rolling is at least exact, and falls with age" rolls
    brackets=$(awk 'BEGIN { for (i = 0; i < 40; i++) printf "%s%d", i ? "," : "", i }')
    rt-cohort --mode "bracket=$brackets" "$log" >"$tmp/brackets"
    is "$seed: brackets of one age are exact" "$(cells "$tmp/exact")" "$(cells "$tmp/brackets")"
    customers=$(rt-profile "$log" | awk -F, 'NR > 1 && $4 > 0' | wc -l)
    is "$seed: every customer is in one cohort" "$customers" \
        "$(awk -F, '/^customers/ { n += $5 } END { print n }' "$tmp/exact")"
    is "$seed: at age 0 all are there" '' \
        "$(awk -F, '$1 == "retention" && $4 == 0 && $8 != $9' "$tmp/exact")"
    is "$seed: the wide bracket holds them all" "$customers" \
        "$(rt-cohort --age day --mode bracket=0-5000 --as-of 2040-01-01 "$log" |
            awk -F, '/^retention.*,all,/ { print $8 }')"
    # From the first purchase on, all revenue has an age.
    is "$seed: the sums are the revenue" \
        "$(rt-profile "$log" | awk -F, '$4 > 0 { n += $5 } END { printf "%.2f\n", n }')" \
        "$(rt-cohort --sum amount "$log" | awk -F, '$1 ~ /^sum/ && $3 != "all" { n += $8 }
            END { printf "%.2f\n", n }')"
    # The last cumulative sum of each cohort is the sum of its sums.
    rt-cohort --sum amount --cumulative "$log" | awk -F, '$1 == "sum:amount" && $3 != "all" {
        last[$3] = $8 } END { for (c in last) printf "%s %.2f\n", c, last[c] }' | sort >"$tmp/last"
    rt-cohort --sum amount "$log" | awk -F, '$1 == "sum:amount" && $3 != "all" { n[$3] += $8 }
        END { for (c in n) printf "%s %.2f\n", c, n[c] }' | sort >"$tmp/added"
    is "$seed: cumulative sums end in the sums" "$(cat "$tmp/added")" "$(cat "$tmp/last")"
    awk -F, -v OFS=, 'NR == 1 { print; next } { $3 = sprintf("%.2f", 2 * $3); print }' "$log" \
        >"$tmp/twice"
    is "$seed: amounts times two" \
        "$(rt-cohort --sum amount "$log" | awk -F, '$1 == "sum:amount" { printf "%s %s %.2f\n", $3, $4, 2 * $8 }')" \
        "$(rt-cohort --sum amount "$tmp/twice" | awk -F, '$1 == "sum:amount" { printf "%s %s %.2f\n", $3, $4, $8 }')"
    # Order, pipes and threads do not show: days kept, or not, or after a second start.
    { head -n 1 "$log"; tail -n +2 "$log" | awk '{ print NR * 7919 % 10007 "\t" $0 }' | sort -n |
        cut -f 2-; } >"$tmp/shuffled"
    for options in '' '--mode rolling' '--age day' '--age day --mode bracket=0-70,60-80,100-200' \
        '--age day --mode rolling' '--sum amount' '--recurring --age day --cohort month'; do
        # shellcheck disable=SC2086 # options without spaces
        rt-cohort $options "$log" >"$tmp/one"
        # shellcheck disable=SC2086
        is "$seed: shuffled rows: $options" "$(md5sum <"$tmp/one")" \
            "$(rt-cohort $options "$tmp/shuffled" | md5sum)"
        # shellcheck disable=SC2086,SC2002
        is "$seed: from a pipe, one thread: $options" "$(md5sum <"$tmp/one")" \
            "$(cat "$tmp/shuffled" | rt-cohort --threads 1 $options | md5sum)"
    done
done

# The lists add up to the counts.
for options in '' '--mode rolling' '--recurring --cohort quarter' '--mode bracket=1-3,2-6'; do
    # shellcheck disable=SC2086
    rt-cohort $options "$tmp/log.2" | grep '^retention,' | cut -d , -f 3,4,8 |
        grep '^2023-[01Q]*[15],\|^all' | head -n 30 >"$tmp/cells"
    bad=0
    while IFS=, read -r cohort age num; do
        # shellcheck disable=SC2086
        found=$(rt-cohort $options --list "cohort=$cohort,age=$age" "$tmp/log.2" | tail -n +2 |
            sort -u | wc -l)
        [ "$found" -eq "$num" ] || bad=$((bad + 1))
    done <"$tmp/cells"
    is "lists add up: $options" 0 "$bad"
    ok "there are cells: $options" test -s "$tmp/cells"
done
finish
