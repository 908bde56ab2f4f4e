#!/bin/sh
# What rt-nps refuses, and how it says so.
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/answers.csv" <<'END'
customer_id,date,score
A,2024-01-01,10
B,2024-01-02,
C,2024-01-03,5
END
cd "$tmp" || exit 99
{
    cat answers.csv
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do echo D,2024-01-04,7; done
    echo E,2024-01-05,11
} >bad.csv
fails 'a bad score, word for word' \
    '^rt-nps: bad[.]csv:17: score: not a whole number from 0 to 10$' rt-nps bad.csv
for score in 9.0 +9 -0 9.5 1e1 011 ' 9' 9a 4294967305; do
    printf 'score\n%s\n' "$score" >one.csv
    fails "$score is no score" '^rt-nps: one[.]csv:2: score: not a whole number' rt-nps one.csv
done
fails 'with one thread' '^rt-nps: bad[.]csv:17: score: ' rt-nps --threads 1 bad.csv
fails 'no column score' '^rt-nps: .*score' rt-nps --map customer_id=date,x=score answers.csv
fails 'an unknown --by column' '^rt-nps: .*country' rt-nps --by country answers.csv
fails '--period without dates' '^rt-nps: .*date' rt-nps --period month --map day=date answers.csv
fails '--dedupe without customers' '^rt-nps: .*customer_id' \
    rt-nps --dedupe last --map id=customer_id answers.csv
echo 'A,2024-02-30,3' >>answers.csv
fails 'a bad date' '^rt-nps: answers[.]csv:5: date: ' rt-nps --period month answers.csv
fails 'a bad date with --dedupe' '^rt-nps: answers[.]csv:5: date: ' rt-nps --dedupe 30 answers.csv
is 'a date that is not needed is not read' 3 \
    "$(rt-nps answers.csv | awk -F, '/^nps/ { print $8 }')"
printf 'customer_id,date,score\n,2024-01-01,5\n' >nobody.csv
fails 'an empty customer with --dedupe' '^rt-nps: nobody[.]csv:2: customer_id: ' \
    rt-nps --dedupe last nobody.csv
is 'without it, nobody is asked' 1 "$(rt-nps nobody.csv | awk -F, '/^nps/ { print $8 }')"

fails '--metric' '^rt-nps: --metric: ' rt-nps --metric net bad.csv
fails '--ci' '^rt-nps: --ci: ' rt-nps --ci exact bad.csv
fails '--ci of another metric' '^rt-nps: --ci: ' rt-nps --metric csat --ci score bad.csv
fails '--scale' '^rt-nps: --scale: ' rt-nps --metric ces --scale 0-9 bad.csv
fails '--scale of another metric' '^rt-nps: --scale: ' rt-nps --scale 1-5 bad.csv
fails '--period' '^rt-nps: --period: ' rt-nps --period fortnight bad.csv
fails '--compare without --period' '^rt-nps: --compare: ' rt-nps --compare bad.csv
fails '--dedupe' '^rt-nps: --dedupe: ' rt-nps --dedupe first bad.csv
fails '--conf' '^rt-nps: --conf: ' rt-nps --conf 100% bad.csv
fails '--by of a column of metric rows' '^rt-nps: --by: value ' rt-nps --by value bad.csv
fails '--min-n' '^rt-nps: .*min-n' rt-nps --min-n -1 bad.csv

# The first fault of the input is told, also where the thread that reads ahead has met a later one.
{
    cat bad.csv
    i=0
    while [ $i -lt 200 ]; do
        echo F,2024-01-05,1
        i=$((i + 1))
    done
    echo 'G,2024"01-05,1'
} >both.csv
for block in 1 64 1000 262144; do
    fails "the first of two faults, blocks of $block" '^rt-nps: both[.]csv:17: score: ' \
        rt-nps --block $block --threads 2 both.csv
done
sed 17d both.csv >second.csv
fails 'the second alone' '^rt-nps: second[.]csv:217: ' rt-nps second.csv
finish
