# shellcheck shell=bash
# Helpers of tests/bench/run: models on a million customers, beside peers. Reading and fitting are
# timed apart, as peers are timed without reading; then scoring.

# Active and other months of each customer since that of the first purchase, from a log by date.
make_months() {
    [[ -s $1 ]] || rt-sim --seed 1 --customers "$customers" | awk -F , '
        NR == 1 { print "x,t_x,n"; next }
        { month = 12 * substr($2, 1, 4) + substr($2, 6, 2) }
        !($1 in first) { first[$1] = last[$1] = month }
        month > last[$1] { active[$1]++; last[$1] = month }
        END { for (id in first) print active[id] + 0 "," last[id] - first[id] "," month - first[id] }' >"$1"
}

# Groups of 10,000 subscribers, each with an alpha and a beta of its own, over 12 periods.
make_survivors() {
    [[ -s $1 ]] || awk -v customers="$customers" 'BEGIN {
        srand(1)
        print "group,period,survivors"
        for (group = 1; group <= customers / 10000; group++) {
            alpha = 0.5 + rand(); beta = 2 + 3 * rand(); left = 10000
            for (period = 0; period <= 12; period++) {
                print group "," period "," left
                stay = (beta + period) / (alpha + beta + period)
                for (i = left; i > 0; i--)
                    left -= rand() >= stay
            }
        } }' >"$1"
}

median() {
    sort -g | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

declare -A seconds # of our fits, by model

# bench_fit MODEL FILE [BY]: ours, then each peer that has the model, which must not have found
# likelier parameters. $peers: these alone.
bench_fit() {
    local model=$1 input=$2 ours likelihood peer theirs
    for ((run = 0; run < repeat; run++)); do "$rt/bench/fit" "$@"; done >"$work/fits" || return
    ours=$(cut -d ' ' -f 2 "$work/fits" | median)
    seconds[$model]=$ours
    likelihood=$(cut -d ' ' -f 3 "$work/fits" | head -n 1)
    printf '%s, %s rows: read %s s, fit %s s, log-likelihood %s\n' "$model" "$(($(wc -l <"$input") - 1))" \
        "$(cut -d ' ' -f 1 "$work/fits" | median)" "$ours" "$likelihood"
    for peer in ${peers-scipy lifetimes}; do
        theirs=$("$python" tests/bench/models.py "$peer" "$model" "$input" 2>/dev/null) || continue
        awk -v peer="$peer" -v theirs="$theirs" -v ours="$ours" -v likelihood="$likelihood" 'BEGIN {
            split(theirs, part, " ")
            printf "  %s: fit %s s, %.0f times as long, log-likelihood %s%s\n", peer, part[1],
                part[1] / ours, part[2], part[2] < likelihood - 0.01 ? ", less likely" : ""
            exit part[2] > likelihood + 0.01 }' ||
            { echo 'bench: a peer found more likely parameters' >&2; return 1; }
    done
}

scoring_jobs() {
    cat <<END
wc -l	wc -l $file
rt-fit mbgnbd	rt-fit mbgnbd $file
rt-risk	rt-risk --params $work/buys.csv $file
rt-ltv	rt-ltv --params $work/buys.csv,$work/spends.csv $file
rt-ltv, fits first	rt-ltv $file
END
}

bench_models() {
    local months=$work/months-$customers.csv survivors=$work/survivors-$customers.csv
    local part=$work/models-part-$customers.csv
    file=$work/models-$customers.csv
    [[ -s $file ]] || rt-sim --seed 1 --customers "$customers" | rt-profile -o "$file" || return
    make_months "$months" && make_survivors "$survivors" || return
    head -n $((customers / 20 + 1)) "$file" >"$part"
    printf '\nmodels: %s customers\n' "$(($(wc -l <"$file") - 1))"
    for model in bgnbd mbgnbd gg; do
        bench_fit $model "$file" || return
    done
    # Its peers take minutes for all customers.
    peers='' bench_fit pnbd "$file" || return
    awk "BEGIN { printf \"  %.1f times as long as bgnbd\\n\", ${seconds[pnbd]} / ${seconds[bgnbd]} }"
    bench_fit pnbd "$part" || return
    bench_fit bgbb "$months" && bench_fit sbg "$survivors" group && bench_fit bdw "$survivors" group || return
    rt-fit mbgnbd "$file" -o "$work/buys.csv" && rt-fit gg "$file" -o "$work/spends.csv" || return
    : >"$work/notes"
    for ((run = 0; run < repeat; run++)); do
        scoring_jobs | run_jobs
    done
    report none
}
