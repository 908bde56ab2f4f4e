#!/bin/sh
# rt-plot: which form, what is in the picture, that it is XML, and that nothing overlaps.

. "$(dirname "$0")/../lib.sh"

here=$(cd "$(dirname "$0")" && pwd)

# rows METRIC METHOD GROUPS PERIODS: metric rows by group and period.
rows() {
    echo metric,method,channel,period,value,lo,hi,num,den,complete
    awk -v metric="$1" -v method="$2" -v groups="$3" -v periods="$4" 'BEGIN {
        for (g = 1; g <= groups; g++)
            for (p = 0; p < periods; p++) {
                v = 0.2 + 0.1 * sin(g + p / 5)
                printf "%s,%s,Group %d,%d-%02d,%.4f,%.4f,%.4f,%d,400,%d\n", metric, method, g,
                    2000 + int(p / 12), p % 12 + 1, v, v - 0.02, v + 0.03, v * 400, p < periods - 1
            }
    }'
}

rows churn_rate 'set; wilson 95%' 1 3 >"$tmp/three.csv"
rows churn_rate 'set; wilson 95%' 3 300 >"$tmp/many.csv"
rt-plot "$tmp/three.csv" >"$tmp/three.svg"
rt-plot "$tmp/many.csv" >"$tmp/many.svg"
like 'periods make a line' "class='s0 line'" "$(cat "$tmp/three.svg")"
like 'with its interval as a band' "class='s0 band'" "$(cat "$tmp/three.svg")"
like 'the legend says of what confidence' '>95% interval<' "$(cat "$tmp/three.svg")"
like 'the title is what people call it' '>Churn rate</text>' "$(cat "$tmp/three.svg")"
like 'below stands the method' '>set; wilson 95%</text>' "$(cat "$tmp/three.svg")"
like 'an axis says what it counts' '>month</text>' "$(cat "$tmp/three.svg")"
like 'the other has its unit' '>percent</text>' "$(cat "$tmp/three.svg")"
like 'values are tooltips' \
    '<title>Group 1 · 2000-01: [0-9.]*% \([0-9.]*% to [0-9.]*%\) · [0-9]* of 400</title>' \
    "$(cat "$tmp/three.svg")"
is 'what is not complete is hollow' 2 "$(grep -c "class='s0 hollow'" "$tmp/three.svg")"
is 'and the line to it dashed' 1 "$(grep -c stroke-dasharray "$tmp/three.svg")"
is 'each of 900 points has a tooltip' 900 "$(grep -c '<g><title>' "$tmp/many.svg")"
is 'series have names, markers and colours of their own' 3 \
    "$(grep -c '>Group [123]</text>' "$tmp/many.svg")"
rows churn_rate 'set; wilson 95%' 12 4 >"$tmp/twelve.csv"
like 'no more lines than can be told apart, and it says so' '8 of 12 series are drawn' \
    "$(rt-plot "$tmp/twelve.csv")"

like 'ages make a heat map' "class='h8'" "$(rt-plot "$here/sample-heat.csv")"
like 'one period makes bars, with error bars' "class='whisker'" \
    "$(rows nps 'adjusted wald 95%' 4 1 | rt-plot)"
like '--form steps goes across, then down' "d='M[0-9.]* ([0-9.]*)L[0-9.]* \\1L" \
    "$(rt-plot --form steps "$here/sample-heat.csv")"
like '--metric' '>Customers</text>' "$(rt-plot --metric customers "$here/sample-heat.csv")"
like '--title' '>A &amp; B</text>' "$(rt-plot --title 'A & B' "$here/sample-heat.csv")"
like 'metrics for merging are not drawn' '>Repeat rate<' "$(
    printf 'metric,method,period,value,lo,hi,num,den,complete\nsquares:a,x,2024,1,,,,,1\nrepeat_rate,x,2024,0.5,,,,,1\n' |
        rt-plot
)"
like 'no rows, no trouble' 'no rows to draw' "$(head -n 1 "$here/sample.csv" | rt-plot)"
fails 'an unknown metric' 'no such metric' rt-plot --metric x "$here/sample.csv"
fails 'two rows for one point' 'two rows' rt-plot --metric nps "$here/sample.csv" \
    "$here/sample.csv"
fails 'no metric rows' "no column 'metric'" rt-plot "$tests/rt-nps/sample.csv"

# What people may have called a group.
cat >"$tmp/evil.csv" <<'END'
metric,method,channel,period,value,lo,hi,num,den,complete
nps,a & b,<script>alert(1)</script>,,5,,,,,1
nps,a & b,"'>""]]>&amp;",,6,,,,,1
nps,a & b,名前名前名前名前名前名前名前名前名前名前名前名前名前,,7,,,,,1
END
printf 'nps,a & b,\033[2J\302\233,,8,,,,,1\n' >>"$tmp/evil.csv"
rt-plot "$tmp/evil.csv" >"$tmp/evil.svg"
rt-plot "$here/sample-heat.csv" >"$tmp/heat.svg"
rt-plot --form steps "$here/sample-heat.csv" >"$tmp/steps.svg"
head -n 1 "$here/sample.csv" | rt-plot >"$tmp/empty.svg"
not_ok 'markup in a name is text' grep -q '<script' "$tmp/evil.svg"
is 'nothing is loaded' '' "$(cat "$tmp"/*.svg | grep -E 'href|url\(|@import|<style|<script' || true)"

# Reads a picture as XML and prints the pairs of texts that overlap, and what lies outside.
cat >"$tmp/look.py" <<'END'
import sys
import unicodedata
import xml.etree.ElementTree as tree

svg = "{http://www.w3.org/2000/svg}"
root = tree.parse(sys.argv[1]).getroot()
wide, high = [float(part) for part in root.get("viewBox").split()[2:]]


def width(text):
    columns = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return columns * 0.6


boxes = []
for text in root.iter(svg + "text"):
    size, x, y = (float(text.get(name)) for name in ("font-size", "x", "y"))
    length = width(text.text) * size
    x -= {"middle": length / 2, "end": length}.get(text.get("text-anchor"), 0)
    boxes.append((x, y - size * 0.75, x + length, y + size * 0.05, text.text))
for i, a in enumerate(boxes):
    if a[0] < 0 or a[1] < 0 or a[2] > wide or a[3] > high:
        print("outside:", a)
    for b in boxes[:i]:
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]:
            print("overlap:", a, b)
END
sed "s/,2000-/,$(printf '%0400d' 1)2000-/" "$tmp/three.csv" | rt-plot >"$tmp/labels.svg"
sed 's/,0\./,123456789012345678901234567890123456789012345678901234567890./' "$tmp/three.csv" |
    rt-plot --form bars >"$tmp/numbers.svg"
if command -v python3 >/dev/null; then
    rows nps 'adjusted wald 95%' 300 1 | rt-plot >"$tmp/bars300.svg"
    rows nps 'adjusted wald 95%' 3 3 | rt-plot --form bars >"$tmp/bars3.svg"
    rows revenue 'exact sum' 8 300 | rt-plot --width 320 >"$tmp/narrow.svg"
    sed 's/Group/Another long name of a group/; s/,0\./,1234567./g' "$tmp/twelve.csv" |
        rt-plot >"$tmp/long.svg"
    for picture in "$tmp"/*.svg; do
        is "${picture##*/}: XML, and no text touches another or the rim" '' \
            "$(python3 "$tmp/look.py" "$picture" 2>&1 | head -n 5)"
    done
else
    skip 'pictures are XML' 'no python3'
fi

# On the terminal.
term=$(rt-plot --term --width 60 "$tmp/three.csv")
like '--term: title' '^Churn rate$' "$term"
like '--term: braille' '[⠁-⣿]' "$(LC_ALL=C.UTF-8 printf '%s' "$term" | tr -d 'a-z')"
like '--term: the interval as a shade' '░' "$term"
like '--term: labels' '2000-01.*2000-02.*2000-03' "$term"
is '--term: no line is wider' '' "$(rt-plot --term --width 60 "$tmp/many.csv" |
    perl -CS -ne 'chomp; print "$_\n" if length > 60')"
like '--term: letters tell series apart' '^A Group 1$' "$(rt-plot --term "$tmp/many.csv")"
is '--term: bars with intervals and values' \
    'a ██████████████████████├─────┼─────┤ 5.0 (4.0 to 6.0)
b ███████████████████████▎            4.0' "$(
    printf 'metric,method,g,value,lo,hi\nnps,x,a,5,4,6\nnps,x,b,4,,\n' |
        rt-plot --term --width 56 | tail -n 2
)"
like '--term: shades' '██.*▒▒|▒▒.*██' "$(rt-plot --term "$here/sample-heat.csv" | tr '\n' ' ')"
is '--term: names are harmless' '' "$(rt-plot --term "$tmp/evil.csv" | LC_ALL=C tr -d '\n' |
    LC_ALL=C tr -cd '\000-\037\177')"
like '--color always' "$(printf '\033')" "$(rt-plot --term --color always "$tmp/three.csv")"
finish
