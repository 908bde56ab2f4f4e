#!/bin/sh
# rt-show: alignment, rounding, wide characters, what is harmless, Markdown, cuts, terminals.

. "$(dirname "$0")/../lib.sh"

# shows NAME EXPECTED CSV [ARG...]: the whole output.
shows() {
    name=$1
    expected=$2
    csv=$3
    shift 3
    # shellcheck disable=SC2059 # the table has escapes
    is "$name" "$expected" "$(printf "$csv" | rt-show "$@")"
}

shows 'numbers stand at the right, points in one line' \
    'name       n
a      12.5
bb     -3.25
c     100' 'name,n\na,12.5\nbb,-3.25\nc,100\n'
shows 'a column with one text stands at the left' \
    'n
1
x' 'n\n1\nx\n'
shows 'an empty cell is blank' \
    'a  b
1  2
   3' 'a,b\n1,2\n,3\n'
is 'rounding' '2.68 -2.68 1.00 0.00 12345678901234567890123456789.35 007.5 10 1.10' \
    "$(printf 'n\n2.675\n-2.675\n0.9999\n-0.0000001\n12345678901234567890123456789.345\n007.5\n10\n1.10\n' |
        rt-show --digits 2 | sed 1d | awk '{ printf "%s%s", (NR > 1 ? " " : ""), $1 }')"
is '--digits 0' '3 -3 10' "$(printf 'n\n2.5\n-2.5\n9.9\n' | rt-show --digits 0 | sed 1d |
    awk '{ printf "%s%s", (NR > 1 ? " " : ""), $1 }')"
is '--digits -1 rounds nothing' '1.23456789012345678901' \
    "$(printf 'n\n1.23456789012345678901\n' | rt-show --digits -1 | tail -n 1)"

shows 'Chinese characters are two columns wide' \
    '名前  n
田中  1
Ann   2
ｶﾅ    3' '名前,n\n田中,1\nAnn,2\nｶﾅ,3\n'
shows 'combining marks are none' \
    "name  n
Zoe$(printf '\314\210')   1
Zo$(printf '\303\253')   2" "name,n\nZoe\314\210,1\nZo\303\253,2\n"
shows 'an emoji of several parts is two columns wide, a flag too' \
    'who  n
👩‍👩‍👧   1
🇩🇪   2
❤️   3
x    4' 'who,n\n👩‍👩‍👧,1\n🇩🇪,2\n❤️,3\nx,4\n'
shows 'Korean, whole and in letters' \
    "w   n
$(printf '\355\225\234')  1
$(printf '\341\204\222\341\205\241\341\206\253')  2" "w,n\n\355\225\234,1\n\341\204\222\341\205\241\341\206\253,2\n"

escapes=$(printf 'name,n\n\033[2J\033]0;owned\007,1\n"a\nb\tc",2\nx\177y,3\n\302\233K,4\n\342\200\256evil,5\n' |
    rt-show)
is 'escape sequences and control characters are pictures' \
    'name            n
␛[2J␛]0;owned␇  1
a␊b␉c           2
x␡y             3
�K              4
�evil           5' "$escapes"
is 'nothing but line ends is below space' '' \
    "$(printf '%s' "$escapes" | LC_ALL=C tr -d '\n' | LC_ALL=C tr -cd '\000-\037\177')"
is 'a header is harmless too' '␛[1m' "$(printf '\033[1m\nx\n' | rt-show | head -n 1)"

shows 'Markdown, and what would be markup in it' \
    '| customer_id | \*n\* |
|---|---:|
| a\|b | 1 |
| \<script\> | 2 |
| \_x\_ | 3 |' 'customer_id,*n*\na|b,1\n<script>,2\n_x_,3\n' --markdown

shows '--columns, in their order' 'c  a
3  1' 'a,b,c\n1,2,3\n' --columns c,a
shows '--rows tells what is missing' 'a
1
(2 more of 3 rows)' 'a\n1\n2\n3\n' --rows 1
shows '--width cuts text, then leaves out columns, never numbers' \
    'name              number
abcdefghijklmno…  123456
(1 more column: more)' \
    'name,number,more\nabcdefghijklmnopqrstuvw,123456,789012\n' --width 24
shows '--width cuts between wide characters' \
    'x
田田田田田田田…' 'x\n田田田田田田田田田\n' --width 16
shows 'a column that is too wide alone stays' 'abcdef
123456' 'abcdef\n123456\n' --width 2
is 'long tables are whole in a pipe' 2001 "$({ echo n && seq 2000; } | rt-show | wc -l)"
is '-o is no terminal' 2001 "$({ echo n && seq 2000; } | rt-show -o "$tmp/out" && wc -l <"$tmp/out")"

printf 'metric,method,period,value,lo,hi,num,den,complete\nnew,m,2024,5,,,,,1\n' >"$tmp/metrics.csv"
is 'empty columns of metric rows are named, not shown' \
    'metric  method  period  value  complete
new     m         2024      5         1
(empty columns: lo hi num den)' "$(rt-show "$tmp/metrics.csv")"
is '--empty shows them' 'metric method period value lo hi num den complete' \
    "$(rt-show --empty "$tmp/metrics.csv" | head -n 1 | tr -s ' ')"

# on_terminal COLUMNS LINES COMMAND: what it writes to a terminal of that size.
on_terminal() {
    script -qec "stty cols $1 rows $2; $3" /dev/null </dev/null | tr -d '\r'
}
if command -v script >/dev/null && [ "$(on_terminal 80 24 'echo x')" = x ]; then
    { echo n && seq 2000; } >"$tmp/long.csv"
    is 'a long table is cut on a terminal' '(1976 more of 2000 rows)' \
        "$(NO_COLOR=1 on_terminal 80 28 "rt-show $tmp/long.csv" | tail -n 1)"
    like 'a wide table is cut on a terminal' '^\(6 more columns: p' "$(
        echo abcdefghij,klmnopqrst,p1,p2,p3,p4,p5,p6 >"$tmp/wide.csv"
        NO_COLOR=1 on_terminal 25 24 "rt-show $tmp/wide.csv" | tail -n 1
    )"
    like 'colours on a terminal' "$(printf '\033')" "$(on_terminal 80 24 "rt-show $tmp/long.csv")"
    not_ok 'no colours where NO_COLOR is set' grep -q "$(printf '\033')" - <<END
$(NO_COLOR=1 on_terminal 80 24 "rt-show $tmp/long.csv")
END
    like 'colours where they are asked for' "$(printf '\033')" \
        "$(NO_COLOR=1 on_terminal 80 24 "rt-show --color always $tmp/long.csv")"
else
    skip 'terminals' 'no script(1)'
fi
not_ok 'no colours in a pipe' grep -q "$(printf '\033')" - <<END
$(rt-show "$tmp/metrics.csv")
END

fails 'an unknown column' "no column 'x'" rt-show --columns x "$tmp/metrics.csv"
fails '--pivot takes no --columns' 'pivot' rt-show --pivot period --columns value "$tmp/metrics.csv"
fails '--pivot and --value are two columns' 'pivot' rt-show --pivot value "$tmp/metrics.csv"
finish
