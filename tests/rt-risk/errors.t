#!/bin/sh
# rt-risk: bad options, parameters and input, named before any output.
. "$(dirname "$0")/../lib.sh"
here=$tests/rt-risk
in=$here/sample.csv
# shellcheck disable=SC2317 # called by fails
risk() {
    rt-risk --params "$here/params.csv" "$@"
}
fails 'an unknown model' '^rt-risk: --model: not one of' rt-risk --model sbg "$in"
fails 'another model than the parameters' '^rt-risk: --params: .*--model' risk --model pnbd "$in"
fails 'no such file of parameters' 'absent.csv' rt-risk --params "$tmp/absent.csv" "$in"
for bands in 0 1 0.7,0.3 0.3,0.3 '0.3,' 30 0.1,0.2,0.3,0.4; do
    fails "--bands $bands" '^rt-risk: --bands: ' risk --bands "$bands" "$in"
done
fails 'no such file of bands' 'absent.csv' risk --bands "$tmp/absent.csv" "$in"
printf 'band,when\nold,recency > 3\n' >"$tmp/bands.csv"
fails 'a rule with an unknown column' 'bands.csv:2: .*recency' risk --bands "$tmp/bands.csv" "$in"
printf 'name,when\nold,x > 3\n' >"$tmp/names.csv"
fails 'rules without names' "names.csv:1: no column 'band'" risk --bands "$tmp/names.csv" "$in"
sed 's/^model,/model,country,/; s/^\([a-z]*\),/\1,de,/' "$here/params.csv" |
    sed '1s/.*/model,country,param,value,se/' >"$tmp/by.csv"
fails 'no column of the groups' "sample.csv:1: no column 'country'" rt-risk --params "$tmp/by.csv" "$in"
# row NAME PATTERN CELLS: a row that is refused.
row() {
    printf 'x,t_x,T\n1,7,70\n%s\n' "$3" >"$tmp/in.csv"
    fails "$1" "in.csv:3: $2" risk "$tmp/in.csv"
}
row 'x that is no count' 'x: not a whole number' 1.5,7,70
row 't_x after T' 't_x: after T' 2,71,70
row 'T that is none' 'T: not a number of days' 2,7,-1
risk "$in" >"$tmp/twice.csv"
fails 'a column that is there already' 'has a column p_alive already; --map old_' \
    risk "$tmp/twice.csv"
printf 'x,t_x,T\n0,0,70\n0,0,30\n' >"$tmp/none.csv"
fails 'nobody bought again: said in words' '^rt-risk: MBG/NBD cannot be fitted to these rows: ' \
    rt-risk "$tmp/none.csv"
finish
