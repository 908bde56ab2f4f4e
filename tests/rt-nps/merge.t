#!/bin/sh
# rt-nps -m: shards in any order give the bytes of one run.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/data.sh"

command=rt-nps
. "$(dirname "$0")/../shards.sh"

answers 3000 42 10 >"$tmp/nps.csv"
answers 3000 43 5 >"$tmp/five.csv"
answers 3000 44 7 >"$tmp/seven.csv"
rt-sim --table answers --customers 2000 --seed 3 -o "$tmp/sim.csv"
merged 'simulated answers' "$tmp/sim.csv" --period month --compare
merged 'default' "$tmp/nps.csv"
merged 'channels, histogram, score test' "$tmp/nps.csv" --by channel --histogram --ci score
merged 'two columns, quarters, compared, 90%' "$tmp/nps.csv" --by country,channel --period quarter \
    --compare --conf 90%
merged 'weeks' "$tmp/nps.csv" --period week --week-start sunday
merged 'last of all' "$tmp/nps.csv" --dedupe last --by channel
merged 'last of each month' "$tmp/nps.csv" --dedupe last --period month --by country
merged '45 days apart' "$tmp/nps.csv" --dedupe 45 --period 30d --compare
merged 'csat' "$tmp/five.csv" --metric csat --by channel --period month --compare --histogram
merged 'ces' "$tmp/seven.csv" --metric ces --by channel --period month --compare --histogram
merged 'ces from 1 to 5' "$tmp/five.csv" --metric ces --scale 1-5
merging='--min-n 20'
merged 'small groups hidden at the end' "$tmp/nps.csv" --by channel --period month --compare
merging='--compare'
merged 'compared at the end' "$tmp/nps.csv" --by country --period month
merging=

# The profile of the CDNOW log is no survey, but its customers are real: orders as scores.
cdnow=$shared/data/cdnow_elog.csv
if [ -f "$cdnow" ]; then
    rt-profile --map amount=sales "$cdnow" |
        awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i
                print "customer_id,date,score"; next }
            { n = $at["orders"]; print $at["customer_id"] "," $at["last_date"] "," (n > 10 ? "" : n) }' \
            >"$tmp/cdnow.csv"
    merged 'CDNOW' "$tmp/cdnow.csv" --period quarter --compare --histogram
else
    skip 'CDNOW' 'no ../shared'
fi

# shellcheck disable=SC2317 # called by ok
merge_again() {
    rt-nps --by channel --digits 2 "$tmp/nps.csv" >"$tmp/rounded"
    rt-nps --by channel "$tmp/nps.csv" >"$tmp/exact"
    rt-nps -m "$tmp/rounded" | cmp - "$tmp/exact"
}
ok 'rounding shards rounds nothing that is merged' merge_again
is 'options may be said again' "$(cat "$tmp/exact")" \
    "$(rt-nps -m --by channel --metric nps --ci wald --conf 0.95 "$tmp/exact")"
is 'merging merged rows' "$(cat "$tmp/exact")" "$(rt-nps -m "$tmp/exact" | rt-nps -m)"

# Rows of different options are refused, and the option is named.
shard "$tmp/five.csv" 2
part() {
    file=$1
    shift
    rt-nps "$@" "$tmp/shard.0" >"$tmp/$file"
}
part default --by channel
part conf --by channel --conf 99%
part score --by channel --ci score
part csat --by channel --metric csat
part ces --by channel --metric ces
part ces5 --by channel --metric ces --scale 1-5
part country --by country
part month --by channel --period month
part week --by channel --period week
part days --by channel --period 7d
part sunday --by channel --period week --week-start sunday
part compared --by channel --period month --compare
part histogram --by channel --histogram
part last --by channel --dedupe last
part apart --by channel --dedupe 30
part further --by channel --dedupe 31
part hidden --by channel --period week --min-n 30
# refuses OPTION FILE FILE
refuses() {
    fails "$1: $2 and $3" "^rt-nps: .*$1: " rt-nps -m "$tmp/$2" "$tmp/$3"
    fails "$1: $3 and $2" "^rt-nps: .*$1: " rt-nps -m "$tmp/$3" "$tmp/$2"
}
refuses --conf default conf
refuses --ci default score
refuses --metric default csat
refuses --metric csat ces
refuses --scale ces ces5
refuses --period default month
refuses --period month week
refuses --period days sunday
refuses --compare month compared
refuses --histogram default histogram
refuses --dedupe default last
refuses --dedupe last apart
refuses --dedupe apart further
fails '--by' '^rt-nps: .*country:1: .*header' rt-nps -m "$tmp/default" "$tmp/country"
fails 'hidden rows cannot be added up' '^rt-nps: .*hidden:[0-9]+: --min-n: ' rt-nps -m "$tmp/hidden"
# asked OPTION FILE ARG...: what is asked for is not what the rows were made with.
asked() {
    option=$1
    file=$2
    shift 2
    fails "$* of $file" "^rt-nps: $option: " rt-nps -m "$@" "$tmp/$file"
}
asked --conf conf --conf 95%
asked --by default --by country
asked --ci score --ci wald
asked --ci csat --ci wald
asked --metric csat --metric nps
asked --scale ces --scale 1-5
asked --scale default --scale 1-5
asked --period month --period quarter
asked --period default --period month
asked --period sunday --period week
asked --dedupe default --dedupe last
asked --dedupe apart --dedupe 29
asked --histogram default --histogram
asked --compare default --compare

# Rows that were tampered with.
tampered() {
    name=$1
    pattern=$2
    shift 2
    sed "$@" "$tmp/exact" >"$tmp/bad"
    fails "$name" "$pattern" rt-nps -m "$tmp/bad"
}
tampered 'a row left out' '^rt-nps: rows are missing: passives' '/^passives/d'
tampered 'a number that is no count' '^rt-nps: .*bad:4: num: ' 's/^\(promoters,.*\),[0-9]*,\([0-9]*\),1$/\1,x,\2,1/'
tampered 'counts that do not add up' '^rt-nps: the counts .*add up' 's/^\(promoters,.*\),[0-9]*,\([0-9]*\),1$/\1,1,\2,1/'
tampered 'a metric of another command' '^rt-nps: .*bad:4: metric: ' 's/^promoters/promotors/'
tampered 'another method' '^rt-nps: .*bad:4: method: ' 's/^promoters,wilson/promoters,wald/'
fails 'not metric rows' '^rt-nps: .*metric' rt-nps -m "$tmp/nps.csv"
finish
