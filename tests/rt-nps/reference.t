#!/bin/sh
# rt-nps against numbers of others: the cases nps_small and nps_proportions of expected.csv, and the
# survey files of the torture corpus.
. "$(dirname "$0")/../lib.sh"

if [ ! -f "$shared/data/expected.csv" ]; then
    skip 'nps_small, nps_proportions' 'no ../shared'
    finish
fi

# measured TABLE [SURVEY]: the score, the variance of an answer and the standard error, from the
# rows of the score and of its parts.
measured() {
    awk -F, -v survey="${2-}" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        survey != "" && $at["survey"] != survey { next }
        { value[$1] = $at["value"]; n = $at["den"] }
        END {
            p = value["promoters"]; d = value["detractors"]
            variance = p + d - (p - d) ^ 2
            printf "NPS %.12g\nvar %.12g\nse %.12g\n", value["nps"], variance, sqrt(variance / n)
        }' "$1"
}

# check NAME QUANTITY EXPECTED TOLERANCE: against $tmp/measured. The number expected is itself
# rounded to the places that are written, where it has any.
check() {
    ok "$1" awk -v quantity="$2" -v expected="$3" -v tolerance="$4" '
        BEGIN { places = index(expected, ".") ? length(expected) - index(expected, ".") : 99 }
        $1 == quantity { found = 1; off = $2 - expected; if (off < 0) off = -off
                         off -= 10 ^ -places / 2 }
        END { exit !(found && off <= tolerance) }' "$tmp/measured"
}

cp "$shared/data/expected.csv" "$tmp/expected.csv"
"$tests/all/csv" fields <"$tmp/expected.csv" | tr '\t' '|' | grep '^nps_' >"$tmp/cases"
while IFS='|' read -r case input words quantity expected tolerance _ <&3; do
    if [ "$case" = nps_small ]; then
        survey=$(printf '%s\n' "$words" | sed -n 's/.*survey \([a-z]\).*/\1/p')
        rt-nps --by survey "$shared/data/$input" >"$tmp/rows"
        measured "$tmp/rows" "$survey" >"$tmp/measured"
        check "$case: $quantity of survey $survey" "$quantity" "$expected" "$tolerance"
    else
        # promoters=1/2;passives=1/3;detractors=1/6 as 60 answers.
        printf '%s\n' "$input" | tr ';' '\n' | awk -F '[=/]' '
            BEGIN { print "score"; score["promoters"] = 9; score["passives"] = 8; score["detractors"] = 6 }
            { for (i = 0; i < 60 * $2 / $3; i++) print score[$1] }' >"$tmp/answers"
        is "$case: 60 answers" 61 "$(wc -l <"$tmp/answers")"
        rt-nps "$tmp/answers" >"$tmp/rows"
        measured "$tmp/rows" >"$tmp/measured"
        check "$case: $quantity" "$quantity" "$expected" "$tolerance"
    fi
done 3<"$tmp/cases"
is 'all cases were there' 24 "$(wc -l <"$tmp/cases")"

# The torture corpus: by name, on stdin, with every scanner, with one thread and two.
corpus=$shared/torture
if [ ! -f "$corpus/manifest.csv" ]; then
    skip 'the survey files of the torture corpus' 'no corpus'
    finish
fi
# ways PATH: what comes out in every way, once each.
ways() {
    for setting in '--scanner auto' '--scanner portable' '--scanner off' '--threads 1' '--block 1'; do
        # shellcheck disable=SC2086 # an option and its value
        rt-nps --histogram $setting --by date "$1" 2>&1
        echo "exit $?"
        # shellcheck disable=SC2086
        rt-nps --histogram $setting --by date <"$1" 2>&1 | sed "s|rt-nps: stdin:|rt-nps: $1:|"
        echo "exit $?"
    done >"$tmp/ways"
    sort "$tmp/ways" | uniq -c | awk '{ print $1 }' | sort -u
}
"$tests/all/csv" fields <"$corpus/manifest.csv" | tr '\t' '|' | grep '|survey|' >"$tmp/files"
while IFS='|' read -r file _ _ basis expected rows sum _ line _ <&3; do
    path=$corpus/$file
    if [ "$expected" = ok ]; then
        rt-nps --histogram "$path" >"$tmp/rows"
        is "$file: answers and the sum of their scores" "$rows $sum" "$(awk -F, '
            /^nps,/ { n = $8 } /^score:/ { sub("score:", "", $1); sum += $1 * $7 } END { print n, sum }' \
            "$tmp/rows")"
        is "$file: the same in every way" 10 "$(ways "$path")"
    elif [ "$basis" = H10 ]; then
        fails "$file" "^rt-nps: $path:$line: score: not a whole number from 0 to 10\$" rt-nps "$path"
        ways "$path" >/dev/null
        is "$file: the same in every way" 10 "$(grep -c "^rt-nps: $path:$line: score: " "$tmp/ways")"
    else # the date is bad, and read where it is needed
        fails "$file" "^rt-nps: $path:$line: date: " rt-nps --period month "$path"
    fi
done 3<"$tmp/files"
is 'all files were there' 7 "$(wc -l <"$tmp/files")"
finish
