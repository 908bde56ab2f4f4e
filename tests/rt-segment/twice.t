#!/bin/sh
# Regular files are read twice, and rows from elsewhere kept: nothing shows it.
. "$(dirname "$0")/../lib.sh"

rt-sim --customers 900 --seed 31 --quoted 40 --refunds 5 | rt-profile >"$tmp/profile.csv"
# Cells that must be quoted, a customer who never bought, and one without an amount.
awk -F, -v OFS=, 'NR == 1 { print $0, "note"; next } { print $0, NR % 3 ? "plain" : "\"a, \"\"b\"\"\n" NR "\"" }
    END { print "nobody,,,0,0,,,,,,,,"; print "free,2024-01-01,2024-01-01,1,,,3,3,0,0,3,," }' \
    "$tmp/profile.csv" >"$tmp/in.csv"
head -n 300 "$tmp/profile.csv" | rt-segment >"$tmp/old.csv"
printf '%s\n' segment,when 'often,orders > 9' 'best,r = 5 AND f > 3' >"$tmp/rules.csv"

# same NAME OPTION...: the file by its name, on stdin, through a pipe, in two files.
same() {
    name=$1
    shift
    rt-segment -v "$@" "$tmp/in.csv" >"$tmp/expected" 2>"$tmp/notes"
    is "$name: all rows are there" "$(grep -c '^C' "$tmp/in.csv")" "$(grep -c '^C' "$tmp/expected")"
    rt-segment -v "$@" <"$tmp/in.csv" >"$tmp/got" 2>"$tmp/err"
    ok "$name, stdin" cmp "$tmp/expected" "$tmp/got"
    is "$name, stdin: the counts" "$(cat "$tmp/notes")" "$(cat "$tmp/err")"
    # shellcheck disable=SC2002 # it is to be a pipe
    cat "$tmp/in.csv" | rt-segment -v "$@" >"$tmp/got" 2>"$tmp/err"
    ok "$name, a pipe" cmp "$tmp/expected" "$tmp/got"
    is "$name, a pipe: the counts" "$(cat "$tmp/notes")" "$(cat "$tmp/err")"
    { head -n 1 "$tmp/in.csv" && sed -n '$p' "$tmp/in.csv"; } >"$tmp/last.csv"
    sed '$d' "$tmp/in.csv" >"$tmp/first.csv"
    rt-segment -v "$@" "$tmp/first.csv" "$tmp/last.csv" >"$tmp/got" 2>"$tmp/err"
    ok "$name, two files" cmp "$tmp/expected" "$tmp/got"
}
same 'usual'
same 'rules' --rules "$tmp/rules.csv"
same 'rules over a preset' --preset ten --rules "$tmp/rules.csv"
same 'movement' --from "$tmp/old.csv"
same "R's cuts" --method rfm-r --bins 4

rt-segment --save-cuts "$tmp/cuts.csv" "$tmp/in.csv" >"$tmp/expected"
# shellcheck disable=SC2002
cat "$tmp/in.csv" | rt-segment --save-cuts "$tmp/piped.csv" >"$tmp/got"
ok 'saved cuts' cmp "$tmp/cuts.csv" "$tmp/piped.csv"
ok 'and the rows beside them' cmp "$tmp/expected" "$tmp/got"
ok 'which the cuts give again' cmp "$tmp/expected" - <<END
$(rt-segment --cuts "$tmp/cuts.csv" "$tmp/in.csv")
END
cp "$tmp/in.csv" "$tmp/over.csv"
rt-segment -o "$tmp/over.csv" "$tmp/over.csv"
ok 'a file may be written over itself' cmp "$tmp/expected" "$tmp/over.csv"
fails 'a bad row at the end: nothing is written' '^rt-segment: .*bad.csv:[0-9]*: orders: ' \
    sh -c "{ cat '$tmp/in.csv' && echo x,,,many,0,,1,1,0,0,1,,; } >'$tmp/bad.csv'; rt-segment '$tmp/bad.csv'"

# Between the two readings the file must stay as it is. What has left the pipe is of the second one.
rt-sim --customers 20000 --seed 32 | rt-profile >"$tmp/many.csv"
for change in "tail -n 1 '$tmp/many.csv' >>" "head -n 9 '$tmp/many.csv' >"; do
    cp "$tmp/many.csv" "$tmp/changing.csv"
    { rt-segment "$tmp/changing.csv" 2>"$tmp/err"; echo $? >"$tmp/status"; } |
        { head -c 1 && eval "$change '$tmp/changing.csv'" && cat; } >"$tmp/got"
    is "a file that changes, ${change%% *}" 2 "$(cat "$tmp/status")"
    ok "${change%% *}: the message" grep -q 'the input has changed between' "$tmp/err"
    ok "${change%% *}: nothing that looks finished" grep -q '^"!retain' "$tmp/got"
done
finish
